//! Recursions over diagrams, without the call stack: a diagram is as deep as it has events, and a model may have many.

use crate::conditioning::Exceeded;
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// How a question begins.
pub(crate) enum Begun<K> {
    /// Its answer.
    Known(u32),
    /// The questions whose answers make its own: below, without the event, and with it.
    Of(K, K),
}

/// A question that is answered by the answers to two smaller ones.
pub(crate) trait Recursion {
    /// What is asked.
    type Key: Copy + Eq + Hash;

    /// The answer, or the two questions.
    fn begin(&mut self, key: Self::Key) -> Result<Begun<Self::Key>, Exceeded>;

    /// The answer from the two answers.
    fn end(&mut self, key: Self::Key, low: u32, high: u32) -> Result<u32, Exceeded>;

    /// Answers that are kept.
    fn memo(&mut self) -> &mut FxHashMap<Self::Key, u32>;
}

enum Step<K> {
    Ask(K),
    End(K),
}

/// Answers a question.
pub(crate) fn evaluate<R: Recursion>(recursion: &mut R, key: R::Key) -> Result<u32, Exceeded> {
    let mut open = vec![Step::Ask(key)];
    let mut answers: Vec<u32> = Vec::new();
    while let Some(step) = open.pop() {
        match step {
            Step::Ask(key) => {
                if let Some(known) = recursion.memo().get(&key) {
                    answers.push(*known);
                    continue;
                }
                match recursion.begin(key)? {
                    Begun::Known(answer) => answers.push(answer),
                    Begun::Of(low, high) => open.extend([Step::End(key), Step::Ask(high), Step::Ask(low)]),
                }
            }
            Step::End(key) => {
                let (Some(high), Some(low)) = (answers.pop(), answers.pop()) else { return Err(Exceeded) };
                let answer = recursion.end(key, low, high)?;
                recursion.memo().insert(key, answer);
                answers.push(answer);
            }
        }
    }
    answers.pop().ok_or(Exceeded)
}

//! Random changes of the documents in `tests/differential/cases`, for a bounded time: no panic, no endless loop, places
//! within the text.
//!
//! `K8S_HA_FUZZ_SECONDS` says for how long (default 5), `K8S_HA_FUZZ_SEED` where to begin (default 1).
#![expect(clippy::expect_used, reason = "helpers of tests")]

mod common;

use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};

#[test]
fn changed_documents_are_read_or_refused() {
    let seconds = number("K8S_HA_FUZZ_SECONDS", 5);
    let mut random = Random::new(number("K8S_HA_FUZZ_SEED", 1));
    let corpus = corpus();
    assert!(corpus.len() > 300, "only {} documents", corpus.len());
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut read, mut refused) = (0_u64, 0_u64);
    while Instant::now() < end {
        let text = changed(&corpus, &mut random);
        match common::check(&text) {
            Ok(_) => read += 1,
            Err(_) => refused += 1,
        }
    }
    assert!(
        seconds == 0 || (read > 0 && refused > 0),
        "{read} read and {refused} refused: the changes are too tame or too wild"
    );
}

fn number(name: &str, default: u64) -> u64 {
    env::var(name).ok().map_or(default, |text| text.parse().expect("a number"))
}

/// The hand-written documents. Escapes in them are left as they are: it is random text anyway.
fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/differential/cases");
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let texts = paths.iter().map(|path| fs::read_to_string(path).expect("a text"));
    texts.flat_map(|text| text.split("\n=== ").map(|case| case.as_bytes().to_vec()).collect::<Vec<_>>()).collect()
}

fn changed(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut text = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(6) {
        let place = random.below(text.len() + 1);
        match random.below(5) {
            0 => text.insert(place, random.byte()),
            1 => text.insert(place, *random.one_of(b" \t\n:-[]{}#&*!|>'\"%@`,?~=<0123456789")),
            2 => {
                let end = (place + random.below(5)).min(text.len());
                text.drain(place..end);
            }
            3 => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len() + 1);
                let to = (from + random.below(60)).min(other.len());
                text.splice(place..place, other[from..to].iter().copied());
            }
            _ => {
                let piece = text[place..].iter().take(random.below(20)).copied().collect::<Vec<_>>();
                let repeated = piece.repeat(random.below(40));
                text.splice(place..place, repeated);
            }
        }
    }
    text
}

/// A small generator of random numbers (xorshift), so that a seed gives the same texts on every machine.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).expect("it is below a usize")
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }

    fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

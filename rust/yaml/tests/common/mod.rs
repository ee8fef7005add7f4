//! What holds for every text, whatever is in it.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::HashSet;
use std::time::{Duration, Instant};

use tree::{NodeId, Position, SourceId, Tree, Value};
use yaml::{Document, Error, Limits, parse};

/// The slowest text of all tests takes 0.2 s when the reader is optimised, and 4 s when it is not.
const SLOWEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 10 });

/// Reads a text and checks what holds for every text. Gives the answer for further checks.
pub fn check(text: &[u8]) -> Result<Document, Error> {
    let begin = Instant::now();
    let answer = parse(text, SourceId(7), &Limits::default());
    assert!(begin.elapsed() < SLOWEST, "{:?} for {} bytes", begin.elapsed(), text.len());
    match &answer {
        Ok(document) => check_document(text, document),
        Err(error) => check_error(text, error),
    }
    answer
}

fn check_document(text: &[u8], document: &Document) {
    let lines = Lines::of(text);
    // No character makes more than three nodes: `:` in a flow list is a mapping with an empty key and an empty value.
    assert!(document.tree.len() <= 3 * text.len() + 3, "{} nodes", document.tree.len());
    for id in reachable(&document.tree, document.root) {
        let span = document.tree.node(id).span.expect("every node has a place");
        assert_eq!(span.source, SourceId(7));
        lines.assert_holds(span.start);
        lines.assert_holds(span.end);
        assert!(span.start <= span.end, "{span:?}");
        assert_has_root(&document.tree, id, document.root);
    }
    for surprise in &document.surprises {
        assert!(document.tree.node(surprise.node).written.is_some(), "nothing was written that could surprise");
    }
}

fn check_error(text: &[u8], error: &Error) {
    assert!(!error.message.is_empty());
    assert!(!error.message.ends_with('.'));
    let lines = Lines::of(text);
    for position in error.position.iter().chain(error.context.iter().map(|(_, position)| position)) {
        lines.assert_holds(*position);
    }
}

fn reachable(tree: &Tree, root: NodeId) -> HashSet<NodeId> {
    let mut seen = HashSet::new();
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match tree.value(id) {
            Value::List(items) => open.extend(items),
            Value::Map(entries) => open.extend(entries.iter().flat_map(|(key, value)| [key, value])),
            _ => {}
        }
    }
    seen
}

/// Whoever follows the parents arrives at the root, and never goes in a circle.
fn assert_has_root(tree: &Tree, id: NodeId, root: NodeId) {
    let mut current = id;
    for _ in 0..=tree.len() {
        let Some(parent) = tree.node(current).parent else {
            assert_eq!(current, root, "the parents of a node do not lead to the root");
            return;
        };
        current = parent;
    }
    panic!("the parents of a node go in a circle");
}

/// How many characters each line has, lines counted as libyaml counts them.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let mut lines = vec![0];
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\r' if characters.peek() == Some(&'\n') => {}
                '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => lines.push(0),
                _ => *lines.last_mut().expect("there is a line") += 1,
            }
        }
        Self(lines)
    }

    fn assert_holds(&self, position: Position) {
        let Some(length) = self.0.get(position.line as usize - 1) else {
            // A block of text that ends with the document ends on the line behind it.
            assert!(position.line as usize == self.0.len() + 1 && position.column == 1, "{position:?} of {:?}", self.0);
            return;
        };
        assert!(position.column as usize <= length + 1, "{position:?} in a line of {length} characters");
    }
}

//! Turns a node into a type, and collects all problems.
//!
//! serde stops at the first error. So a bad value is recorded, *pruned*, and the node is read again without it; a key
//! that is missing only because its value was pruned poisons its mapping silently. Unknown keys are collected on the way.

mod deserializer;
mod failure;

use crate::{NodeId, Tree, Value};
use deserializer::NodeDeserializer;
use failure::{Failure, Reason};
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::collections::HashSet;

/// Reading again costs one pass per problem; nobody mends more than these at once.
const MOST_PROBLEMS: usize = 200;

/// What kind of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A key that the type does not know.
    UnknownKey,
    /// A value of the wrong type or out of range.
    WrongValue,
    /// A key that must be there and is not.
    MissingKey,
}

/// One problem found while reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// Where: the key of an unknown key, the wrong value, or the mapping that lacks a key.
    pub node: NodeId,
    /// One sentence with the value in it, unless that is a secret.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// What came of reading a node.
#[derive(Clone, Debug)]
pub struct Outcome<T> {
    /// The value read without the pruned nodes; `None` when nothing was left to read.
    pub value: Option<T>,
    /// All problems, in the order of the text.
    pub problems: Vec<Problem>,
    /// Nodes left out: what stands there in `value` is a default that nobody wrote.
    pub poisoned: Vec<NodeId>,
}

struct Reader<'t> {
    tree: &'t Tree,
    pruned: HashSet<NodeId>,
    unknown: RefCell<Vec<(NodeId, &'static [&'static str])>>,
}

/// Reads a node as a `T`.
#[must_use]
pub fn read<T: DeserializeOwned>(tree: &Tree, root: NodeId) -> Outcome<T> {
    let mut reader = Reader { tree, pruned: HashSet::new(), unknown: RefCell::new(Vec::new()) };
    let mut problems = Vec::new();
    let mut value = None;
    while problems.len() < MOST_PROBLEMS {
        match T::deserialize(NodeDeserializer { reader: &reader, node: root }) {
            Ok(read) => {
                value = Some(read);
                break;
            }
            Err(failure) => {
                let node = failure.node.unwrap_or(root);
                if !reader.is_consequence(node, &failure) {
                    problems.push(reader.describe(node, failure));
                }
                if !reader.pruned.insert(node) || node == root {
                    break;
                }
            }
        }
    }
    problems.extend(reader.unknown_keys());
    problems.sort_by_key(|problem| tree.node(problem.node).span.map(|span| (span.source, span.start)));
    let mut poisoned: Vec<NodeId> = reader.pruned.into_iter().collect();
    poisoned.sort();
    Outcome { value, problems, poisoned }
}

impl Reader<'_> {
    /// Whether a key is missing only because its value was pruned before.
    fn is_consequence(&self, node: NodeId, failure: &Failure) -> bool {
        match &failure.reason {
            Reason::Missing(field) => self.tree.get(node, field).is_some_and(|value| self.pruned.contains(&value)),
            _ => false,
        }
    }

    fn describe(&self, node: NodeId, failure: Failure) -> Problem {
        let (kind, message, help) = match failure.reason {
            Reason::Missing(field) => (ProblemKind::MissingKey, format!("`{field}` is missing here"), None),
            Reason::Type(expected) => self.wrong_type(node, &expected),
            Reason::Variant { found, known } => {
                let help = nearest(&found, known.iter().copied()).map_or_else(
                    || format!("write one of: {}", known.join(", ")),
                    |name| format!("did you mean `{name}`?"),
                );
                (
                    ProblemKind::WrongValue,
                    format!("{} is not one of: {}", self.shown(node), known.join(", ")),
                    Some(help),
                )
            }
            Reason::Message(_) if self.tree.is_secret(node) => (
                ProblemKind::WrongValue,
                "the value (a secret, not shown) is not what is expected here".to_owned(),
                None,
            ),
            Reason::Message(message) => (ProblemKind::WrongValue, self.with_value(node, message), None),
        };
        Problem { kind, node, message, help }
    }

    fn wrong_type(&self, node: NodeId, expected: &str) -> (ProblemKind, String, Option<String>) {
        let found = self.tree.node(node);
        let message = format!("expected {expected}, found {}", self.shown(node));
        let quoted = matches!(found.value, Value::Integer(_) | Value::Float(_) | Value::Bool(_));
        let help = (quoted && expected.contains("text")).then(|| "write the value in quotes".to_owned());
        (ProblemKind::WrongValue, message, help)
    }

    /// Types of other crates say what is wrong and not with which value.
    fn with_value(&self, node: NodeId, message: String) -> String {
        match self.tree.text(node) {
            Some(text) if !message.contains(text) => format!("`{}`: {message}", shorten(text)),
            _ => message,
        }
    }

    /// A value for a message: as written and as read, never a secret.
    fn shown(&self, node: NodeId) -> String {
        let found = self.tree.node(node);
        let kind = found.value.kind();
        if self.tree.is_secret(node) {
            return format!("{kind} (a secret, not shown)");
        }
        let read = match &found.value {
            Value::List(_) | Value::Map(_) | Value::Null | Value::Bytes(_) => return kind.to_owned(),
            Value::Text(text) => return format!("`{}`", shorten(text)),
            _ => self.tree.key_text(node),
        };
        match &found.written {
            Some(written) if **written != *read => format!("`{written}`, which is read as {kind}: {read}"),
            _ => format!("{kind}: {read}"),
        }
    }

    fn unknown_keys(&self) -> Vec<Problem> {
        let mut seen = HashSet::new();
        let unknown = self.unknown.borrow();
        let fresh = unknown.iter().filter(|(key, _)| seen.insert(*key)).take(MOST_PROBLEMS);
        fresh.map(|(key, known)| self.unknown_key(*key, known)).collect()
    }

    fn unknown_key(&self, key: NodeId, known: &'static [&'static str]) -> Problem {
        let name = self.tree.key_text(key);
        let known: Vec<&str> = known.iter().copied().filter(|name| *name != crate::ORIGIN_KEY).collect();
        let help = nearest(&name, known.iter().copied()).map_or_else(
            || format!("known keys here: {}", known.join(", ")),
            |nearest| format!("did you mean `{nearest}`?"),
        );
        Problem {
            kind: ProblemKind::UnknownKey,
            node: key,
            message: format!("unknown key `{}`", shorten(&name)),
            help: Some(help),
        }
    }
}

fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain("…".chars()).collect() }
}

/// The known name that is nearest to a misspelt one, if any is near enough to be meant.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let simple = |text: &str| text.to_lowercase().replace('-', "_");
    let name = simple(name);
    let allowed = (name.chars().count() / 3).max(1);
    known
        .map(|candidate| (strsim::damerau_levenshtein(&name, &simple(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

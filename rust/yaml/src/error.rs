//! Why a text cannot be read. No message holds a value: a secret may stand there.

use tree::Position;

/// A refusal: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What kind of refusal this is.
    pub kind: ErrorKind,
    /// One sentence without its full stop. It may name a key, and never a value.
    pub message: String,
    /// Where the text is wrong.
    pub position: Option<Position>,
    /// A second place that explains the first, such as where a key stands for the first time.
    pub context: Option<(String, Position)>,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Longer than [`Limits::bytes`](crate::Limits::bytes).
    TooLarge,
    /// Collections in collections, deeper than [`Limits::depth`](crate::Limits::depth).
    TooDeep,
    /// More nodes than [`Limits::nodes`](crate::Limits::nodes).
    TooManyNodes,
    /// More `%TAG` lines than a text can need.
    TooManyDirectives,
    /// Not UTF-8.
    Encoding,
    /// A NUL byte or another character that YAML does not allow.
    ControlCharacter,
    /// Not YAML.
    Syntax,
    /// More than one document in the text.
    SeveralDocuments,
    /// An alias without its anchor.
    UndefinedAlias,
    /// One anchor name used twice.
    DuplicateAnchor,
    /// A collection that contains itself.
    RecursiveAlias,
    /// A key that stands twice in one mapping.
    DuplicateKey,
    /// A list or mapping as a key.
    UnusableKey,
    /// A merge key `<<` with something other than mappings.
    Merge,
    /// A tag that Salt does not know, or a word such as `=` that stands for one.
    UnknownTag,
    /// A value that its type cannot read.
    Value,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), position: None, context: None }
    }

    pub(crate) fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    pub(crate) fn because(mut self, words: impl Into<String>, position: Position) -> Self {
        self.context = Some((words.into(), position));
        self
    }
}

/// A name in a message, cut where it is longer than a person would read.
pub(crate) fn shortened(name: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = name.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if name.chars().nth(LONGEST).is_some() {
        short.push_str("...");
    }
    short
}

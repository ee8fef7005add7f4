//! What the parser reports, one event at a time.

use tree::Position;

/// An event with the place where it was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event<'text> {
    pub(crate) kind: Kind<'text>,
    pub(crate) start: Position,
    pub(crate) end: Position,
}

/// What happened. Texts live until the next event is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'text> {
    StreamStart,
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias { anchor: &'text str },
    Scalar { properties: Properties<'text>, text: &'text str, implicit: bool },
    SequenceStart { properties: Properties<'text>, block: bool },
    SequenceEnd,
    MappingStart { properties: Properties<'text>, block: bool },
    MappingEnd,
}

/// What may stand before a node: `&anchor` and `!tag`, the tag resolved to its full name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Properties<'text> {
    pub(crate) anchor: Option<&'text str>,
    pub(crate) tag: Option<&'text str>,
}

/// Why the parser stopped. The words are libyaml's own constants and hold nothing of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failure {
    /// The bytes are not text; `offset` counts bytes.
    Reader { problem: &'static str, offset: usize },
    /// The text is not YAML.
    Syntax { problem: &'static str, position: Position, context: Option<(&'static str, Position)> },
    /// The parser gave something that it promises not to give.
    Broken,
}

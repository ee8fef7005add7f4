//! The formats, one file each.

mod github;
mod json;
mod junit;
mod sarif;
mod text;

pub use github::github;
pub use json::json;
pub use junit::junit;
pub use sarif::sarif;
pub use text::text;

use tree::Span;

use crate::{Source, Sources};

/// The text to which a span points, unless the span is of no text in the list.
fn source_of(span: Option<Span>, sources: &Sources) -> Option<(&Source, Span)> {
    let span = span?;
    Some((sources.get(span.source)?, span))
}

/// `file:line:column`, with the words that keep a line of Jinja's output from being taken for a line of the file.
fn place(source: &Source, span: Span) -> String {
    format!("{}:{}:{}", shown_name(source), span.start.line, span.start.column)
}

/// The name of a text as it stands before a line number.
fn shown_name(source: &Source) -> String {
    if source.rendered { format!("{} (rendered line)", source.name) } else { source.name.clone() }
}

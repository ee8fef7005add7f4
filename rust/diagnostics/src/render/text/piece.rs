//! Pieces of a source text, cut out around the places of a finding.

use std::collections::HashMap;
use std::ops::Range;

use super::printable;
use annotate_snippets::{Annotation, AnnotationKind, Snippet};
use tree::{Position, SourceId, Span};

use crate::Sources;
use crate::listing::Listing;
use crate::render::shown_name;

/// Places of one text that are at most so many lines apart are shown in one piece.
const NEAR: u32 = 12;

/// A place to underline.
pub(super) struct Mark {
    /// The place.
    pub span: Span,
    /// What to write beside the underline; may be empty.
    pub label: String,
    /// The finding's own place.
    pub primary: bool,
}

/// Some lines of one text without their secrets, and what to underline in them.
pub(super) struct Piece<'a> {
    name: String,
    first_line: u32,
    text: String,
    annotations: Vec<(Range<usize>, &'a Mark)>,
    /// The place printed above the piece: its line, its column in the file, and its column in the line that is shown.
    heading: (u32, u32, usize),
}

/// Cuts pieces. Each text is cut into lines only once, and only when a piece of it is shown.
pub(super) struct Cutter<'a> {
    sources: &'a Sources,
    listings: HashMap<SourceId, Listing<'a>>,
}

impl<'a> Cutter<'a> {
    pub fn new(sources: &'a Sources) -> Self {
        Self { sources, listings: HashMap::new() }
    }

    /// The pieces that show all these places, the one with the primary place first.
    pub fn cut<'b>(&mut self, marks: &'b [Mark]) -> Vec<Piece<'b>> {
        grouped(marks).iter().filter_map(|near| self.piece(near)).collect()
    }

    fn piece<'b>(&mut self, near: &[&'b Mark]) -> Option<Piece<'b>> {
        let id = near.first()?.span.source;
        let source = self.sources.get(id)?;
        let listing = self.listings.entry(id).or_insert_with(|| Listing::of(source));
        let mut places: Vec<_> = near.iter().map(|mark| (on_one_line(mark.span, listing), *mark)).collect();
        places.sort_by_key(|((start, end), mark)| (start.line, !mark.primary, start.column, end.column));
        let (first_line, last_line) = (places.first()?.0.0.line, places.last()?.0.0.line);
        let mut piece = Piece {
            name: printable(&shown_name(source)),
            first_line,
            text: String::new(),
            annotations: Vec::new(),
            heading: (0, 0, 0),
        };
        for number in first_line..=last_line {
            let line = listing.line(number)?;
            for ((start, end), mark) in places.iter().filter(|((start, _), _)| start.line == number) {
                let shown = line.shown(start.column, end.column);
                if piece.heading.0 == 0 || mark.primary {
                    piece.heading = (number, start.column, line.text[..shown.start].chars().count() + 1);
                }
                let at = piece.text.len();
                piece.annotations.push((at + shown.start..at + shown.end, mark));
            }
            piece.text.push_str(&line.text);
            piece.text.push('\n');
        }
        Some(piece)
    }
}

impl Piece<'_> {
    /// The piece as the renderer wants it.
    pub fn snippet(&self) -> Snippet<'_, Annotation<'_>> {
        let annotations = self.annotations.iter().map(|(range, mark)| {
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            kind.span(range.clone()).label((!mark.label.is_empty()).then_some(&mark.label))
        });
        Snippet::source(&self.text).path(&self.name).line_start(self.first_line as usize).annotations(annotations)
    }

    /// The output with the column of the file above this piece. The renderer counts in the line that it shows, which
    /// is another column where a secret stands before it.
    pub fn with_column_of_file(&self, output: String) -> String {
        let (line, column, shown) = self.heading;
        if column as usize == shown {
            return output;
        }
        let below_title = output.find('\n').unwrap_or(0);
        let (title, rest) = output.split_at(below_title);
        let place = format!("{}:{line}:", self.name);
        format!("{title}{}", rest.replacen(&format!("{place}{shown}"), &format!("{place}{column}"), 1))
    }
}

/// Groups places of the same text that are near each other, the primary place's group first.
fn grouped(marks: &[Mark]) -> Vec<Vec<&Mark>> {
    let mut sorted: Vec<&Mark> = marks.iter().collect();
    sorted.sort_by_key(|mark| (mark.span.source, mark.span.start));
    let mut groups: Vec<Vec<&Mark>> = Vec::new();
    for mark in sorted {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|last| are_near(last.span, mark.span)) => group.push(mark),
            _ => groups.push(vec![mark]),
        }
    }
    groups.sort_by_key(|group| !group.iter().any(|mark| mark.primary));
    groups
}

fn are_near(first: Span, second: Span) -> bool {
    first.source == second.source && second.start.line - first.start.line <= NEAR
}

/// Where a span begins and ends on its first line: a long section is shown by its beginning.
fn on_one_line(span: Span, listing: &Listing<'_>) -> (Position, Position) {
    let start = listing.clamp(span.start);
    let end = if span.end.line > start.line { Position { line: start.line, column: u32::MAX } } else { span.end };
    (start, end.max(start))
}

//! The lines of a text as they may be shown: without secrets.

use std::collections::BTreeMap;
use std::ops::Range;

use tree::Position;

use crate::Source;
use crate::secrets::{guess, spans};

/// What is shown in the place of a secret, whatever its length.
pub(crate) const MASK: &str = "••••••";

/// Ranges of characters (from 0) to hide, by line (from 0).
pub(crate) type Hidden = BTreeMap<usize, Vec<Range<usize>>>;

/// A text cut into lines, with the places that must not be shown.
pub(crate) struct Listing<'a> {
    lines: Vec<&'a str>,
    hidden: Hidden,
}

/// One line without its secrets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// What to show.
    pub text: String,
    /// The byte in `text` at which each character of the original line is shown; one more for the line's end.
    bytes: Vec<usize>,
}

impl<'a> Listing<'a> {
    /// Cuts a text into lines and finds its secrets.
    pub fn of(source: &'a Source) -> Self {
        let lines = split(&source.text);
        let mut hidden = spans::hidden(&source.secrets, &lines);
        for (line, ranges) in guess::hidden(&lines, source.parsed) {
            hidden.entry(line).or_default().extend(ranges);
        }
        Self { lines, hidden }
    }

    /// The line with this number (from 1), if the text has so many. An empty text has one line.
    pub fn line(&self, number: u32) -> Option<Line> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        let line = self.lines.get(index)?;
        Some(Line::hiding(line, self.hidden.get(&index).map_or(&[], Vec::as_slice)))
    }

    /// How many lines there are, at least one.
    pub fn len(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }

    /// The position moved into the text, where it lies behind its end.
    pub fn clamp(&self, position: Position) -> Position {
        if position.line > self.len() {
            let last = self.lines.last().map_or(0, |line| line.chars().count());
            return Position { line: self.len(), column: u32::try_from(last + 1).unwrap_or(u32::MAX) };
        }
        Position { line: position.line.max(1), column: position.column.max(1) }
    }
}

impl Line {
    fn hiding(line: &str, hidden: &[Range<usize>]) -> Self {
        let mut text = String::with_capacity(line.len());
        let mut bytes = Vec::with_capacity(line.len() + 1);
        let mut masked = false;
        for (column, character) in line.chars().enumerate() {
            if hidden.iter().any(|range| range.contains(&column)) {
                bytes.push(if masked { text.len() - MASK.len() } else { text.len() });
                if !masked {
                    text.push_str(MASK);
                }
                masked = true;
            } else {
                masked = false;
                bytes.push(text.len());
                text.push(if ('\u{80}'..='\u{9f}').contains(&character) { '\u{fffd}' } else { character });
            }
        }
        bytes.push(text.len());
        Self { text, bytes }
    }

    /// The bytes of `text` that show the characters between two columns (from 1). What is hidden is shown whole.
    pub fn shown(&self, start: u32, end: u32) -> Range<usize> {
        let at = |column: u32| {
            let index = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
            index.min(self.bytes.len() - 1)
        };
        let first = self.bytes[at(start)];
        let last = self.bytes[at(end)];
        // An end within a mask lies at the mask's start: go on to the first byte that is shown for another character.
        let within_mask = at(end) > 0 && self.bytes[at(end) - 1] == last && at(end) > at(start);
        let end = if within_mask { last + MASK.len() } else { last };
        first..end.max(first)
    }
}

/// Cuts at the line breaks that YAML 1.1 knows, as the reader of the pillar counts its lines. Behind the last line break
/// there is one more line, maybe empty: a reader that misses something at the end of the text points there.
fn split(text: &str) -> Vec<&str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            lines.push(&text[start..at]);
            start = at + character.len_utf8();
            if character == '\r' && characters.next_if(|(_, next)| *next == '\n').is_some() {
                start += 1;
            }
        }
    }
    lines.push(&text[start..]);
    lines
}

#[cfg(test)]
mod tests {
    use tree::{SourceId, Span};

    use super::*;

    fn secret(line: u32, start: u32, end_line: u32, end: u32) -> Span {
        let position = |line, column| Position { line, column };
        Span { source: SourceId(0), start: position(line, start), end: position(end_line, end) }
    }

    fn source(text: &str, secrets: Vec<Span>) -> Source {
        Source { parsed: true, secrets, ..Source::new("a.sls", text) }
    }

    #[test]
    fn lines_end_where_yaml_ends_them() {
        assert_eq!(split("a\r\nb\rc\u{85}d\u{2028}e\n\nf\n"), ["a", "b", "c", "d", "e", "", "f", ""]);
        assert_eq!(split(""), [""]);
        assert_eq!(split("\u{feff}a"), ["a"]);
    }

    #[test]
    fn a_mask_has_the_same_width_for_every_secret() {
        for value in ["x", "a much longer secret than that"] {
            let text = format!("p: {value} # c");
            let end = u32::try_from(value.chars().count() + 4).unwrap();
            let source = source(&text, vec![secret(1, 4, 1, end)]);
            assert_eq!(Listing::of(&source).line(1).unwrap().text, "p: •••••• # c");
        }
    }

    #[test]
    fn carets_stand_under_what_is_shown() {
        let source = source("ä: geheim, b: 1", vec![secret(1, 4, 1, 10)]);
        let line = Listing::of(&source).line(1).unwrap();
        assert_eq!(line.text, "ä: ••••••, b: 1");
        assert_eq!(&line.text[line.shown(1, 2)], "ä");
        assert_eq!(&line.text[line.shown(4, 10)], MASK);
        assert_eq!(&line.text[line.shown(5, 6)], MASK, "a part of a secret is the whole mask");
        assert_eq!(&line.text[line.shown(12, 13)], "b");
        assert_eq!(&line.text[line.shown(15, 99)], "1");
        assert_eq!(line.shown(12, 12).len(), 0);
        assert_eq!(line.shown(5, 5).len(), 0);
    }

    #[test]
    fn a_position_behind_the_end_moves_to_the_end() {
        let source = source("a\nbc", Vec::new());
        let listing = Listing::of(&source);
        assert_eq!(listing.clamp(Position { line: 3, column: 1 }), Position { line: 2, column: 3 });
        assert_eq!(listing.clamp(Position { line: 0, column: 0 }), Position { line: 1, column: 1 });
        assert!(listing.line(3).is_none() && listing.line(0).is_none());
    }
}

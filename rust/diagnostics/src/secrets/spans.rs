//! Secrets of a text that could be parsed: their spans are known.

use tree::Span;

use crate::listing::Hidden;

/// The ranges of each line that these spans cover. Of a span over several lines, the indentation stays visible.
pub(crate) fn hidden(secrets: &[Span], lines: &[&str]) -> Hidden {
    let mut hidden = Hidden::new();
    for span in secrets {
        for number in span.start.line..=span.end.line.min(u32::try_from(lines.len()).unwrap_or(u32::MAX)) {
            let index = (number as usize).saturating_sub(1);
            let Some(line) = lines.get(index) else { continue };
            let start = if number == span.start.line { from_zero(span.start.column) } else { indentation(line) };
            let end = if number == span.end.line { from_zero(span.end.column) } else { usize::MAX };
            hidden.entry(index).or_default().push(start..end);
        }
    }
    hidden
}

fn from_zero(column: u32) -> usize {
    (column as usize).saturating_sub(1)
}

fn indentation(line: &str) -> usize {
    line.chars().take_while(|character| character.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use tree::{Position, SourceId};

    use crate::Source;
    use crate::listing::Listing;

    use super::*;

    #[test]
    fn every_line_of_a_long_secret_is_hidden() {
        let text = "a:\n  private_key: |\n    PLANTED1\n\n    PLANTED2\n  b: c\n";
        let position = |line, column| Position { line, column };
        let span = Span { source: SourceId(0), start: position(2, 16), end: position(6, 1) };
        let source = Source { parsed: true, secrets: vec![span], ..Source::new("a.sls", text) };
        let listing = Listing::of(&source);
        let shown: Vec<String> = (1..=listing.len()).map(|number| listing.line(number).unwrap().text).collect();
        assert_eq!(shown, ["a:", "  private_key: ••••••", "    ••••••", "", "    ••••••", "  b: c", ""]);
    }

    #[test]
    fn a_span_behind_the_end_of_the_text_hides_nothing() {
        let position = |line, column| Position { line, column };
        let span = Span { source: SourceId(0), start: position(7, 1), end: position(u32::MAX, 1) };
        assert!(hidden(&[span], &["a"]).is_empty());
    }
}

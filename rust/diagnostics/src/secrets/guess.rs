//! Secrets of a text that could not be parsed, and of comments: found by the look of the lines.
//!
//! What follows a secret-looking key is hidden, and so is what stands under it. In doubt more is hidden than needed:
//! such a line is shown only to say where the text is broken.

mod open;
mod scan;
mod shape;

use std::ops::Range;

use self::scan::Scan;
use self::shape::first;
use super::key::{Anchors, collect_anchors, value_start};
use crate::listing::Hidden;

/// The ranges to hide; in a text that could be parsed, those of its comments only.
pub(crate) fn hidden(lines: &[&str], parsed: bool) -> Hidden {
    let mut lines: Vec<Vec<char>> = lines.iter().map(|line| line.chars().collect()).collect();
    let mut anchors = Anchors::new();
    if !parsed {
        for line in &lines {
            collect_anchors(line, &mut anchors);
        }
    }
    let mut content = Scan::new(&anchors);
    let mut comments = Scan::new(&anchors);
    let mut hidden = Hidden::new();
    for (index, line) in lines.iter_mut().enumerate() {
        let range = match Kind::of(line) {
            Kind::Blank => None,
            Kind::Comment if parsed || !content.covers(line) => {
                blank_out_hashes(line);
                comments.next(line)
            }
            Kind::Statement if parsed || !content.covers(line) => comments.next(line),
            _ => {
                comments = Scan::new(&anchors);
                if parsed { in_trailing_comment(line, &anchors) } else { content.next(line) }
            }
        };
        if let Some(range) = range.filter(|range| !range.is_empty()) {
            hidden.insert(index, vec![range]);
        }
    }
    hidden
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    Comment,
    /// A line of Jinja that stands in no YAML value.
    Statement,
    Content,
}

impl Kind {
    fn of(line: &[char]) -> Self {
        match line[first(line)..] {
            [] => Self::Blank,
            ['#', ..] => Self::Comment,
            ['{', '%' | '#', ..] => Self::Statement,
            _ => Self::Content,
        }
    }
}

fn blank_out_hashes(line: &mut [char]) {
    let start = first(line);
    line[start..].iter_mut().take_while(|character| **character == '#').for_each(|character| *character = ' ');
}

fn in_trailing_comment(line: &[char], anchors: &Anchors) -> Option<Range<usize>> {
    let comment = line.windows(2).position(|pair| pair[0].is_whitespace() && pair[1] == '#')?;
    Some(value_start(line, comment, anchors)?..line.len())
}

#[cfg(test)]
mod tests;

//! What is known of secrets while the lines of a text go by.

use std::ops::Range;

use super::open::{Open, begins_private_key};
use super::shape::{begins_entry, behind_markers, columns, first, indentation};
use crate::secrets::key::{Anchors, value_start};

/// The state between two lines.
pub(super) struct Scan<'a> {
    anchors: &'a Anchors,
    /// The columns of the structures in which the next line may stand, outermost first.
    around: Vec<usize>,
    /// The column of the secret-looking key under which lines stand.
    under: Option<usize>,
    /// A value that began on an earlier line and has not ended.
    open: Option<Open>,
}

impl<'a> Scan<'a> {
    pub fn new(anchors: &'a Anchors) -> Self {
        Self { anchors, around: Vec::new(), under: None, open: None }
    }

    /// Whether the line stands in or under a secret, whatever it looks like.
    pub fn covers(&self, line: &[char]) -> bool {
        self.open.is_some() || self.under.is_some_and(|column| indentation(line) > column)
    }

    /// The characters of the next line that are to be hidden.
    pub fn next(&mut self, line: &[char]) -> Option<Range<usize>> {
        let start = first(line);
        let carried = self.open.take().map(|open| open.after(&line[start..]));
        let belongs = self.under.is_some_and(|column| self.belongs(line, column));
        let covered = carried.is_some() || belongs || begins_private_key(line);
        let value = value_start(line, start, self.anchors);
        let key = value.map(|_| columns(line).pop().unwrap_or(0));
        self.under = if covered { self.under.into_iter().chain(key).min() } else { key };
        self.open = carried.flatten().or_else(|| self.opened(line, covered));
        if covered {
            return Some(start..line.len());
        }
        let own = indentation(line);
        self.around.retain(|column| *column < own);
        self.around.extend(columns(line));
        value.map(|value| value..line.len())
    }

    /// Whether a line belongs to the secret whose key stands in this column: it is deeper, an item of its list, the
    /// value of a `? key`, or begins no entry of the structures around the key.
    fn belongs(&self, line: &[char], column: usize) -> bool {
        let own = indentation(line);
        let outside = begins_entry(&line[first(line)..]) && self.around.contains(&own);
        match line[first(line)..] {
            ['-', '-', '-'] | ['.', '.', '.'] => false,
            [':'] | [':', ' ', ..] => true,
            ['-'] | ['-', ' ', ..] => own >= column || !outside,
            _ => own > column || !outside,
        }
    }

    /// What a line leaves open: a private key, the value of one of its keys, or the value that it is itself.
    fn opened(&self, line: &[char], covered: bool) -> Option<Open> {
        let values =
            std::iter::successors(value_start(line, 0, self.anchors), |at| value_start(line, *at, self.anchors));
        let itself = covered.then(|| behind_markers(line, &['-', ':']));
        Open::private_key(line).or_else(|| values.chain(itself).find_map(|at| Open::of(&line[at..])))
    }
}

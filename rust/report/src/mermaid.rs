//! The topology as a Mermaid flowchart, as Markdown pages show it.

use crate::data::{ElementIndex, Error, Report};
use crate::drawing::{Boxed, Drawing, short, within};
use crate::names::{name, shortened};
use crate::words::{counted, kind, kind_word};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Mermaid draws at most 500 edges and reads at most 50,000 characters, unless its host says otherwise.
const MOST_EDGES: usize = 400;
/// Places that a person can still read; what stands deeper is counted.
const MOST_PLACES: usize = 150;
/// Beside each other, at most so many are drawn, and the others counted.
const MOST_BESIDE: usize = 300;
/// More nodes than this beside each other are one box.
const MOST_LEAVES: usize = 12;

/// A Mermaid flowchart of the topology by failure domain: places within places, dashed arrows from what supplies them.
/// What is too deep to be read is counted.
///
/// # Errors
/// When the report refers to what it does not have: see [`Report::check`].
pub fn mermaid(report: &Report) -> Result<String, Error> {
    report.check()?;
    let drawing = Drawing::of(report);
    let mut chart =
        Chart { report, depth: drawing.depth_within(MOST_PLACES), text: String::new(), edges: BTreeSet::new() };
    chart.line(0, "flowchart TB");
    for supply in all_supplies(&drawing) {
        chart.line(1, &format!("e{supply}([\"{}\"])", chart.label(supply)));
    }
    chart.places(&drawing.places, 1);
    chart.draw_edges();
    Ok(chart.text)
}

struct Chart<'r> {
    report: &'r Report,
    depth: usize,
    text: String,
    /// From a supply to what hangs on it.
    edges: BTreeSet<(ElementIndex, ElementIndex)>,
}

impl Chart<'_> {
    fn line(&mut self, indent: usize, line: &str) {
        // Writing to a string does not fail.
        _ = writeln!(self.text, "{:indent$}{line}", "", indent = indent * 2);
    }

    fn label(&self, element: ElementIndex) -> String {
        let key = self.report.elements.get(element as usize).map_or("", |element| element.kind.as_str());
        escaped(&format!("{} {}", kind_word(self.report, key), name(self.report, element)))
    }

    fn places(&mut self, places: &[Boxed], depth: usize) {
        let leaves = places.iter().filter(|place| place.is_leaf() && place.hangs_on.is_empty());
        let leaves: Vec<ElementIndex> = leaves.map(|place| place.element).collect();
        let grouped = leaves.len() > MOST_LEAVES;
        if grouped {
            let names = shortened(leaves.iter().map(|leaf| name(self.report, *leaf)).collect()).join(", ");
            let of = self.report.elements.get(leaves[0] as usize).and_then(|leaf| kind(self.report, &leaf.kind));
            let count = of.map_or_else(|| leaves.len().to_string(), |kind| counted(leaves.len(), kind));
            self.line(depth, &format!("e{}[\"{}\"]", leaves[0], escaped(&format!("{count}: {}", clipped(&names, 80)))));
        }
        let drawn = |place: &&Boxed| !(grouped && place.is_leaf() && place.hangs_on.is_empty());
        let mut rest = places.iter().filter(drawn);
        rest.by_ref().take(MOST_BESIDE).for_each(|place| self.place(place, depth));
        if let Some(next) = rest.next() {
            self.line(depth, &format!("e{}[\"and {} more\"]", next.element, rest.count() + 1));
        }
    }

    fn place(&mut self, place: &Boxed, depth: usize) {
        let hangs_on = place.hangs_on.iter().chain(&place.each_hangs_on).flatten();
        self.edges.extend(hangs_on.map(|supply| (*supply, place.element)));
        let label = self.label(place.element);
        if place.places.is_empty() {
            let own = name(self.report, place.element);
            let parts: Vec<&str> = place.parts.iter().map(|part| short(self.report, *part, own)).collect();
            let parts = if parts.is_empty() { String::new() } else { format!("<br/>{}", escaped(&parts.join(", "))) };
            self.line(depth, &format!("e{}[\"{label}{parts}\"]", place.element));
        } else if depth >= self.depth {
            let within = escaped(&within(self.report, place));
            self.line(depth, &format!("e{}[\"{label}<br/>{within}\"]", place.element));
        } else {
            self.line(depth, &format!("subgraph e{}[\"{label}\"]", place.element));
            self.places(&place.places, depth + 1);
            self.line(depth, "end");
        }
    }

    fn draw_edges(&mut self) {
        let edges = std::mem::take(&mut self.edges);
        if edges.len() > MOST_EDGES {
            self.line(1, &format!("%% {} arrows from what supplies these are left out", edges.len()));
            return;
        }
        for (supply, place) in edges {
            self.line(1, &format!("e{supply} -.-> e{place}"));
        }
    }
}

/// Outside of all places: an arrow from within a place to the place itself is an error in Mermaid.
fn all_supplies(drawing: &Drawing) -> Vec<ElementIndex> {
    fn collect(place: &Boxed, into: &mut Vec<ElementIndex>) {
        into.extend(&place.supplies);
        place.places.iter().for_each(|place| collect(place, into));
    }
    let mut all = drawing.supplies.clone();
    drawing.places.iter().for_each(|place| collect(place, &mut all));
    all.sort_unstable();
    all
}

/// A text of at most so many characters.
pub(crate) fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.push('…');
    out
}

/// A text for a label in double quotes. Mermaid's entities begin with `#`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            // `&lt;` would be read as one too, and a backquote begins Markdown.
            '#' | '&' | '`' | ';' | '\\' => _ = write!(out, "#{};", u32::from(character)),
            control if control.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{clipped, escaped};

    #[test]
    fn nothing_ends_a_label() {
        assert_eq!(escaped("a\"]\n<b>#&"), "a#quot;] #lt;b#gt;#35;#38;");
    }

    #[test]
    fn a_clipped_text_says_so() {
        assert_eq!(clipped("abcd", 4), "abcd");
        assert_eq!(clipped("abcde", 4), "abc…");
    }
}

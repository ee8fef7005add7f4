//! Boxes within boxes, in rows that wrap.

use super::{MARGIN, WIDTH, escaped};
use crate::data::{ElementIndex, Report};
use crate::drawing::{Boxed, Drawing, mark, short, within};
use crate::mermaid::clipped;
use crate::names::{name, shortened};
use crate::words::{counted, kind, kind_word};
use std::fmt::Write as _;

/// Places that a person can still read; what stands deeper is counted.
const MOST_PLACES: usize = 250;
/// More nodes than this beside each other are one box.
const MOST_LEAVES: usize = 24;
/// Within a box, and between boxes.
const GAP: u32 = 10;
/// Of one line of text.
const LINE: u32 = 18;
/// Characters of one line in a box; what is longer is clipped.
const LONGEST: usize = 60;

/// Shapes, as text.
#[derive(Default)]
pub(super) struct Canvas {
    pub(super) shapes: String,
}

impl Canvas {
    /// A text whose baseline begins at a point.
    pub(super) fn text(&mut self, x: u32, y: u32, class: &str, text: &str) {
        // Writing to a string does not fail.
        _ = writeln!(self.shapes, "<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{}</text>", escaped(text));
    }

    /// A rectangle.
    pub(super) fn rectangle(&mut self, (x, y): (u32, u32), (width, height): (u32, u32), class: &str) {
        _ = writeln!(
            self.shapes,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\" class=\"{class}\"/>"
        );
    }
}

/// A box with its size, before it has a place.
struct Sized {
    width: u32,
    height: u32,
    class: &'static str,
    lines: Vec<(String, &'static str)>,
    /// Where each inner box stands within this one.
    inner: Vec<(u32, u32, Sized)>,
}

struct Layouter<'r> {
    report: &'r Report,
    depth: usize,
}

/// Draws a topology below `y`; the answer is where it ends.
pub(super) fn draw(canvas: &mut Canvas, report: &Report, drawing: &Drawing, y: u32) -> u32 {
    let layouter = Layouter { report, depth: drawing.depth_within(MOST_PLACES) };
    let mut boxes: Vec<Sized> = drawing.supplies.iter().map(|supply| layouter.supply(*supply)).collect();
    boxes.extend(layouter.boxes(&drawing.places, 1));
    let (inner, _, height) = rows(boxes, WIDTH - 2 * MARGIN);
    for (left, top, sized) in inner {
        paint(canvas, MARGIN + left, y + top, &sized);
    }
    y + height
}

fn paint(canvas: &mut Canvas, x: u32, y: u32, sized: &Sized) {
    canvas.rectangle((x, y), (sized.width, sized.height), sized.class);
    for ((line, class), row) in sized.lines.iter().zip(1u32..) {
        canvas.text(x + GAP, y + row * LINE + 2, class, line);
    }
    for (left, top, inner) in &sized.inner {
        paint(canvas, x + left, y + top, inner);
    }
}

/// Puts boxes into rows of at most this width: their places, the width and the height that they take.
fn rows(boxes: Vec<Sized>, most: u32) -> (Vec<(u32, u32, Sized)>, u32, u32) {
    let (mut x, mut y, mut row_height, mut width) = (0, 0, 0, 0);
    let mut placed = Vec::with_capacity(boxes.len());
    for sized in boxes {
        if x > 0 && x + sized.width > most {
            y += row_height + GAP;
            (x, row_height) = (0, 0);
        }
        width = width.max(x + sized.width);
        row_height = row_height.max(sized.height);
        let next = x + sized.width + GAP;
        placed.push((x, y, sized));
        x = next;
    }
    (placed, width, y + row_height)
}

/// Glyphs of an unknown font: wide enough for the usual ones. Names are bold.
fn text_width(text: &str, class: &str) -> u32 {
    let of_one_in_tenths = if class == "name" { 86 } else { 72 };
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX).saturating_mul(of_one_in_tenths) / 10
}

impl Layouter<'_> {
    fn titled(&self, element: ElementIndex) -> String {
        let key = self.report.elements.get(element as usize).map_or("", |element| element.kind.as_str());
        clipped(&format!("{} {}", kind_word(self.report, key), name(self.report, element)), LONGEST)
    }

    fn supply(&self, element: ElementIndex) -> Sized {
        boxed("supply", vec![(self.titled(element), "small")], Vec::new(), WIDTH)
    }

    /// Recurses as deep as places are, and so at most as deep as there are kinds.
    fn boxes(&self, places: &[Boxed], depth: usize) -> Vec<Sized> {
        let is_plain = |place: &&Boxed| place.is_leaf() && place.hangs_on.is_empty();
        let leaves: Vec<ElementIndex> = places.iter().filter(is_plain).map(|place| place.element).collect();
        let grouped = leaves.len() > MOST_LEAVES;
        let drawn = places.iter().filter(|place| !(grouped && is_plain(place)));
        let mut boxes: Vec<Sized> = drawn.map(|place| self.place(place, depth)).collect();
        if grouped {
            let names = shortened(leaves.iter().map(|leaf| name(self.report, *leaf)).collect()).join(", ");
            let of = self.report.elements.get(leaves[0] as usize).and_then(|leaf| kind(self.report, &leaf.kind));
            let count = of.map_or_else(|| leaves.len().to_string(), |kind| counted(leaves.len(), kind));
            let lines = vec![(count, "name"), (clipped(&names, LONGEST), "small")];
            boxes.push(boxed("leaf", lines, Vec::new(), WIDTH));
        }
        boxes
    }

    fn place(&self, place: &Boxed, depth: usize) -> Sized {
        let mut lines = vec![(self.titled(place.element), "name")];
        let own = name(self.report, place.element);
        let parts: Vec<&str> = place.parts.iter().map(|part| short(self.report, *part, own)).collect();
        if !parts.is_empty() {
            lines.push((clipped(&parts.join(", "), LONGEST), "small"));
        }
        lines.extend(place.hangs_on.iter().map(|group| (clipped(&mark(self.report, group), LONGEST), "small")));
        let each = |group: &Vec<ElementIndex>| format!("each on {}", mark(self.report, group));
        lines.extend(place.each_hangs_on.iter().map(|group| (clipped(&each(group), LONGEST), "small")));
        let mut inner: Vec<Sized> = place.supplies.iter().map(|supply| self.supply(*supply)).collect();
        if depth < self.depth {
            inner.extend(self.boxes(&place.places, depth + 1));
        } else if !place.places.is_empty() {
            lines.push((within(self.report, place), "small"));
        }
        let class = match (place.is_leaf(), depth % 2) {
            (true, _) => "leaf",
            (false, 0) => "even",
            (false, _) => "odd",
        };
        let around = u32::try_from(depth).unwrap_or(u32::MAX).saturating_mul(2 * GAP);
        // Several places of one kind stand beside each other.
        let most = (WIDTH - 2 * MARGIN).saturating_sub(around);
        let most =
            if place.places.iter().all(|inner| inner.places.is_empty()) && depth > 1 { most.min(300) } else { most };
        boxed(class, lines, inner, most)
    }
}

fn boxed(class: &'static str, lines: Vec<(String, &'static str)>, inner: Vec<Sized>, most: u32) -> Sized {
    let text = lines.iter().map(|(line, class)| text_width(line, class)).max().unwrap_or(0);
    let head = u32::try_from(lines.len()).unwrap_or(u32::MAX).saturating_mul(LINE) + GAP;
    let (inner, width, height) = rows(inner, most);
    let below = if inner.is_empty() { 0 } else { height + GAP };
    let inner = inner.into_iter().map(|(x, y, sized)| (x + GAP, y + head, sized)).collect();
    Sized { width: text.max(width) + 2 * GAP, height: head + below, class, lines, inner }
}

//! The drawing: boxes within boxes.

use crate::data::{ElementIndex, Kind, Report};
use crate::drawing::{Boxed, Drawing, mark, short, within};
use crate::names::name;
use crate::words::kind_word;
use serde::Serialize;

/// A topology of at most so many places is drawn open.
const DRAWN_OPEN: usize = 150;
/// And so is a place with at most so many within it.
const FEW: usize = 30;

/// In a large topology, places with so many levels below them are closed: racks, and sites that have none.
const CLOSED_DEPTH: usize = 2;

#[derive(Serialize)]
pub(crate) struct Topology {
    places: Vec<Place>,
    supplies: Vec<OfKind>,
    parts: Vec<Chip>,
    large: bool,
}

#[derive(Serialize)]
struct Place {
    chip: Chip,
    marks: Vec<String>,
    each: Vec<String>,
    supplies: Vec<OfKind>,
    parts: Vec<Chip>,
    places: Vec<Place>,
    leaf: bool,
    open: bool,
    /// `8 hypervisors, 80 nodes`.
    within: String,
}

/// Elements of one kind beside each other.
#[derive(Serialize)]
struct OfKind {
    kind: String,
    chips: Vec<Chip>,
}

/// One element that can be chosen.
#[derive(Serialize)]
struct Chip {
    id: ElementIndex,
    /// The name, without that of the place in which it is drawn.
    name: String,
    kind: String,
    key: String,
}

struct Drawer<'r> {
    report: &'r Report,
    large: bool,
}

impl Topology {
    pub(crate) fn of(report: &Report, drawing: &Drawing) -> Self {
        let drawer = Drawer { report, large: drawing.total > DRAWN_OPEN };
        Self {
            places: drawing.places.iter().map(|place| drawer.place(place, drawing.places.len() == 1)).collect(),
            supplies: drawer.by_kind(&drawing.supplies),
            parts: drawer.chips(&drawing.parts, ""),
            large: drawer.large,
        }
    }
}

impl Drawer<'_> {
    fn place(&self, place: &Boxed, alone: bool) -> Place {
        let own = name(self.report, place.element);
        Place {
            chip: self.chip(place.element, ""),
            marks: self.marks(&place.hangs_on),
            each: self.marks(&place.each_hangs_on),
            supplies: self.by_kind(&place.supplies),
            parts: self.chips(&place.parts, own),
            leaf: place.is_leaf(),
            open: !self.large || place.total <= FEW || alone || place.depth() > CLOSED_DEPTH,
            within: within(self.report, place),
            places: place.places.iter().map(|place| self.place(place, false)).collect(),
        }
    }

    fn chips(&self, elements: &[ElementIndex], place: &str) -> Vec<Chip> {
        elements.iter().map(|element| self.chip(*element, place)).collect()
    }

    fn by_kind(&self, elements: &[ElementIndex]) -> Vec<OfKind> {
        let of_kind = |kind: &Kind| OfKind {
            kind: kind.many.clone(),
            chips: self.chips(elements, "").into_iter().filter(|chip| chip.key == kind.key).collect(),
        };
        self.report.kinds.iter().map(of_kind).filter(|of| !of.chips.is_empty()).collect()
    }

    fn chip(&self, element: ElementIndex, place: &str) -> Chip {
        let key = self.report.elements.get(element as usize).map_or("", |element| element.kind.as_str());
        Chip {
            id: element,
            name: short(self.report, element, place).to_owned(),
            kind: kind_word(self.report, key).to_owned(),
            key: key.to_owned(),
        }
    }

    fn marks(&self, groups: &[Vec<ElementIndex>]) -> Vec<String> {
        groups.iter().map(|group| mark(self.report, group)).collect()
    }
}

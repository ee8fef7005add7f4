//! The topology by failure domain: places within places, what hangs on them, and what they hang on.

use crate::data::{Drawn, ElementIndex, Kind, Report};
use crate::names::name;
use crate::words::{counted, kind};
use std::collections::HashMap;

/// A place, or a part of one, and what stands in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Boxed {
    /// The element.
    pub(crate) element: ElementIndex,
    /// Places within it.
    pub(crate) places: Vec<Boxed>,
    /// Its parts: programs, storage devices.
    pub(crate) parts: Vec<ElementIndex>,
    /// What supplies others and stands here: feeds, switches.
    pub(crate) supplies: Vec<ElementIndex>,
    /// Groups of supplies of which it needs one.
    pub(crate) hangs_on: Vec<Vec<ElementIndex>>,
    /// Groups of supplies of which each place within it needs one.
    pub(crate) each_hangs_on: Vec<Vec<ElementIndex>>,
    /// Places within it, at any depth.
    pub(crate) total: usize,
}

/// All of a topology.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawing {
    /// Places that stand in no other.
    pub(crate) places: Vec<Boxed>,
    /// Supplies that stand in no place.
    pub(crate) supplies: Vec<ElementIndex>,
    /// Parts of no place.
    pub(crate) parts: Vec<ElementIndex>,
    /// All places.
    pub(crate) total: usize,
}

impl Drawing {
    /// Arranges the elements of a report.
    pub(crate) fn of(report: &Report) -> Self {
        let ranks: HashMap<&str, usize> =
            report.kinds.iter().enumerate().map(|(rank, kind)| (kind.key.as_str(), rank)).collect();
        let arranger = Arranger { report, ranks };
        let mut within: Vec<Vec<ElementIndex>> = vec![Vec::new(); report.elements.len()];
        let mut loose = Vec::new();
        for element in (0u32..).take(report.elements.len()) {
            match arranger.parent(element) {
                Some(parent) => within[parent as usize].push(element),
                None => loose.push(element),
            }
        }
        let root = arranger.fill(0, &loose, &within);
        Self { places: root.places, supplies: root.supplies, parts: root.parts, total: root.total }
    }

    /// How deep the places can be drawn without more than so many of them; at least the outermost are.
    pub(crate) fn depth_within(&self, most: usize) -> usize {
        let mut level: Vec<&Boxed> = self.places.iter().collect();
        let (mut depth, mut drawn) = (1, level.len());
        loop {
            level = level.iter().flat_map(|place| &place.places).collect();
            drawn += level.len();
            if level.is_empty() || drawn > most {
                return depth;
            }
            depth += 1;
        }
    }
}

struct Arranger<'r> {
    report: &'r Report,
    ranks: HashMap<&'r str, usize>,
}

impl Arranger<'_> {
    fn rank(&self, element: ElementIndex) -> usize {
        let element = self.report.elements.get(element as usize);
        element.and_then(|element| self.ranks.get(element.kind.as_str())).copied().unwrap_or(usize::MAX)
    }

    fn kind(&self, element: ElementIndex) -> Option<&Kind> {
        self.report.kinds.get(self.rank(element))
    }

    fn is(&self, element: ElementIndex, drawn: Drawn) -> bool {
        self.kind(element).is_some_and(|kind| kind.drawn == drawn)
    }

    /// The narrowest place that it needs. It is of a wider kind, so that no chain of places closes.
    fn parent(&self, element: ElementIndex) -> Option<ElementIndex> {
        let own = self.rank(element);
        let alone = self.groups(element).iter().filter(|group| group.len() == 1).map(|group| group[0]);
        let wider = |place: &ElementIndex| {
            // What others hang on stands in a place of any kind: a rack's switch, a node's disk.
            self.is(*place, Drawn::Place) && (self.rank(*place) < own || !self.is(element, Drawn::Place))
        };
        alone.filter(wider).max_by_key(|place| self.rank(*place))
    }

    fn groups(&self, element: ElementIndex) -> &[Vec<ElementIndex>] {
        self.report.elements.get(element as usize).map_or(&[], |element| element.needs.as_slice())
    }

    fn hangs_on(&self, element: ElementIndex) -> Vec<Vec<ElementIndex>> {
        let supplied = |group: &&Vec<ElementIndex>| {
            !group.is_empty() && group.iter().all(|needed| self.is(*needed, Drawn::Supply))
        };
        self.groups(element).iter().filter(supplied).cloned().collect()
    }

    /// Recurses from place to narrower place only, so at most as deep as there are kinds.
    fn fill(&self, element: ElementIndex, children: &[ElementIndex], within: &[Vec<ElementIndex>]) -> Boxed {
        let mut boxed = Boxed { element, ..Boxed::default() };
        for child in children {
            match self.kind(*child).map(|kind| kind.drawn) {
                Some(Drawn::Place) => {
                    let mut place = self.fill(*child, &within[*child as usize], within);
                    place.hangs_on = self.hangs_on(*child);
                    boxed.total += 1 + place.total;
                    boxed.places.push(place);
                }
                Some(Drawn::Supply) => boxed.supplies.push(*child),
                Some(Drawn::Part) | None => boxed.parts.push(*child),
            }
        }
        boxed.share_marks();
        boxed
    }
}

impl Boxed {
    /// What all places within hang on is said once.
    fn share_marks(&mut self) {
        let [first, second, ..] = self.places.as_slice() else { return };
        if first.hangs_on.is_empty() || first.hangs_on != second.hangs_on {
            return;
        }
        let shared = first.hangs_on.clone();
        if self.places.iter().all(|place| place.hangs_on == shared) {
            self.places.iter_mut().for_each(|place| place.hangs_on.clear());
            self.each_hangs_on = shared;
        }
    }

    /// Levels of places below this one.
    pub(crate) fn depth(&self) -> usize {
        self.places.iter().map(|place| place.depth() + 1).max().unwrap_or(0)
    }

    /// Nothing stands in it.
    pub(crate) fn is_leaf(&self) -> bool {
        self.places.is_empty() && self.parts.is_empty() && self.supplies.is_empty()
    }
}

/// How many places of each kind are within: `8 hypervisors, 80 nodes`.
pub(crate) fn within(report: &Report, place: &Boxed) -> String {
    fn count(report: &Report, place: &Boxed, counts: &mut [usize]) {
        for inner in &place.places {
            let key = report.elements.get(inner.element as usize).map(|element| element.kind.as_str());
            let rank = report.kinds.iter().position(|kind| Some(kind.key.as_str()) == key);
            if let Some(count) = rank.and_then(|rank| counts.get_mut(rank)) {
                *count += 1;
            }
            count(report, inner, counts);
        }
    }
    let mut counts = vec![0usize; report.kinds.len()];
    count(report, place, &mut counts);
    let kinds = report.kinds.iter().zip(counts).filter(|(_, count)| *count > 0);
    kinds.map(|(kind, count)| counted(count, kind)).collect::<Vec<_>>().join(", ")
}

/// `power feed a or b`, `switch s1 only`.
pub(crate) fn mark(report: &Report, group: &[ElementIndex]) -> String {
    let names: Vec<&str> = group.iter().map(|element| name(report, *element)).collect();
    let first = group.first().and_then(|element| report.elements.get(*element as usize));
    let word = first.and_then(|element| kind(report, &element.kind)).map_or("", |kind| kind.one.as_str());
    match names.as_slice() {
        [only] => format!("{word} {only} only"),
        several => format!("{word} {}", several.join(" or ")),
    }
}

/// The name of an element without that of the place in which it is drawn: `etcd` of `etcd on cp1`.
pub(crate) fn short<'r>(report: &'r Report, element: ElementIndex, place: &str) -> &'r str {
    let full = name(report, element);
    let without = full.strip_suffix(place).filter(|_| !place.is_empty());
    without.and_then(|rest| rest.strip_suffix(" on ")).unwrap_or(full)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Element;

    fn report(elements: &[(&str, &str, &[&[u32]])]) -> Report {
        let element = |(kind, name, needs): &(&str, &str, &[&[u32]])| Element {
            kind: (*kind).to_owned(),
            name: (*name).to_owned(),
            needs: needs.iter().map(|group| group.to_vec()).collect(),
        };
        Report { kinds: Kind::standard(), elements: elements.iter().map(element).collect(), ..Report::default() }
    }

    #[test]
    fn a_place_stands_in_the_narrowest_that_it_needs() {
        let report = report(&[
            ("site", "home", &[]),
            ("rack", "r1", &[&[0]]),
            ("hypervisor", "pve1", &[&[0], &[1], &[4, 5]]),
            ("node", "cp1", &[&[2]]),
            ("power_feed", "a", &[&[0]]),
            ("power_feed", "b", &[]),
            ("process", "etcd on cp1", &[&[3]]),
        ]);
        let drawing = Drawing::of(&report);
        let site = &drawing.places[0];
        let rack = &site.places[0];
        let host = &rack.places[0];
        assert_eq!((site.element, rack.element, host.element), (0, 1, 2));
        assert_eq!(host.hangs_on, [[4, 5]]);
        assert_eq!(mark(&report, &host.hangs_on[0]), "power feed a or b");
        assert_eq!((site.supplies.as_slice(), drawing.supplies.as_slice()), (&[4][..], &[5][..]));
        assert_eq!(host.places[0].parts, [6]);
        assert_eq!(short(&report, 6, "cp1"), "etcd");
        assert_eq!(within(&report, site), "1 rack, 1 hypervisor, 1 node");
        assert_eq!(drawing.total, 4);
        assert_eq!((drawing.depth_within(100), drawing.depth_within(2), drawing.depth_within(0)), (4, 2, 1));
    }

    #[test]
    fn what_all_hang_on_is_said_once() {
        let report = report(&[
            ("rack", "r1", &[]),
            ("power_feed", "a", &[]),
            ("hypervisor", "pve1", &[&[0], &[1]]),
            ("hypervisor", "pve2", &[&[0], &[1]]),
        ]);
        let rack = &Drawing::of(&report).places[0];
        assert_eq!(rack.each_hangs_on, [[1]]);
        assert!(rack.places.iter().all(|place| place.hangs_on.is_empty()));
        assert_eq!(mark(&report, &rack.each_hangs_on[0]), "power feed a only");
    }

    #[test]
    fn what_needs_itself_is_drawn_and_ends() {
        let report = report(&[
            ("node", "a", &[&[1]]),
            ("node", "b", &[&[0]]),
            ("rack", "c", &[&[2]]),
            ("switch", "s", &[&[4]]),
            ("switch", "t", &[&[3]]),
        ]);
        let drawing = Drawing::of(&report);
        assert_eq!((drawing.places.len(), drawing.supplies.len()), (3, 2));
    }
}

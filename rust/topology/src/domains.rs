//! Failure domains: elements that fail, and what they take with them.
//!
//! An element is lost when it fails itself, or when *all* elements of one of its groups are lost: a host behind two
//! power feeds lives as long as one of them does, and dies with its only hypervisor.

mod kind;

pub use kind::Kind;
use std::collections::HashMap;
use tree::Origin;

/// Index of an element in [`Domains::elements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(pub u32);

/// One thing that can fail.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Where it was declared; empty when it is only implied by its use.
    pub origin: Origin,
    /// Groups of elements; it is lost when all of one group are.
    pub needs: Vec<Vec<ElementId>>,
}

/// All elements of a topology.
#[derive(Clone, Debug, Default)]
pub struct Domains {
    /// The elements.
    pub elements: Vec<Element>,
    /// Names of the kinds that the pillar names; [`Kind::Named`] is an index here.
    named: Vec<String>,
    names: HashMap<(Kind, String), ElementId>,
    dependents: Vec<Vec<ElementId>>,
}

impl Domains {
    /// The kind of that name under `failure_domains`, made when it is new; `None` beyond 256 of them.
    pub fn name_kind(&mut self, name: &str) -> Option<Kind> {
        if let Some(known) = self.named_kind(name) {
            return Some(known);
        }
        let kind = u8::try_from(self.named.len()).ok().map(Kind::Named)?;
        self.named.push(name.to_owned());
        Some(kind)
    }

    fn named_kind(&self, name: &str) -> Option<Kind> {
        let place = self.named.iter().position(|known| known == name)?;
        u8::try_from(place).ok().map(Kind::Named)
    }

    /// All kinds: those that every pillar has, and those that it names.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> + use<> {
        Kind::ALL.into_iter().chain((0..=u8::MAX).map(Kind::Named).take(self.named.len()))
    }

    /// The kind with this key in `targets.survive`.
    #[must_use]
    pub fn kind(&self, key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.key() == key).or_else(|| self.named_kind(key))
    }

    /// The key of a kind in `targets.survive`.
    #[must_use]
    pub fn key(&self, kind: Kind) -> &str {
        match kind {
            Kind::Named(place) => self.named.get(usize::from(place)).map_or(kind.key(), String::as_str),
            _ => kind.key(),
        }
    }

    /// The name of a kind in a sentence.
    #[must_use]
    pub fn words(&self, kind: Kind) -> &str {
        if let Kind::Named(_) = kind { self.key(kind) } else { kind.words() }
    }

    /// Adds an element, or finds the one of that kind and name.
    pub fn add(&mut self, kind: Kind, name: &str, origin: Origin) -> ElementId {
        if let Some(known) = self.find(kind, name) {
            return known;
        }
        let id = ElementId(u32::try_from(self.elements.len()).unwrap_or(u32::MAX));
        self.elements.push(Element { kind, name: name.to_owned(), origin, needs: Vec::new() });
        self.dependents.push(Vec::new());
        self.names.insert((kind, name.to_owned()), id);
        id
    }

    /// Says that an element is lost when all of a group are. An empty group says nothing.
    pub fn needs_one_of(&mut self, element: ElementId, group: Vec<ElementId>) {
        if group.is_empty() {
            return;
        }
        for needed in &group {
            self.dependents[needed.0 as usize].push(element);
        }
        self.elements[element.0 as usize].needs.push(group);
    }

    /// The element of that kind and name.
    #[must_use]
    pub fn find(&self, kind: Kind, name: &str) -> Option<ElementId> {
        self.names.get(&(kind, name.to_owned())).copied()
    }

    /// The element with this id.
    #[must_use]
    pub fn element(&self, id: ElementId) -> &Element {
        &self.elements[id.0 as usize]
    }

    /// The elements of that name, whatever their kind.
    pub fn of_name<'d>(&'d self, name: &'d str) -> impl Iterator<Item = ElementId> + 'd {
        self.kinds().filter_map(move |kind| self.find(kind, name))
    }

    /// The elements of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = ElementId> {
        let numbered = (0u32..).map(ElementId).zip(&self.elements);
        numbered.filter(move |(_, element)| element.kind == kind).map(|(id, _)| id)
    }

    /// All elements that are lost when these fail, themselves included; sorted.
    #[must_use]
    pub fn lost_with(&self, failed: &[ElementId]) -> Vec<ElementId> {
        let mut lost: std::collections::BTreeSet<ElementId> = failed.iter().copied().collect();
        let mut open: Vec<ElementId> = failed.to_vec();
        while let Some(id) = open.pop() {
            for dependent in &self.dependents[id.0 as usize] {
                let dies =
                    self.element(*dependent).needs.iter().any(|group| group.iter().all(|needed| lost.contains(needed)));
                if dies && lost.insert(*dependent) {
                    open.push(*dependent);
                }
            }
        }
        lost.into_iter().collect()
    }

    /// Names of the nodes that are lost when these fail; sorted by element.
    pub fn nodes_lost_with(&self, failed: &[ElementId]) -> impl Iterator<Item = &str> {
        let lost = self.lost_with(failed).into_iter().map(|id| self.element(id));
        lost.filter(|element| element.kind == Kind::Node).map(|element| element.name.as_str())
    }

    /// All elements, each after those that it needs. There is no circle in a resolved topology.
    #[must_use]
    pub fn needed_first(&self) -> Vec<ElementId> {
        let mut open: Vec<usize> = self.elements.iter().map(|element| element.needs.concat().len()).collect();
        let mut order: Vec<ElementId> =
            (0u32..).map(ElementId).take(self.elements.len()).filter(|id| open[id.0 as usize] == 0).collect();
        let mut next = 0;
        while let Some(id) = order.get(next) {
            for dependent in &self.dependents[id.0 as usize] {
                let left = &mut open[dependent.0 as usize];
                *left -= 1;
                if *left == 0 {
                    order.push(*dependent);
                }
            }
            next += 1;
        }
        order
    }

    /// The elements of one circle of dependencies, if there is one.
    #[must_use]
    pub fn circle(&self) -> Option<Vec<ElementId>> {
        let mut state = vec![Mark::New; self.elements.len()];
        (0..self.elements.len()).find_map(|start| self.circle_from(start, &mut state))
    }

    fn circle_from(&self, start: usize, state: &mut [Mark]) -> Option<Vec<ElementId>> {
        let mut path: Vec<(usize, std::vec::IntoIter<ElementId>)> = Vec::new();
        let needed = |at: usize| self.elements[at].needs.concat().into_iter();
        if state[start] == Mark::New {
            state[start] = Mark::Open;
            path.push((start, needed(start)));
        }
        while let Some((at, rest)) = path.last_mut() {
            let at = *at;
            let Some(next) = rest.next() else {
                state[at] = Mark::Done;
                path.pop();
                continue;
            };
            let next = next.0 as usize;
            match state[next] {
                Mark::Open => {
                    let from = path.iter().position(|(on_path, _)| *on_path == next).unwrap_or(0);
                    let id = |(at, _): &(usize, _)| ElementId(u32::try_from(*at).unwrap_or(u32::MAX));
                    return Some(path[from..].iter().map(id).collect());
                }
                Mark::New => {
                    state[next] = Mark::Open;
                    path.push((next, needed(next)));
                }
                Mark::Done => {}
            }
        }
        None
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(domains: &Domains, ids: &[ElementId]) -> Vec<String> {
        ids.iter().map(|id| domains.element(*id).name.clone()).collect()
    }

    #[test]
    fn a_host_on_two_feeds_dies_only_with_both() {
        let mut domains = Domains::default();
        let [a, b] = ["a", "b"].map(|name| domains.add(Kind::PowerFeed, name, Origin::default()));
        let host = domains.add(Kind::Hypervisor, "pve1", Origin::default());
        let node = domains.add(Kind::Node, "cp1", Origin::default());
        domains.needs_one_of(host, vec![a, b]);
        domains.needs_one_of(node, vec![host]);
        assert_eq!(names(&domains, &domains.lost_with(&[a])), ["a"]);
        assert_eq!(domains.nodes_lost_with(&[a, b]).collect::<Vec<_>>(), ["cp1"]);
    }

    #[test]
    fn a_circle_is_found() {
        let mut domains = Domains::default();
        let [a, b, c] = ["a", "b", "c"].map(|name| domains.add(Kind::PowerFeed, name, Origin::default()));
        domains.needs_one_of(a, vec![b]);
        domains.needs_one_of(b, vec![c]);
        assert_eq!(domains.circle(), None);
        domains.needs_one_of(c, vec![b]);
        assert_eq!(names(&domains, &domains.circle().unwrap()), ["b", "c"]);
    }
}

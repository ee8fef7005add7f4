//! What each name stands for.
//!
//! A definition has a path: the names of its fault tree and components, and its own, with full stops between. Anyone may
//! say the path. A public definition may also be named by its own name alone, from everywhere; a private one from within
//! its component.

use super::document::{Document, Place};
use super::error::{MefError, MefFault};
use crate::formula::{EventId, count};
use rustc_hash::FxHashMap;

/// Components one within another.
const DEEPEST: usize = 64;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defined {
    /// Index in [`Scope::gates`].
    Gate(usize),
    /// An event that has happened or not.
    House(bool),
    /// A basic event.
    Basic(EventId),
}

/// A gate.
#[derive(Debug)]
pub(super) struct Gate {
    /// Its definition.
    pub(super) place: Place,
    /// The name that it is called by: its own when it is public, else its path.
    pub(super) name: String,
    /// The path of what it stands in.
    pub(super) path: String,
    /// Name of its fault tree.
    pub(super) tree: String,
}

/// All definitions.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) gates: Vec<Gate>,
    /// Basic events in the order of the text, with the probability where one is given.
    pub(super) events: Vec<(String, Option<f64>)>,
    known: FxHashMap<String, Defined>,
}

/// A fault tree, component or the model's data, not yet looked into.
struct Container {
    place: Place,
    path: String,
    tree: String,
    depth: usize,
    public: bool,
}

impl Scope {
    /// Collects the definitions of a document.
    pub(super) fn of(document: &Document<'_>) -> Result<Self, MefError> {
        let mut scope = Self::default();
        let root = document.element_at(0);
        if root.tag != "opsa-mef" {
            return Err(document.misplaced(0));
        }
        // The last one is looked into first, so that definitions come in the order of the text.
        let mut open: Vec<Container> = Vec::new();
        for place in root.children.iter().rev() {
            let container = match document.element_at(*place).tag.as_str() {
                "define-fault-tree" => {
                    let name = document.name(*place)?.to_owned();
                    Container { place: *place, path: name.clone(), tree: name, depth: 1, public: true }
                }
                "model-data" => {
                    Container { place: *place, path: String::new(), tree: String::new(), depth: 1, public: true }
                }
                _ => return Err(not_understood(document, *place)),
            };
            open.push(container);
        }
        while let Some(container) = open.pop() {
            let mut inner = Vec::new();
            for place in &document.element_at(container.place).children {
                inner.extend(scope.define(document, &container, *place)?);
            }
            open.extend(inner.into_iter().rev());
        }
        Ok(scope)
    }

    /// What a reference from within a path stands for: the nearest definition.
    pub(super) fn find(&self, path: &str, name: &str) -> Option<Defined> {
        let mut path = path;
        while !path.is_empty() {
            if let Some(found) = self.known.get(&format!("{path}.{name}")) {
                return Some(*found);
            }
            path = path.rsplit_once('.').map_or("", |(path, _)| path);
        }
        self.known.get(name).copied()
    }

    fn define(
        &mut self,
        document: &Document<'_>,
        container: &Container,
        place: Place,
    ) -> Result<Option<Container>, MefError> {
        let element = document.element_at(place);
        if element.tag == "define-parameter" {
            return Ok(None);
        }
        if !["define-gate", "define-house-event", "define-basic-event", "define-component"].contains(&&*element.tag) {
            return Err(not_understood(document, place));
        }
        let own = document.name(place)?;
        let path = if container.path.is_empty() { own.to_owned() } else { format!("{}.{own}", container.path) };
        let public = match element.attributes.role.as_deref() {
            None => container.public,
            Some("public") => true,
            Some("private") => false,
            Some(_) => {
                let (element, expected) = (element.tag.clone(), "`public` or `private`");
                return Err(document.wrong(place, MefFault::Attribute { element, attribute: "role", expected }));
            }
        };
        if container.path.is_empty() && ["define-gate", "define-component"].contains(&&*element.tag) {
            return Err(document.misplaced(place));
        }
        let name = if public { own.to_owned() } else { path.clone() };
        let defined = match element.tag.as_str() {
            "define-component" => {
                if container.depth == DEEPEST {
                    return Err(document.wrong(place, MefFault::TooLarge));
                }
                let (tree, depth) = (container.tree.clone(), container.depth + 1);
                return Ok(Some(Container { place, path, tree, depth, public }));
            }
            "define-gate" => {
                let (path, tree) = (container.path.clone(), container.tree.clone());
                self.gates.push(Gate { place, name: name.clone(), path, tree });
                Defined::Gate(self.gates.len() - 1)
            }
            "define-house-event" => Defined::House(house_event(document, place)?),
            _ => {
                self.events.push((name.clone(), probability(document, place, &name)?));
                Defined::Basic(EventId(count(self.events.len() - 1)))
            }
        };
        let names = if name == path { vec![path] } else { vec![name, path] };
        for name in names {
            if self.known.insert(name.clone(), defined).is_some() {
                return Err(document.wrong(place, MefFault::Duplicate(name)));
            }
        }
        Ok(None)
    }
}

/// An element that may be anywhere in a document of this format, and not here.
fn not_understood(document: &Document<'_>, place: Place) -> MefError {
    document.wrong(place, MefFault::NotUnderstood(document.element_at(place).tag.clone()))
}

/// Without a constant it has not happened.
fn house_event(document: &Document<'_>, place: Place) -> Result<bool, MefError> {
    match document.element_at(place).children[..] {
        [] => Ok(false),
        [constant] if document.element_at(constant).tag == "constant" => truth(document, constant),
        [other, ..] => Err(document.misplaced(other)),
    }
}

/// The value of a constant.
pub(super) fn truth(document: &Document<'_>, place: Place) -> Result<bool, MefError> {
    let element = document.element_at(place);
    match element.attributes.value.as_deref() {
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        _ => {
            let (element, expected) = (element.tag.clone(), "`true` or `false`");
            Err(document.wrong(place, MefFault::Attribute { element, attribute: "value", expected }))
        }
    }
}

fn probability(document: &Document<'_>, place: Place, name: &str) -> Result<Option<f64>, MefError> {
    let wrong =
        |place: Place, value: String| document.wrong(place, MefFault::Probability { name: name.to_owned(), value });
    let constant = match document.element_at(place).children[..] {
        [] => return Ok(None),
        [constant] => constant,
        [_, second, ..] => return Err(document.misplaced(second)),
    };
    let element = document.element_at(constant);
    match element.tag.as_str() {
        "bool" => Ok(Some(if truth(document, constant)? { 1.0 } else { 0.0 })),
        "float" | "int" => {
            let written = element.attributes.value.as_deref().unwrap_or_default().trim();
            match written.parse::<f64>() {
                Ok(value) if (0.0..=1.0).contains(&value) => Ok(Some(value)),
                _ => Err(wrong(constant, format!("`{written}`"))),
            }
        }
        other => Err(wrong(constant, format!("an expression `{other}`"))),
    }
}

//! A place in the pillar: the path that is printed, and the span that is shown.

use std::fmt::Write;

use crate::{NodeId, Origin, Span, Tree, Value, is_secret_key};

/// A place to which a finding points: a section, one of its fields, or an item of a field's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The section.
    pub origin: Origin,
    /// The field of the section, if not the section itself.
    pub field: Option<String>,
    /// The item of the field's list, from 0.
    pub item: Option<usize>,
}

impl Place {
    /// The section itself.
    #[must_use]
    pub fn section(origin: Origin) -> Self {
        Self { origin, field: None, item: None }
    }

    /// A field of a section, written or not.
    #[must_use]
    pub fn field(origin: Origin, field: &str) -> Self {
        Self { field: Some(field.to_owned()), ..Self::section(origin) }
    }

    /// An item of a list that is a field of a section.
    #[must_use]
    pub fn item(origin: Origin, field: &str, item: usize) -> Self {
        Self { item: Some(item), ..Self::field(origin, field) }
    }
}

/// A [`Place`] found in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Dotted path from the root, such as `nodes.cp1.ip` or `acknowledge[0]`.
    pub path: String,
    /// Where it was written; the nearest enclosing mapping where the field itself was not written.
    pub span: Option<Span>,
}

impl Tree {
    /// Finds the path and the span of a place.
    #[must_use]
    pub fn locate(&self, place: &Place) -> Target {
        let Some(section) = place.origin.0 else {
            return Target { path: place.field.clone().unwrap_or_default(), span: None };
        };
        let mut path = self.path(section);
        let Some(field) = &place.field else { return Target { path, span: self.heading_span(section) } };
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(field);
        let Some(value) = self.get(section, field) else { return Target { path, span: self.heading_span(section) } };
        if let Some(index) = place.item {
            let _ = write!(path, "[{index}]");
            if let Value::List(items) = self.value(value)
                && let Some(item) = items.get(index)
            {
                return Target { path, span: self.node(*item).span };
            }
        }
        let span = if self.is_collection(value) { self.entry_key_span(section, field) } else { self.node(value).span };
        Target { path, span: span.or(self.node(value).span) }
    }

    /// Dotted path of a node from its root.
    #[must_use]
    pub fn path(&self, id: NodeId) -> String {
        let mut parts = Vec::new();
        let mut current = id;
        while let Some(parent) = self.node(current).parent {
            match self.value(parent) {
                Value::Map(entries) => {
                    if let Some((key, _)) = entries.iter().find(|(key, value)| *value == current || *key == current) {
                        parts.push(self.key_text(*key));
                    }
                }
                Value::List(items) => {
                    if let Some(index) = items.iter().position(|item| *item == current) {
                        parts.push(format!("[{index}]"));
                    }
                }
                _ => {}
            }
            current = parent;
        }
        let mut path = String::new();
        for part in parts.iter().rev() {
            if !path.is_empty() && !part.starts_with('[') {
                path.push('.');
            }
            path.push_str(part);
        }
        path
    }

    /// Whether the node stands under a key that holds a secret.
    #[must_use]
    pub fn is_secret(&self, id: NodeId) -> bool {
        let mut current = id;
        while let Some(parent) = self.node(current).parent {
            if let Value::Map(entries) = self.value(parent)
                && let Some((key, _)) = entries.iter().find(|(_, value)| *value == current)
                && is_secret_key(&self.key_text(*key))
            {
                return true;
            }
            current = parent;
        }
        false
    }

    /// Spans of all scalars that stand under keys that hold secrets, so that no source line shows them.
    #[must_use]
    pub fn secret_spans(&self, root: NodeId) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut open = vec![(root, false)];
        while let Some((id, secret)) = open.pop() {
            if !seen.insert((id, secret)) {
                continue;
            }
            match self.value(id) {
                Value::List(items) => open.extend(items.iter().map(|item| (*item, secret))),
                Value::Map(entries) => {
                    open.extend(
                        entries.iter().map(|(key, item)| (*item, secret || is_secret_key(&self.key_text(*key)))),
                    );
                }
                _ if secret => spans.extend(self.node(id).span),
                _ => {}
            }
        }
        spans
    }

    fn is_collection(&self, id: NodeId) -> bool {
        matches!(self.value(id), Value::List(_) | Value::Map(_))
    }

    fn entry_key_span(&self, map: NodeId, key: &str) -> Option<Span> {
        self.entry(map, key).and_then(|(key, _)| self.node(key).span)
    }

    /// The key under which a section stands: a better place to point at than the whole of its lines. For a section that
    /// nobody wrote, the nearest one around it that somebody did.
    fn heading_span(&self, section: NodeId) -> Option<Span> {
        let mut current = section;
        loop {
            let parent = self.node(current).parent;
            let heading = parent.and_then(|parent| match self.value(parent) {
                Value::Map(entries) => entries.iter().find(|(_, value)| *value == current).map(|(key, _)| *key),
                _ => None,
            });
            let span = heading.and_then(|key| self.node(key).span).or(self.node(current).span);
            match (span, parent) {
                (None, Some(parent)) => current = parent,
                _ => return span,
            }
        }
    }
}

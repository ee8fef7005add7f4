//! Merge keys `<<`, by Salt's own rules: what the mapping has itself wins, and what two merged mappings both have
//! stands twice and is refused later as a duplicate key.
//!
//! Source: `flatten_mapping` of `salt.utils.yamlloader`.

use std::borrow::Cow;
use std::collections::HashSet;

use tree::NodeId;

use crate::compose::{too_deep, too_many};
use crate::construct::Constructor;
use crate::error::{Error, ErrorKind};
use crate::graph::{Content, Shape, start};
use crate::tag::Tag;

/// Merge keys in one mapping. Salt has no limit; removing them one by one takes time with the square of their number.
const MOST_MERGE_KEYS: usize = 100;

type Entries = Vec<(NodeId, NodeId)>;

/// How Salt compares keys while merging: by the text written, and not by the value read.
#[derive(PartialEq, Eq, Hash)]
enum Name<'a> {
    Scalar(Cow<'a, str>),
    List(&'a [NodeId]),
    Map(&'a [(NodeId, NodeId)]),
}

impl Constructor<'_> {
    /// Puts the entries of merged mappings before the mapping's own.
    pub(crate) fn flatten(&mut self, index: usize, depth: usize) -> Result<(), Error> {
        if !self.graph.collections[index].special {
            return Ok(());
        }
        if depth >= self.limits.depth {
            return Err(too_deep(self.limits).at(self.graph.collections[index].span.start));
        }
        let mut merged = Entries::new();
        let mut merge_keys = 0;
        let mut next = 0;
        while let Some((key, value)) = self.entry(index, next) {
            match self.graph.mark(key).tag {
                Tag::Merge => {
                    merge_keys += 1;
                    if merge_keys > MOST_MERGE_KEYS {
                        let message = format!("a mapping has more than {MOST_MERGE_KEYS} merge keys `<<`");
                        return Err(Error::new(ErrorKind::Merge, message).at(start(self.tree, key)));
                    }
                    self.remove(index, next);
                    self.collect(value, depth, &mut merged)?;
                }
                Tag::Default => {
                    self.graph.mark_mut(key).tag = Tag::Text;
                    next += 1;
                }
                _ => next += 1,
            }
        }
        self.graph.collections[index].special = false;
        self.prepend(index, merged);
        Ok(())
    }

    fn entry(&self, index: usize, position: usize) -> Option<(NodeId, NodeId)> {
        match &self.graph.collections[index].content {
            Content::Entries(entries) => entries.get(position).copied(),
            Content::Items(_) => None,
        }
    }

    fn remove(&mut self, index: usize, position: usize) {
        if let Content::Entries(entries) = &mut self.graph.collections[index].content {
            entries.remove(position);
        }
    }

    /// The entries behind a `<<`: of one mapping, or of a list of mappings, the last first.
    fn collect(&mut self, value: NodeId, depth: usize, merged: &mut Entries) -> Result<(), Error> {
        let Shape::Collection(index) = self.graph.mark(value).shape else { return Err(self.not_mergeable(value)) };
        let Content::Items(items) = &self.graph.collections[index].content else {
            return self.collect_one(index, depth, merged);
        };
        let items = items.clone();
        for item in &items {
            let Shape::Collection(mapping) = self.graph.mark(*item).shape else {
                return Err(self.not_mergeable(*item));
            };
            if self.graph.entries(*item).is_none() {
                return Err(self.not_mergeable(*item));
            }
            self.flatten(mapping, depth + 1)?;
        }
        for item in items.iter().rev() {
            if let Shape::Collection(mapping) = self.graph.mark(*item).shape {
                self.extend(mapping, merged)?;
            }
        }
        Ok(())
    }

    fn collect_one(&mut self, index: usize, depth: usize, merged: &mut Entries) -> Result<(), Error> {
        self.flatten(index, depth + 1)?;
        self.extend(index, merged)
    }

    fn extend(&mut self, index: usize, merged: &mut Entries) -> Result<(), Error> {
        let collection = &self.graph.collections[index];
        let Content::Entries(entries) = &collection.content else { return Ok(()) };
        let Some(left) = self.merges_left.checked_sub(entries.len()) else {
            return Err(too_many(self.limits).at(collection.span.start));
        };
        self.merges_left = left;
        merged.extend_from_slice(entries);
        Ok(())
    }

    fn prepend(&mut self, index: usize, mut merged: Entries) {
        if merged.is_empty() {
            return;
        }
        let Content::Entries(own) = &self.graph.collections[index].content else { return };
        let own = own.clone();
        let names: HashSet<Name<'_>> = own.iter().map(|(key, _)| self.name(*key)).collect();
        merged.retain(|(key, _)| !names.contains(&self.name(*key)));
        drop(names);
        merged.extend(own);
        self.graph.collections[index].content = Content::Entries(merged);
    }

    fn name(&self, key: NodeId) -> Name<'_> {
        match self.graph.mark(key).shape {
            Shape::Collection(index) => match &self.graph.collections[index].content {
                Content::Items(items) => Name::List(items),
                Content::Entries(entries) => Name::Map(entries),
            },
            _ => Name::Scalar(self.graph.text(self.tree, key)),
        }
    }

    fn not_mergeable(&self, node: NodeId) -> Error {
        let message = format!("`<<` merges a mapping or a list of mappings, and here is {}", self.graph.kind(node));
        Error::new(ErrorKind::Merge, message).at(start(self.tree, node))
    }
}

//! Salt's loader, step by step: what it refuses, and what it changes while reading.
//!
//! Source: `BaseConstructor` and `SafeConstructor` of `PyYAML` 6, with the changes of `salt.utils.yamlloader`. Python
//! makes a collection when it meets it and fills it later, in the order met; some readings depend on that order.

use std::collections::{HashMap, VecDeque};

use tree::{NodeId, Tree, Value};

use crate::error::{Error, ErrorKind, shortened};
use crate::graph::{Content, Graph, Shape, start};
use crate::integer::without_leading_zeros;
use crate::keys::{Identity, Seen};
use crate::limits::Limits;
use crate::scalar;
use crate::tag::Tag;

/// What the walk made beside the graph.
#[derive(Debug, Default)]
pub(crate) struct Made {
    /// Collections that are read as a scalar (`!!str {=: text}`), by index.
    pub(crate) scalars: HashMap<usize, Value>,
    /// Lists of pairs (`!!pairs`), by index: key, value, and the mapping in which they are written.
    pub(crate) pairs: HashMap<usize, Vec<(NodeId, NodeId, NodeId)>>,
}

pub(crate) struct Constructor<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) graph: Graph,
    pub(crate) limits: &'a Limits,
    /// How many entries merges may still add.
    pub(crate) merges_left: usize,
    made: Made,
    /// Collections that were met and not yet filled.
    waiting: VecDeque<usize>,
}

/// Reads the graph as Salt's loader does.
pub(crate) fn construct(tree: &Tree, graph: Graph, limits: &Limits) -> Result<(Graph, Made), Error> {
    let merges_left = limits.nodes.saturating_sub(graph.marks.len());
    let made = Made::default();
    let mut constructor = Constructor { tree, graph, limits, merges_left, made, waiting: VecDeque::new() };
    constructor.meet(constructor.graph.root)?;
    while let Some(index) = constructor.waiting.pop_front() {
        constructor.fill(index)?;
    }
    Ok((constructor.graph, constructor.made))
}

impl Constructor<'_> {
    /// `construct_object`: a scalar is checked at once, a collection is filled later.
    fn meet(&mut self, node: NodeId) -> Result<(), Error> {
        let mark = self.graph.mark_mut(node);
        if std::mem::replace(&mut mark.made, true) {
            return Ok(());
        }
        let (tag, shape) = (mark.tag, mark.shape);
        match tag {
            Tag::Merge | Tag::Default | Tag::Python | Tag::Unknown => Err(self.unknown(node, tag)),
            Tag::List | Tag::Pairs | Tag::Map | Tag::OrderedMap | Tag::Set => match shape {
                Shape::Collection(index) => {
                    self.waiting.push_back(index);
                    Ok(())
                }
                Shape::Scalar | Shape::Unreadable => Err(self.mismatch(node, tag)),
            },
            _ => match shape {
                Shape::Scalar => Ok(()),
                Shape::Unreadable => Err(self.unreadable(node, tag)),
                Shape::Collection(index) => self.read_default(node, index, tag),
            },
        }
    }

    fn fill(&mut self, index: usize) -> Result<(), Error> {
        let collection = &self.graph.collections[index];
        let node = collection.node;
        let tag = self.graph.mark(node).tag;
        match (&collection.content, tag) {
            (Content::Items(_), Tag::List) => self.fill_list(index),
            (Content::Items(_), Tag::Pairs) => self.fill_pairs(index),
            (Content::Entries(_), Tag::Map | Tag::OrderedMap | Tag::Set) => self.fill_map(index),
            _ => Err(self.mismatch(node, tag)),
        }
    }

    fn fill_list(&mut self, index: usize) -> Result<(), Error> {
        let mut next = 0;
        while let Content::Items(items) = &self.graph.collections[index].content
            && let Some(item) = items.get(next).copied()
        {
            self.meet(item)?;
            next += 1;
        }
        Ok(())
    }

    fn fill_map(&mut self, index: usize) -> Result<(), Error> {
        self.flatten(index, 0)?;
        let mut next = 0;
        while let Content::Entries(entries) = &self.graph.collections[index].content
            && let Some((key, value)) = entries.get(next).copied()
        {
            self.meet(key)?;
            if self.key_value(key).is_none() {
                return Err(self.unusable_key(index, key));
            }
            self.meet(value)?;
            next += 1;
        }
        self.check_duplicates(index)
    }

    fn check_duplicates(&self, index: usize) -> Result<(), Error> {
        let Content::Entries(entries) = &self.graph.collections[index].content else { return Ok(()) };
        let mut seen = Seen::default();
        for (key, _) in entries {
            let identity = self.key_value(*key).and_then(|value| Identity::of(&self.graph, self.tree, value, *key));
            let Some(identity) = identity else { return Err(self.unusable_key(index, *key)) };
            if let Some(first) = seen.insert(identity, *key) {
                return Err(self.duplicate(*key, first));
            }
        }
        Ok(())
    }

    /// The value of a scalar that was met; `None` for collections.
    fn key_value(&self, node: NodeId) -> Option<&Value> {
        match self.graph.mark(node).shape {
            Shape::Collection(index) => self.made.scalars.get(&index),
            _ => Some(self.tree.value(node)),
        }
    }

    fn fill_pairs(&mut self, index: usize) -> Result<(), Error> {
        let Content::Items(items) = &self.graph.collections[index].content else { return Ok(()) };
        let mut pairs = Vec::with_capacity(items.len());
        for item in items.clone() {
            let Some([(key, value)]) = self.graph.entries(item) else {
                let message = "each item of `!!pairs` must be a mapping with one key";
                return Err(Error::new(ErrorKind::Value, message).at(start(self.tree, item)));
            };
            let (key, value) = (*key, *value);
            self.meet(key)?;
            self.meet(value)?;
            pairs.push((key, value, item));
        }
        self.made.pairs.insert(index, pairs);
        Ok(())
    }

    /// A mapping where its tag wants a scalar stands for the value of its key `=`.
    fn read_default(&mut self, node: NodeId, index: usize, tag: Tag) -> Result<(), Error> {
        // Salt's own reading of an integer takes the mapping's entries for its text, and fails.
        if matches!(tag, Tag::Integer | Tag::PythonText) {
            return Err(self.mismatch(node, tag));
        }
        let mut scalar = node;
        for _ in 0..self.limits.depth {
            let entries = self.graph.entries(scalar).unwrap_or_default();
            let default = entries.iter().find(|(key, _)| self.graph.mark(*key).tag == Tag::Default);
            let Some((_, value)) = default else { return Err(self.mismatch(node, tag)) };
            scalar = *value;
            let mark = self.graph.mark(scalar);
            if matches!(mark.shape, Shape::Collection(_)) {
                if mark.tag == Tag::Integer {
                    return Err(self.mismatch(node, tag));
                }
                continue;
            }
            let text = self.graph.text(self.tree, scalar);
            let text = if mark.tag == Tag::Integer { without_leading_zeros(&text) } else { &text };
            let Some(value) = scalar::read(tag, text) else { return Err(self.unreadable(node, tag)) };
            self.made.scalars.insert(index, value);
            return Ok(());
        }
        Err(self.mismatch(node, tag))
    }

    fn unknown(&self, node: NodeId, tag: Tag) -> Error {
        // The tag's name is not printed: a password that begins with `!` is a tag too.
        let message = match tag {
            Tag::Merge => "`<<` is a merge key and cannot be a value; put it in quotes",
            Tag::Default => "`=` cannot be a value; put it in quotes",
            Tag::Python => "Salt reads no `!!python` tags",
            _ => "Salt does not know the tag that begins with `!` here; if it is text, put it in quotes",
        };
        Error::new(ErrorKind::UnknownTag, message).at(start(self.tree, node))
    }

    fn mismatch(&self, node: NodeId, tag: Tag) -> Error {
        let wanted = match tag {
            Tag::List | Tag::Pairs => "a list",
            Tag::Map | Tag::OrderedMap | Tag::Set => "a mapping",
            _ => "a scalar",
        };
        let message = format!("the tag `{}` wants {wanted}, and here is {}", tag.written(), self.graph.kind(node));
        Error::new(ErrorKind::Value, message).at(start(self.tree, node))
    }

    fn unreadable(&self, node: NodeId, tag: Tag) -> Error {
        let what = match tag {
            Tag::Integer => "this cannot be read as an integer",
            Tag::Float => "this cannot be read as a number",
            Tag::Bool => "this cannot be read as a boolean; write true or false",
            _ => "this is not base64",
        };
        Error::new(ErrorKind::Value, what).at(start(self.tree, node))
    }

    fn unusable_key(&self, index: usize, key: NodeId) -> Error {
        let message = match self.graph.entries(key) {
            Some(_) => "a mapping cannot be a key; was `{{ }}` meant, of a template that was not rendered?",
            None => "a list cannot be a key; put it in quotes if it is text",
        };
        Error::new(ErrorKind::UnusableKey, message)
            .at(start(self.tree, key))
            .because("in the mapping that begins here", self.graph.collections[index].span.start)
    }

    fn duplicate(&self, key: NodeId, first: NodeId) -> Error {
        let written = self.graph.written(self.tree, key);
        let before = self.graph.written(self.tree, first);
        let mut message = format!("the key `{}` stands twice in this mapping", shortened(&written));
        if written != before {
            message = format!("the keys `{}` and `{}` are the same key", shortened(&before), shortened(&written));
        }
        Error::new(ErrorKind::DuplicateKey, message)
            .at(start(self.tree, key))
            .because("first written here", start(self.tree, first))
    }
}

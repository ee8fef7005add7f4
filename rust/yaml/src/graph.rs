//! A document between its events and its values: nodes with tags, in which aliases are the same node.
//!
//! The nodes are in the tree already; scalars have their values, and collections are still empty. The reading that
//! follows changes tags and entries as Salt's loader does.

use std::borrow::Cow;
use std::collections::HashMap;

use tree::{NodeId, Position, Span, Tree, Value};

use crate::integer::without_leading_zeros;
use crate::scalar;
use crate::tag::Tag;

/// A composed document.
#[derive(Debug)]
pub(crate) struct Graph {
    /// The number of the first node of this document in the tree.
    pub(crate) base: u32,
    pub(crate) root: NodeId,
    /// One for each node, in the order of their beginnings.
    pub(crate) marks: Vec<Mark>,
    /// In the order of their beginnings.
    pub(crate) collections: Vec<Collection>,
    /// Texts of scalars that cannot be made from their values.
    pub(crate) texts: HashMap<NodeId, Box<str>>,
    /// Whether an alias stands for a collection, so that the depth and the size of the tree are not those of the text.
    pub(crate) shared: bool,
}

/// What is known about a node beside its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) tag: Tag,
    pub(crate) shape: Shape,
    /// Whether Salt's loader made an object of it.
    pub(crate) made: bool,
}

/// A scalar or a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Scalar,
    /// A scalar whose text its tag cannot read. That matters only if Salt's loader asks for its value.
    Unreadable,
    /// The index of the collection.
    Collection(usize),
}

/// A list or a mapping.
#[derive(Debug)]
pub(crate) struct Collection {
    pub(crate) node: NodeId,
    /// The last node inside.
    pub(crate) last: NodeId,
    pub(crate) span: Span,
    pub(crate) content: Content,
    /// Whether a key may be `<<` or `=`.
    pub(crate) special: bool,
}

/// What is in a collection.
#[derive(Debug)]
pub(crate) enum Content {
    Items(Vec<NodeId>),
    Entries(Vec<(NodeId, NodeId)>),
}

impl Graph {
    fn index(&self, node: NodeId) -> usize {
        (node.0 - self.base) as usize
    }

    pub(crate) fn mark(&self, node: NodeId) -> Mark {
        self.marks[self.index(node)]
    }

    pub(crate) fn mark_mut(&mut self, node: NodeId) -> &mut Mark {
        let index = self.index(node);
        &mut self.marks[index]
    }

    pub(crate) fn collection(&self, node: NodeId) -> Option<&Collection> {
        match self.mark(node).shape {
            Shape::Collection(index) => self.collections.get(index),
            Shape::Scalar | Shape::Unreadable => None,
        }
    }

    /// The entries of a mapping; none for other nodes.
    pub(crate) fn entries(&self, node: NodeId) -> Option<&[(NodeId, NodeId)]> {
        match &self.collection(node)?.content {
            Content::Entries(entries) => Some(entries),
            Content::Items(_) => None,
        }
    }

    /// What a message calls the node.
    pub(crate) fn kind(&self, node: NodeId) -> &'static str {
        match self.collection(node).map(|collection| &collection.content) {
            Some(Content::Entries(_)) => "a mapping",
            Some(Content::Items(_)) => "a list",
            None => "a scalar",
        }
    }

    /// The text of a scalar as Salt's loader has it at this moment: from integers that were read, leading zeros are gone.
    pub(crate) fn text<'a>(&'a self, tree: &'a Tree, node: NodeId) -> Cow<'a, str> {
        let mark = self.mark(node);
        match self.written(tree, node) {
            Cow::Borrowed(text) if mark.made && mark.tag == Tag::Integer => Cow::Borrowed(without_leading_zeros(text)),
            written => written,
        }
    }

    /// The text of a scalar as it was written, without quotes.
    pub(crate) fn written<'a>(&'a self, tree: &'a Tree, node: NodeId) -> Cow<'a, str> {
        match tree.value(node) {
            Value::Text(text) => Cow::Borrowed(&**text),
            value => match (self.texts.get(&node), &tree.node(node).written) {
                (Some(text), _) | (None, Some(text)) => Cow::Borrowed(&**text),
                (None, None) => Cow::Owned(scalar::text_of(value).unwrap_or_default()),
            },
        }
    }
}

/// Where a node begins.
pub(crate) fn start(tree: &Tree, node: NodeId) -> Position {
    tree.node(node).span.map_or(Position { line: 1, column: 1 }, |span| span.start)
}

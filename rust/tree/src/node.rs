//! Nodes, their values and where they were written.

/// Number of a source text (a file) in the list that the caller keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A place in a text: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// From where to where a node was written. `end` is the first position behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// First character.
    pub start: Position,
    /// Behind the last character.
    pub end: Position,
}

/// Index of a node in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A value as Salt reads it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~`, or nothing written.
    Null,
    /// A boolean (`true`, and YAML 1.1's `on`, `yes`).
    Bool(bool),
    /// An integer that fits 128 bits.
    Integer(i128),
    /// An integer that does not fit 128 bits, as decimal digits with an optional minus sign: Python's integers have no limit.
    BigInteger(Box<str>),
    /// A float, infinities and NaN included.
    Float(f64),
    /// Text.
    Text(Box<str>),
    /// Bytes (`!!binary`).
    Bytes(Box<[u8]>),
    /// A list. Two lists may share a node (YAML aliases).
    List(Vec<NodeId>),
    /// A mapping in the order written. Keys are nodes, so that a key has a span and a type of its own.
    Map(Vec<(NodeId, NodeId)>),
}

/// One node of the tree.
#[derive(Clone, Debug)]
pub struct Node {
    /// What Salt reads.
    pub value: Value,
    /// What was written, where that says more than the value (`1.30`, read as 1.3).
    pub written: Option<Box<str>>,
    /// Where it was written; `None` for values that come from Salt or Python.
    pub span: Option<Span>,
    /// The list or mapping in which it stands first. The key of a mapping has the mapping as its parent too.
    pub parent: Option<NodeId>,
}

/// An arena of nodes.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node and makes it the parent of the nodes that its value holds, where these have none yet.
    ///
    /// # Errors
    /// None: a tree of 2^32 nodes or more cannot be built, because the reader bounds the number of nodes far below.
    pub fn push(&mut self, value: Value, written: Option<Box<str>>, span: Option<Span>) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.adopt(id, &value);
        self.nodes.push(Node { value, written, span, parent: None });
        id
    }

    /// Replaces the value of a node (used by builders that must know the id before the children).
    pub fn fill(&mut self, id: NodeId, value: Value, span: Option<Span>) {
        self.adopt(id, &value);
        let node = &mut self.nodes[id.0 as usize];
        node.value = value;
        node.span = span;
    }

    fn adopt(&mut self, parent: NodeId, value: &Value) {
        let mut claim = |child: &NodeId| {
            if let Some(node) = self.nodes.get_mut(child.0 as usize) {
                node.parent.get_or_insert(parent);
            }
        };
        match value {
            Value::List(items) => items.iter().for_each(claim),
            Value::Map(entries) => entries.iter().for_each(|(key, item)| {
                claim(key);
                claim(item);
            }),
            _ => {}
        }
    }

    /// The node with this id.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The value of the node with this id.
    #[must_use]
    pub fn value(&self, id: NodeId) -> &Value {
        &self.node(id).value
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The text of a text node.
    #[must_use]
    pub fn text(&self, id: NodeId) -> Option<&str> {
        match self.value(id) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Key and value nodes under this text key of a mapping.
    #[must_use]
    pub fn entry(&self, map: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        match self.value(map) {
            Value::Map(entries) => entries.iter().copied().find(|(name, _)| self.names(*name, key)),
            _ => None,
        }
    }

    /// Whether a key node is meant as this name. YAML 1.1 reads a bare `on` as true, so that a key of this name would have
    /// to be quoted; no key is named `true`, so nothing else can be meant.
    #[must_use]
    pub fn names(&self, key: NodeId, name: &str) -> bool {
        match self.value(key) {
            Value::Text(text) => **text == *name,
            Value::Bool(true) => name == "on",
            _ => false,
        }
    }

    /// The value node under this text key of a mapping.
    #[must_use]
    pub fn get(&self, map: NodeId, key: &str) -> Option<NodeId> {
        self.entry(map, key).map(|(_, item)| item)
    }

    /// How a mapping key is written in a path (`nodes.cp1`): text as it is, other scalars as Salt reads them.
    #[must_use]
    pub fn key_text(&self, key: NodeId) -> String {
        match self.value(key) {
            Value::Text(text) => text.to_string(),
            Value::Null => "null".to_owned(),
            Value::Bool(flag) => if *flag { "true" } else { "false" }.to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::BigInteger(digits) => digits.to_string(),
            Value::Float(number) => number.to_string(),
            Value::Bytes(_) => "<bytes>".to_owned(),
            Value::List(_) | Value::Map(_) => "<collection>".to_owned(),
        }
    }
}

impl Value {
    /// What kind of value this is, in words of a message.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::BigInteger(_) => "an integer",
            Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "binary data",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

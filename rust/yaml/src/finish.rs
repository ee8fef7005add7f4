//! The collections of the graph become values of the tree.

use std::mem;

use tree::{NodeId, Tree, Value};

use crate::compose::{too_deep, too_many};
use crate::construct::Made;
use crate::error::{Error, ErrorKind};
use crate::graph::{Collection, Content, Graph, start};
use crate::limits::Limits;
use crate::tag::Tag;

/// Fills the collections that were read. A node gets the collection as its parent in which it is written, also where
/// an alias or a merge put it elsewhere too.
pub(crate) fn finish(tree: &mut Tree, mut graph: Graph, mut made: Made) {
    let mut shared = Vec::new();
    // From the last to the first, so that an inner collection comes before those around it.
    for index in (0..graph.collections.len()).rev() {
        let Collection { node, last, span, .. } = graph.collections[index];
        if !graph.mark(node).made {
            continue;
        }
        let value = value(tree, &mut graph, &mut made, index);
        let inside = |child: &NodeId| node < *child && *child <= last;
        let children = children(&value);
        if children.iter().all(inside) {
            tree.fill(node, value, Some(span));
        } else {
            let own = children.into_iter().filter(inside).collect();
            tree.fill(node, Value::List(own), Some(span));
            shared.push((node, value, span));
        }
    }
    for (node, value, span) in shared.into_iter().rev() {
        tree.fill(node, value, Some(span));
    }
}

fn value(tree: &mut Tree, graph: &mut Graph, made: &mut Made, index: usize) -> Value {
    if let Some(scalar) = made.scalars.remove(&index) {
        return scalar;
    }
    if let Some(pairs) = made.pairs.remove(&index) {
        let mut pair = |(key, value, mapping)| {
            let span = graph.collection(mapping).map(|collection| collection.span);
            tree.push(Value::List(vec![key, value]), None, span)
        };
        return Value::List(pairs.into_iter().map(&mut pair).collect());
    }
    let tag = graph.mark(graph.collections[index].node).tag;
    match &mut graph.collections[index].content {
        Content::Items(items) => Value::List(mem::take(items)),
        Content::Entries(entries) if tag == Tag::Set => Value::List(entries.iter().map(|(key, _)| *key).collect()),
        Content::Entries(entries) => Value::Map(mem::take(entries)),
    }
}

fn children(value: &Value) -> Vec<NodeId> {
    match value {
        Value::List(items) => items.clone(),
        Value::Map(entries) => entries.iter().flat_map(|(key, value)| [*key, *value]).collect(),
        _ => Vec::new(),
    }
}

/// Refuses a collection that contains itself, and a tree that is deeper or larger than the limits once aliases are
/// followed: everybody who walks through the tree may then do so without counting.
pub(crate) fn check_size(tree: &Tree, root: NodeId, base: u32, limits: &Limits) -> Result<(), Error> {
    let mut sizes = vec![Size::Unknown; tree.len() - base as usize];
    let mut open = vec![(root, false)];
    while let Some((node, left)) = open.pop() {
        let index = (node.0 - base) as usize;
        if left {
            let size = sum(tree, &sizes, base, node);
            if size.depth > limits.depth {
                return Err(too_deep(limits).at(start(tree, node)));
            }
            if size.nodes > limits.nodes {
                return Err(too_many(limits).at(start(tree, node)));
            }
            sizes[index] = Size::Known(size);
            continue;
        }
        match sizes[index] {
            Size::Known(_) => {}
            Size::Open => {
                let message = "this list or mapping contains itself by way of an alias";
                return Err(Error::new(ErrorKind::RecursiveAlias, message).at(start(tree, node)));
            }
            Size::Unknown => {
                sizes[index] = Size::Open;
                open.push((node, true));
                let children = children(tree.value(node)).into_iter();
                open.extend(children.filter(|child| is_collection(tree, *child)).map(|child| (child, false)));
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Size {
    Unknown,
    Open,
    Known(Measure),
}

#[derive(Clone, Copy)]
struct Measure {
    depth: usize,
    nodes: usize,
}

fn is_collection(tree: &Tree, node: NodeId) -> bool {
    matches!(tree.value(node), Value::List(_) | Value::Map(_))
}

fn sum(tree: &Tree, sizes: &[Size], base: u32, node: NodeId) -> Measure {
    let mut total = Measure { depth: 1, nodes: 1 };
    for child in children(tree.value(node)) {
        match sizes[(child.0 - base) as usize] {
            Size::Known(size) => {
                total.depth = total.depth.max(size.depth + 1);
                total.nodes = total.nodes.saturating_add(size.nodes);
            }
            Size::Unknown | Size::Open => total.nodes = total.nodes.saturating_add(1),
        }
    }
    total
}

//! Merging as Salt merges pillar files and includes. Spans survive, because merged mappings share their values' nodes.

use crate::{NodeId, Tree, Value};

/// Salt's `pillar_source_merging_strategy`, without `aggregate` and `overwrite` of environments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Mappings are merged key by key, anything else is replaced by what comes later. Salt's default (`smart`) for pillar.
    Recurse,
    /// As [`Strategy::Recurse`], and lists are joined (`pillar_merge_lists: True`).
    RecurseLists,
    /// What comes later replaces whole top-level keys.
    Overwrite,
}

/// Puts `from` over `into` and returns the merged node; both stay as they are.
///
/// Values that only one side has are shared, not copied. The merged mapping has the span of `into`, or of `from` where
/// `into` has none; what comes from each side keeps its own.
pub fn merge(tree: &mut Tree, into: NodeId, from: NodeId, how: Strategy) -> NodeId {
    match (tree.value(into).clone(), tree.value(from).clone()) {
        (Value::Map(below), Value::Map(above)) => merge_maps(tree, (into, below), (from, above), how),
        (Value::List(mut below), Value::List(above)) if how == Strategy::RecurseLists => {
            below.extend(above);
            let span = tree.node(into).span;
            tree.push(Value::List(below), None, span)
        }
        _ => from,
    }
}

type Entries = Vec<(NodeId, NodeId)>;

fn merge_maps(
    tree: &mut Tree,
    (into, below): (NodeId, Entries),
    (from, above): (NodeId, Entries),
    how: Strategy,
) -> NodeId {
    let mut index: std::collections::HashMap<String, usize> =
        below.iter().enumerate().map(|(at, (key, _))| (identity(tree, *key), at)).collect();
    let mut entries = below;
    for (key, value) in above {
        let name = identity(tree, key);
        if let Some(at) = index.get(&name) {
            let merged = if how == Strategy::Overwrite { value } else { merge(tree, entries[*at].1, value, how) };
            let merged_key = if merged == value { key } else { entries[*at].0 };
            entries[*at] = (merged_key, merged);
        } else {
            index.insert(name, entries.len());
            entries.push((key, value));
        }
    }
    let span = tree.node(into).span.or(tree.node(from).span);
    tree.push(Value::Map(entries), None, span)
}

/// Two keys are the same key when Python holds them equal; the kind keeps `1` and `"1"` apart.
fn identity(tree: &Tree, key: NodeId) -> String {
    match tree.value(key) {
        Value::Text(text) => format!("t{text}"),
        other => format!("{}{}", other.kind(), tree.key_text(key)),
    }
}

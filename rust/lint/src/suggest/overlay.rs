//! Lays a change over a pillar.

use serde_json::Value as Json;
use tree::{NodeId, Strategy, Tree, Value, merge};

/// The root with a change laid over it: mappings are joined, everything else is replaced.
pub(super) fn lay_over(tree: &mut Tree, root: NodeId, patch: &Json) -> NodeId {
    let patch = push(tree, patch);
    merge(tree, root, patch, Strategy::Recurse)
}

fn push(tree: &mut Tree, json: &Json) -> NodeId {
    let value = match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Value::Integer(i128::from(integer)),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::Text(text.as_str().into()),
        Json::Array(items) => Value::List(items.iter().map(|item| push(tree, item)).collect()),
        Json::Object(entries) => {
            let entries = entries.iter().map(|(key, item)| {
                let key = tree.push(Value::Text(key.as_str().into()), None, None);
                (key, push(tree, item))
            });
            Value::Map(entries.collect())
        }
    };
    tree.push(value, None, None)
}

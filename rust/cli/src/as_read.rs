//! The values of a file as Salt reads them, as JSON.

use crate::report::print_json;
use crate::{CLEAN, Error, FINDINGS};
use diagnostics::Source;
use serde_json::{Map, Value as Json, json};
use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use tree::{NodeId, SourceId, Tree, Value, is_secret_key};
use yaml::Limits;

/// Prints the values of one file.
///
/// What JSON has no type for is an object with one key: `$bytes` (hex), `$float` (`nan`, `inf`, `-inf`), and `$map` (pairs,
/// where a key is no text). A secret is `{"$secret": "text"}` with the type it was read as, never its value.
pub(crate) fn print(path: &Path, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Error> {
    let unreadable = |error: std::io::Error| Error::Usage(format!("`{}` cannot be read: {error}", path.display()));
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let document = match yaml::parse(&bytes, SourceId(0), &Limits::default()) {
        Ok(document) => document,
        Err(error) => {
            let place = error.position.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
            writeln!(err, "{}{place}: {error}", Source::new(path.display().to_string(), "").name)?;
            return Ok(FINDINGS);
        }
    };
    let json = Printer { tree: &document.tree, open: HashSet::new() }.value(document.root, false);
    print_json(&json, out)?;
    Ok(CLEAN)
}

struct Printer<'t> {
    tree: &'t Tree,
    open: HashSet<NodeId>,
}

impl Printer<'_> {
    fn value(&mut self, node: NodeId, secret: bool) -> Json {
        match self.tree.value(node) {
            Value::List(items) => items.iter().map(|item| self.value(*item, secret)).collect(),
            Value::Map(entries) => self.map(node, entries, secret),
            value if secret => json!({ "$secret": value.kind() }),
            Value::Null => Json::Null,
            Value::Bool(flag) => Json::Bool(*flag),
            Value::Integer(_) | Value::BigInteger(_) => number(&self.tree.key_text(node)),
            Value::Float(float) => serde_json::Number::from_f64(*float)
                .map_or_else(|| json!({ "$float": float.to_string().to_lowercase() }), Json::Number),
            Value::Text(text) => Json::String(text.to_string()),
            Value::Bytes(bytes) => {
                json!({ "$bytes": bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>() })
            }
        }
    }

    fn map(&mut self, node: NodeId, entries: &[(NodeId, NodeId)], secret: bool) -> Json {
        if !self.open.insert(node) {
            return json!({ "$same_as": self.tree.path(node) });
        }
        let below = |key: NodeId| secret || is_secret_key(&self.tree.key_text(key));
        let json = if entries.iter().all(|(key, _)| self.tree.text(*key).is_some()) {
            let pairs = entries.iter().map(|(key, value)| (self.tree.key_text(*key), self.value(*value, below(*key))));
            Json::Object(pairs.collect::<Map<String, Json>>())
        } else {
            let pairs =
                entries.iter().map(|(key, value)| json!([self.value(*key, false), self.value(*value, below(*key))]));
            json!({ "$map": pairs.collect::<Vec<_>>() })
        };
        self.open.remove(&node);
        json
    }
}

/// An integer of any size that JSON text can hold.
fn number(digits: &str) -> Json {
    digits.parse::<serde_json::Number>().map_or_else(|_| json!({ "$integer": digits }), Json::Number)
}

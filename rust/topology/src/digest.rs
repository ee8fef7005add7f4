//! The digest of a pillar: which pillar it is, whoever read it.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use tree::{NodeId, Tree, Value, is_secret_key};

/// SHA-256 of what the pillar says, as 64 hex digits.
///
/// It covers the values as Salt reads them, so the file that wrote them, their order in a mapping and their spelling do
/// not matter. It covers the user's input alone, not our defaults: a newer release of this program does not change it.
/// A literal under a key that holds secrets counts as `<secret>`, so that the digest tells nothing about it; references count.
#[must_use]
pub fn digest(tree: &Tree, root: NodeId) -> String {
    let mut hash = Sha256::new();
    feed(&mut hash, tree, root, false);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Each value is written with its kind and its length, so that no two different trees feed the same bytes.
fn feed(hash: &mut Sha256, tree: &Tree, node: NodeId, secret: bool) {
    match tree.value(node) {
        Value::Null => hash.update(b"n"),
        Value::Bool(flag) => hash.update(if *flag { b"t" } else { b"f" }),
        Value::List(items) => {
            hash.update(format!("l{}:", items.len()));
            for item in items {
                feed(hash, tree, *item, secret);
            }
        }
        Value::Map(entries) => {
            let mut named: Vec<(&str, Cow<'_, str>, NodeId)> =
                entries.iter().map(|(key, value)| (tree.value(*key).kind(), name(tree, *key), *value)).collect();
            named.sort();
            hash.update(format!("m{}:", named.len()));
            for (kind, key, value) in named {
                hash.update(kind);
                feed_text(hash, 'k', &key);
                feed(hash, tree, value, secret || is_secret_key(&key));
            }
        }
        Value::Text(text) if secret && text.parse().is_ok_and(|parsed: crate::values::Secret| parsed.is_literal()) => {
            feed_text(hash, 's', "<secret>");
        }
        Value::Text(text) => feed_text(hash, 's', text),
        Value::Bytes(bytes) => {
            hash.update(format!("b{}:", bytes.len()));
            hash.update(if secret { &[] } else { &**bytes });
        }
        Value::Integer(_) | Value::BigInteger(_) if secret => hash.update(b"i"),
        Value::Integer(_) | Value::BigInteger(_) => feed_text(hash, 'i', &tree.key_text(node)),
        Value::Float(number) => feed_text(hash, 'd', &if secret { String::new() } else { format!("{number:?}") }),
    }
}

/// The text of a key, borrowed where it is text.
fn name(tree: &Tree, key: NodeId) -> Cow<'_, str> {
    tree.text(key).map_or_else(|| Cow::Owned(tree.key_text(key)), Cow::Borrowed)
}

fn feed_text(hash: &mut Sha256, kind: char, text: &str) {
    hash.update(format!("{kind}{}:", text.len()));
    hash.update(text);
}

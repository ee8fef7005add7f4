//! The pillar with every default, each marked as such.

use crate::pillar::Pillar;
use crate::resolve::Reading;
use serde_json::Value as Json;
use std::fmt::Write;
use tree::{NodeId, Tree, Value};

const INDENT: &str = "  ";

/// Words that YAML 1.1, or a reader near to it, takes for something other than text.
const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

/// Prints the completed pillar as YAML under the root key `k8s_ha`.
///
/// A value that nobody wrote ends in `# default`, one that came from a profile in `# from profiles.NAME`, one that is
/// written once for all nodes in `# from proxmox.vm` or `# from kubeadm.kubelet`. Reading what it prints resolves to the
/// same topology. `None` without a topology.
#[must_use]
pub fn effective(reading: &Reading) -> Option<String> {
    let pillar: &Pillar = &reading.topology.as_ref()?.pillar;
    let mut json = serde_json::to_value(pillar).ok()?;
    if let Json::Object(root) = &mut json {
        root.shift_remove("profiles");
        let nodes = root.get_mut("nodes").and_then(Json::as_object_mut);
        nodes
            .into_iter()
            .flatten()
            .filter_map(|(_, node)| node.as_object_mut())
            .for_each(|node| _ = node.shift_remove("profile"));
    }
    let mut out = String::from("k8s_ha:\n");
    let writer = Writer { tree: &reading.tree };
    for (section, value) in json.as_object().into_iter().flatten() {
        writer.entry(&mut out, section, (section, value), reading.tree.get(reading.root, section), 1);
    }
    Some(out)
}

struct Writer<'t> {
    tree: &'t Tree,
}

impl Writer<'_> {
    /// One entry and all below it. `section` is the top-level key, `written` the value in the tree if there is one.
    fn entry(
        &self,
        out: &mut String,
        section: &str,
        (key, value): (&str, &Json),
        written: Option<NodeId>,
        depth: usize,
    ) {
        let _ = write!(out, "{}{}:", INDENT.repeat(depth), scalar(&Json::String(key.to_owned())));
        match value {
            Json::Object(inner) if !inner.is_empty() => {
                out.push('\n');
                for (key, value) in inner {
                    let below = written.and_then(|map| self.tree.get(map, key));
                    self.entry(out, section, (key, value), below, depth + 1);
                }
            }
            _ => {
                let _ = writeln!(out, " {}{}", flow(value), self.mark(section, written));
            }
        }
    }

    /// Where a value came from, as a comment; nothing when it was written where it stands.
    fn mark(&self, section: &str, written: Option<NodeId>) -> String {
        const DEFAULT: &str = "  # default";
        let Some(node) = written else { return DEFAULT.to_owned() };
        let is_empty = match self.tree.value(node) {
            Value::Null => true,
            Value::Map(entries) => entries.is_empty(),
            _ => false,
        };
        if is_empty {
            return DEFAULT.to_owned();
        }
        let path = crate::relative(&self.tree.path(node));
        let mut parts = path.split('.');
        match (parts.next(), parts.next()) {
            (Some(other), Some(name)) if other != section => format!("  # from {other}.{name}"),
            _ => String::new(),
        }
    }
}

/// A value on one line. JSON is YAML, and quoted text is read as text by every reader.
fn flow(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Json::Object(entries) => {
            let entry =
                |(key, value): (&String, &Json)| format!("{}: {}", scalar(&Json::String(key.clone())), flow(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        _ => scalar(value),
    }
}

/// Plain where nobody can read it as anything but text; quoted otherwise.
fn scalar(value: &Json) -> String {
    let Json::String(text) = value else { return value.to_string() };
    let starts_as_word = text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '/');
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    let is_word = WORDS.contains(&text.to_ascii_lowercase().as_str());
    if starts_as_word && text.chars().all(is_plain) && !is_word { text.clone() } else { value.to_string() }
}

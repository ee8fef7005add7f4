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
/// A value that nobody wrote ends in `# default`, one that came from a profile in `# from profiles.NAME`, one laid under a
/// virtual machine in `# from proxmox.vm`. Reading what it prints resolves to the same topology. `None` without a topology.
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
    writer.entries(&mut out, &json, Some(reading.root), 1);
    Some(out)
}

struct Writer<'t> {
    tree: &'t Tree,
}

impl Writer<'_> {
    fn entries(&self, out: &mut String, json: &Json, written: Option<NodeId>, depth: usize) {
        let Json::Object(entries) = json else { return };
        for (key, value) in entries {
            let node = written.and_then(|map| self.tree.get(map, key));
            out.push_str(&INDENT.repeat(depth));
            out.push_str(&scalar(&Json::String(key.clone())));
            out.push(':');
            match value {
                Json::Object(inner) if !inner.is_empty() => {
                    out.push_str(if node.is_none() { "  # default\n" } else { "\n" });
                    if node.is_some() {
                        self.entries(out, value, node, depth + 1)
                    } else {
                        Self::plain(out, value, depth + 1)
                    }
                }
                _ => {
                    out.push(' ');
                    out.push_str(&flow(value));
                    out.push_str(&self.mark(node));
                    out.push('\n');
                }
            }
        }
    }

    /// A section that nobody wrote is marked once, at its heading.
    fn plain(out: &mut String, json: &Json, depth: usize) {
        let Json::Object(entries) = json else { return };
        for (key, value) in entries {
            let _ = write!(out, "{}{}:", INDENT.repeat(depth), scalar(&Json::String(key.clone())));
            match value {
                Json::Object(inner) if !inner.is_empty() => {
                    out.push('\n');
                    Self::plain(out, value, depth + 1);
                }
                _ => {
                    let _ = writeln!(out, " {}", flow(value));
                }
            }
        }
    }

    fn mark(&self, node: Option<NodeId>) -> String {
        let Some(node) = node else { return "  # default".to_owned() };
        let is_empty = match self.tree.value(node) {
            Value::Null => true,
            Value::Map(entries) => entries.is_empty(),
            _ => false,
        };
        if is_empty {
            return "  # default".to_owned();
        }
        let path = crate::relative(&self.tree.path(node));
        let mut parts = path.split('.');
        match (parts.next(), parts.next()) {
            (Some("profiles"), Some(name)) => format!("  # from profiles.{name}"),
            (Some("proxmox"), Some("vm")) if !path.is_empty() => "  # from proxmox.vm".to_owned(),
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

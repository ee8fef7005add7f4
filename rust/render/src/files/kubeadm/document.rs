//! YAML documents made from structures.

use super::quoting::quoted;
use crate::template::Error;
use serde_json::{Map, Value};

/// The first line of a file that Salt writes.
pub(in crate::files) const HEADER: &str = "# Written by Salt (saltext-k8s-ha): do not edit, change the pillar.\n";

/// The documents as one YAML text, below the comment that names its keeper. `what` names the file in an error.
pub(in crate::files) fn text(what: &'static str, documents: &[Value]) -> Result<String, Error> {
    let failed = |error: serde_yaml::Error| Error::Structure { what, message: error.to_string() };
    let write = |document| quoted(document, serde_yaml::to_string).map_err(failed);
    let texts: Vec<String> = documents.iter().map(write).collect::<Result<_, _>>()?;
    Ok(format!("{HEADER}{}", texts.join("---\n")))
}

/// Lays a JSON merge patch (RFC 7396) over a value: mappings are merged, `null` removes a key, all else replaces.
pub(in crate::files) fn merge(into: &mut Value, patch: &Value) {
    let (Value::Object(target), Value::Object(entries)) = (&mut *into, patch) else {
        into.clone_from(patch);
        return;
    };
    for (key, value) in entries {
        if value.is_null() {
            target.shift_remove(key);
        } else {
            let entry = target
                .entry(key.as_str())
                .or_insert_with(|| if value.is_object() { Map::new().into() } else { Value::Null });
            merge(entry, value);
        }
    }
}

/// The JSON merge patch that makes `to` from `from`; an empty mapping where they are equal.
pub(in crate::files) fn difference(from: &Value, to: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (from, to) else { return to.clone() };
    let mut patch = Map::new();
    for (key, value) in new {
        match old.get(key) {
            Some(before) if before == value => {}
            Some(before) => drop(patch.insert(key.clone(), difference(before, value))),
            None => drop(patch.insert(key.clone(), value.clone())),
        }
    }
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    patch.into()
}

/// A mapping in the making.
#[derive(Debug, Default)]
pub(super) struct Section(Map<String, Value>);

impl Section {
    /// Adds a key.
    pub(super) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// Adds a key unless its list is empty.
    pub(super) fn with_list(self, key: &str, list: Vec<Value>) -> Self {
        if list.is_empty() { self } else { self.with(key, list) }
    }
}

impl From<Section> for Value {
    fn from(section: Section) -> Self {
        Self::Object(section.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_merge_patch_reaches_into_mappings_and_removes_keys() {
        let mut value = json!({"a": {"b": 1, "c": 2}, "d": [1, 2]});
        merge(&mut value, &json!({"a": {"b": null, "e": {"f": 3}}, "d": [3]}));
        assert_eq!(value, json!({"a": {"c": 2, "e": {"f": 3}}, "d": [3]}));
    }

    #[test]
    fn the_difference_is_the_patch_that_leads_from_one_to_the_other() {
        let from = json!({"a": {"b": 1, "c": 2}, "d": [1, 2], "same": true});
        let to = json!({"a": {"b": 5}, "d": [1], "new": {"x": 1}, "same": true});
        let patch = difference(&from, &to);
        assert_eq!(patch, json!({"a": {"b": 5, "c": null}, "d": [1], "new": {"x": 1}}));
        let mut patched = from;
        merge(&mut patched, &patch);
        assert_eq!(patched, to);
    }

    #[test]
    fn equal_values_differ_in_nothing() {
        assert_eq!(difference(&json!({"a": {"b": 1}}), &json!({"a": {"b": 1}})), json!({}));
    }
}

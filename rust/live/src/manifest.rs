//! A multi-document text of manifests: its objects, and the order in which they can be applied.

use crate::{Error, scalar};
use serde_json::Value;
use std::collections::HashSet;

/// One object of the text.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    /// Number of its document, from 1.
    pub(crate) document: usize,
    /// Line of the text where its document begins.
    pub(crate) line: usize,
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    /// The whole object as written.
    pub(crate) body: Value,
}

impl Object {
    /// Kind, namespace and name, as a person would name it.
    pub(crate) fn title(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{} {namespace}/{}", self.kind, self.name),
            None => format!("{} {}", self.kind, self.name),
        }
    }

    /// What is wrong with its document.
    pub(crate) fn refused(&self, reason: impl Into<String>) -> Error {
        Error::Manifest { document: self.document, line: self.line, reason: reason.into() }
    }

    /// Group of its `apiVersion`; empty for the core group.
    pub(crate) fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    pub(crate) fn is_custom_resource_definition(&self) -> bool {
        self.kind == "CustomResourceDefinition" && self.group() == "apiextensions.k8s.io"
    }

    pub(crate) fn is_namespace(&self) -> bool {
        self.kind == "Namespace" && self.group().is_empty()
    }
}

/// The objects of a text, in the order in which they can be applied: what others need goes first, webhooks (which may
/// refuse the rest as long as nobody answers them) go last, all else stays as written.
///
/// # Errors
/// [`Error::Manifest`] for the first document that cannot be sent.
pub(crate) fn read(text: &str) -> Result<Vec<Object>, Error> {
    let mut objects = Vec::new();
    for (index, (line, document)) in split(text).into_iter().enumerate() {
        read_document(index + 1, line, document, &mut objects)?;
    }
    refuse_doubles(&objects)?;
    objects.sort_by_key(rank);
    Ok(objects)
}

fn rank(object: &Object) -> u8 {
    match (object.group(), object.kind.as_str()) {
        ("apiextensions.k8s.io", "CustomResourceDefinition") => 0,
        ("", "Namespace") => 1,
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration") => 3,
        _ => 2,
    }
}

/// Documents and the line on which each begins. A line that begins with `---` ends a document wherever it stands: YAML
/// forbids it inside of scalars.
fn split(text: &str) -> Vec<(usize, &str)> {
    let mut documents = Vec::new();
    let (mut begin, mut first_line, mut offset) = (0, 1, 0);
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let marker =
            line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        if marker && offset > begin {
            documents.push((first_line, text.get(begin..offset).unwrap_or_default()));
        }
        if marker {
            (begin, first_line) = (offset, index + 1);
        }
        offset += line.len();
    }
    documents.push((first_line, text.get(begin..).unwrap_or_default()));
    documents
}

fn read_document(document: usize, line: usize, text: &str, objects: &mut Vec<Object>) -> Result<(), Error> {
    let read = scalar::parse(text).map_err(|(within, reason)| Error::Manifest {
        document,
        line: line + within - 1,
        reason,
    })?;
    let is_list = read["kind"] == "List" && read["apiVersion"] == "v1";
    match (read, is_list) {
        (Value::Null, _) => Ok(()),
        (Value::Object(mut list), true) => {
            let Some(Value::Array(items)) = list.remove("items") else { return Ok(()) };
            for item in items {
                objects.push(object(document, line, item)?);
            }
            Ok(())
        }
        (body, _) => {
            objects.push(object(document, line, body)?);
            Ok(())
        }
    }
}

fn object(document: usize, line: usize, body: Value) -> Result<Object, Error> {
    let refused = |reason: String| Error::Manifest { document, line, reason };
    if !body.is_object() {
        return Err(refused("it is no mapping with apiVersion, kind and metadata".to_owned()));
    }
    let needed = |value: &Value, key: &str| match value.as_str() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(refused(format!("it has no {key}, or one that is not text"))),
    };
    let namespace = &body["metadata"]["namespace"];
    let found = Object {
        document,
        line,
        api_version: needed(&body["apiVersion"], "apiVersion")?,
        kind: needed(&body["kind"], "kind")?,
        namespace: if namespace.is_null() { None } else { Some(needed(namespace, "metadata.namespace")?) },
        name: needed(&body["metadata"]["name"], "metadata.name")?,
        body: Value::Null,
    };
    Ok(Object { body, ..found })
}

/// The second one would undo the first without a word.
fn refuse_doubles(objects: &[Object]) -> Result<(), Error> {
    let mut seen = HashSet::new();
    for object in objects {
        let namespace = object.namespace.as_deref().unwrap_or_default();
        if !seen.insert((object.group(), object.kind.as_str(), namespace, object.name.as_str())) {
            return Err(object.refused(format!("{} stands twice in the manifests; keep one", object.title())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: &str, api_version: &str, name: &str) -> String {
        format!("---\napiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: {name}}}\n")
    }

    fn refusal(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn documents_keep_their_lines() {
        let text = "# a comment\n---\na: |\n  --- no marker\n--- # marker\nb: 1\n---x: 1\n";
        let parts: Vec<_> = split(text).into_iter().map(|(line, text)| (line, text.lines().count())).collect();
        assert_eq!(parts, [(1, 1), (2, 3), (5, 3)]);
        assert!(read("\n---\n---\n# nothing\n").unwrap().is_empty());
    }

    #[test]
    fn what_others_need_goes_first_and_all_else_stays_as_written() {
        let text = [
            of("Widget", "example.org/v1", "w"),
            of("ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1", "v"),
            of("ConfigMap", "v1", "b"),
            of("ConfigMap", "v1", "a"),
            of("Namespace", "v1", "n"),
            of("CustomResourceDefinition", "apiextensions.k8s.io/v1", "c"),
        ]
        .concat();
        let names: String = read(&text).unwrap().into_iter().map(|object| object.name).collect();
        assert_eq!(names, "cnwbav");
    }

    #[test]
    fn a_list_is_its_items() {
        let text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: x}}\n";
        let objects = read(text).unwrap();
        assert_eq!(objects.iter().map(Object::title).collect::<Vec<_>>(), ["ConfigMap x/a"]);
    }

    #[test]
    fn what_is_wrong_is_said_with_document_and_line() {
        let good = of("ConfigMap", "v1", "a");
        for (bad, said) in [
            ("---\na: [\n", "document 2 of the manifests (line"),
            ("---\nkind: ConfigMap\nmetadata: {name: b}\n", "(line 5) cannot be applied: it has no apiVersion"),
            ("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: b}\n", "it has no metadata.name"),
            ("---\n- 1\n", "it is no mapping"),
            ("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", "ConfigMap a stands twice"),
            ("---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: hunter2, a: hunter2}\n", "(line 9)"),
        ] {
            let error = refusal(&format!("{good}{bad}"));
            assert!(error.contains(said), "{error}");
            assert!(error.starts_with("document 2 of the manifests (line ") && !error.contains("hunter2"), "{error}");
        }
    }
}

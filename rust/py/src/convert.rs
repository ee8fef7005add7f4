//! From Python objects to the tree that YAML files become too, without spans.

use crate::errors;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use tree::{NodeId, Tree, Value};
use yaml::Limits;

/// A pillar, converted.
pub struct Written {
    /// All nodes.
    pub tree: Tree,
    /// The value of the root key `k8s_ha`.
    pub root: NodeId,
}

/// Converts the value of the root key `k8s_ha`: dicts of any class (Salt's are `OrderedDict` or `MaskedDict`), lists, tuples and
/// scalars.
///
/// # Errors
/// `TypeError` for an object of any other class, `PillarError` for nesting or size beyond the limits of a YAML document.
/// Both name the path and never the value.
pub fn pillar(object: &Bound<'_, PyAny>) -> PyResult<Written> {
    let mut converter = Converter { tree: Tree::new(), limits: Limits::default(), path: vec![ROOT.to_owned()] };
    let root = converter.node(object)?;
    let mut tree = converter.tree;
    // The root key stands above, so that paths are the same as those of a file.
    let key = tree.push(Value::Text(ROOT.into()), None, None);
    tree.push(Value::Map(vec![(key, root)]), None, None);
    Ok(Written { tree, root })
}

const ROOT: &str = "k8s_ha";

struct Converter {
    tree: Tree,
    limits: Limits,
    path: Vec<String>,
}

impl Converter {
    fn node(&mut self, object: &Bound<'_, PyAny>) -> PyResult<NodeId> {
        if self.path.len() > self.limits.depth {
            let message =
                format!("nesting is deeper than {} at {}: flatten the pillar", self.limits.depth, self.here());
            return Err(errors::refused(message));
        }
        if self.tree.len() >= self.limits.nodes {
            return Err(errors::refused(format!("the pillar has more than {} values; shorten it", self.limits.nodes)));
        }
        let value = self.value(object)?;
        Ok(self.tree.push(value, None, None))
    }

    fn value(&mut self, object: &Bound<'_, PyAny>) -> PyResult<Value> {
        if let Ok(dict) = object.cast::<PyDict>() {
            return self.map(dict);
        }
        if let Ok(list) = object.cast::<PyList>() {
            return self.list(list.iter());
        }
        if let Ok(tuple) = object.cast::<PyTuple>() {
            return self.list(tuple.iter());
        }
        self.scalar(object)
    }

    fn map(&mut self, dict: &Bound<'_, PyDict>) -> PyResult<Value> {
        let mut entries = Vec::with_capacity(dict.len());
        for (name, item) in dict.iter() {
            let value = self.scalar(&name)?;
            let key = self.tree.push(value, None, None);
            self.path.push(self.tree.key_text(key));
            entries.push((key, self.node(&item)?));
            self.path.pop();
        }
        Ok(Value::Map(entries))
    }

    fn list<'py>(&mut self, items: impl Iterator<Item = Bound<'py, PyAny>>) -> PyResult<Value> {
        let mut nodes = Vec::new();
        for (place, item) in items.enumerate() {
            self.path.push(format!("[{place}]"));
            nodes.push(self.node(&item)?);
            self.path.pop();
        }
        Ok(Value::List(nodes))
    }

    /// A boolean is an int of Python's, so it is asked for first.
    fn scalar(&self, object: &Bound<'_, PyAny>) -> PyResult<Value> {
        if object.is_none() {
            return Ok(Value::Null);
        }
        if let Ok(flag) = object.cast::<PyBool>() {
            return Ok(Value::Bool(flag.is_true()));
        }
        if let Ok(text) = object.cast::<PyString>() {
            let text =
                text.to_str().map_err(|_| errors::refused(format!("text at {} is not valid Unicode", self.here())))?;
            return Ok(Value::Text(text.into()));
        }
        if let Ok(number) = object.cast::<PyInt>() {
            return match number.extract::<i128>() {
                Ok(number) => Ok(Value::Integer(number)),
                Err(_) => self.big_integer(object),
            };
        }
        if let Ok(number) = object.cast::<PyFloat>() {
            return Ok(Value::Float(number.value()));
        }
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return Ok(Value::Bytes(bytes.as_bytes().into()));
        }
        let class = object.get_type().fully_qualified_name()?;
        Err(PyTypeError::new_err(format!(
            "an object of class {class} at {}: write text, a number, a list or a mapping",
            self.here()
        )))
    }

    /// Python refuses to print integers of more than 4300 digits; such a number is nothing that a pillar could mean.
    fn big_integer(&self, object: &Bound<'_, PyAny>) -> PyResult<Value> {
        let digits = object
            .py()
            .get_type::<PyInt>()
            .call_method1("__repr__", (object,))
            .and_then(|text| text.extract::<String>());
        let digits =
            digits.map_err(|_| errors::refused(format!("the integer at {} has too many digits", self.here())))?;
        Ok(Value::BigInteger(digits.into()))
    }

    /// The path, or its beginning where it is too long for a sentence.
    fn here(&self) -> String {
        const MOST: usize = 12;
        let mut path = String::new();
        for part in self.path.iter().take(MOST) {
            if !path.is_empty() && !part.starts_with('[') {
                path.push('.');
            }
            path.push_str(part);
        }
        path + if self.path.len() > MOST { "..." } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CString;

    /// The digest of what a Python expression converts to, or the refusal.
    fn digest(expression: &str) -> Result<String, String> {
        Python::initialize();
        Python::attach(|py| {
            let code = CString::new(expression).unwrap();
            let object = py.eval(&code, None, None).unwrap();
            pillar(&object)
                .map(|written| topology::digest(&written.tree, written.root))
                .map_err(|error| error.to_string())
        })
    }

    #[test]
    fn a_boolean_is_no_integer() {
        assert_ne!(digest("{'a': True}"), digest("{'a': 1}"));
    }

    #[test]
    fn any_class_of_dict_and_any_order_is_the_same_pillar() {
        assert_eq!(
            digest("{'a': 1, 'b': (1, 2)}"),
            digest("__import__('collections').OrderedDict([('b', [1, 2]), ('a', 1)])")
        );
    }

    #[test]
    fn an_integer_may_be_large() {
        assert_ne!(digest("{'a': 2**127}"), digest("{'a': -2**127 - 1}"));
        assert!(digest("{'a': 10**5000}").unwrap_err().contains("k8s_ha.a has too many digits"));
    }

    #[test]
    fn an_unknown_class_is_named_by_its_path_and_its_value_is_not_shown() {
        let refusal = digest("{'a': [{'b': {'plant-4711'}}]}").unwrap_err();
        assert!(refusal.starts_with("TypeError: an object of class set at k8s_ha.a[0].b"), "{refusal}");
        assert!(!refusal.contains("plant-4711"));
    }

    #[test]
    fn nesting_is_bounded_and_the_message_is_short() {
        let refusal = digest("(lambda a: [a.append(a), a][1])([])").unwrap_err();
        assert!(refusal.contains("nesting is deeper than 128") && refusal.len() < 200, "{refusal}");
    }

    #[test]
    fn paths_are_those_of_a_file() {
        Python::initialize();
        Python::attach(|py| {
            let object = py.eval(c"{'nodes': {'cp1': [7]}}", None, None).unwrap();
            let written = pillar(&object).unwrap();
            let seven = (0..written.tree.len()).map(|id| NodeId(u32::try_from(id).unwrap()));
            let seven = seven.into_iter().find(|id| *written.tree.value(*id) == Value::Integer(7)).unwrap();
            assert_eq!(written.tree.path(seven), "k8s_ha.nodes.cp1[0]");
        });
    }
}

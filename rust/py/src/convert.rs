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
            let message = format!("nesting is deeper than {} at {}: flatten the pillar", self.limits.depth, self.here());
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
            let text = text.to_str().map_err(|_| errors::refused(format!("text at {} is not valid Unicode", self.here())))?;
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
        Err(PyTypeError::new_err(format!("an object of class {class} at {}: write text, a number, a list or a mapping", self.here())))
    }

    /// Python refuses to print integers of more than 4300 digits; such a number is nothing that a pillar could mean.
    fn big_integer(&self, object: &Bound<'_, PyAny>) -> PyResult<Value> {
        let digits = object.py().get_type::<PyInt>().call_method1("__repr__", (object,)).and_then(|text| text.extract::<String>());
        let digits = digits.map_err(|_| errors::refused(format!("the integer at {} has too many digits", self.here())))?;
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

//! When two keys are one: Python's equality, by which `1`, `1.0` and `true` are the same key.

use std::borrow::Cow;
use std::collections::HashMap;

use tree::{NodeId, Tree, Value};

use crate::graph::Graph;

/// What a key is to a Python dictionary.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Identity<'a> {
    Null,
    Integer(i128),
    /// Decimal digits.
    BigInteger(Cow<'a, str>),
    /// Bits of a float that is no integer.
    Fraction(u64),
    Text(&'a str),
    Bytes(&'a [u8]),
    /// `PyYAML` has one object for all `.nan`, and an object equals itself.
    NotANumber,
    /// Such as `!!float nan`: a new object that equals no other.
    OtherNotANumber(NodeId),
}

impl<'a> Identity<'a> {
    /// The identity of a scalar; `None` for collections, which cannot be keys.
    pub(crate) fn of(graph: &Graph, tree: &Tree, value: &'a Value, key: NodeId) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Integer(i128::from(*flag)),
            Value::Integer(number) => Self::Integer(*number),
            Value::BigInteger(digits) => Self::BigInteger(Cow::Borrowed(digits)),
            Value::Float(number) if number.is_nan() => {
                let text = graph.text(tree, key).to_lowercase();
                match text.trim_start_matches(['-', '+']) {
                    ".nan" => Self::NotANumber,
                    _ => Self::OtherNotANumber(key),
                }
            }
            Value::Float(number) => Self::of_float(*number),
            Value::Text(text) => Self::Text(text),
            Value::Bytes(bytes) => Self::Bytes(bytes),
            Value::List(_) | Value::Map(_) => return None,
        })
    }

    fn of_float(number: f64) -> Self {
        if number.fract() != 0.0 || number.is_infinite() {
            return Self::Fraction(number.to_bits());
        }
        // All digits of the integer, exactly.
        let digits = format!("{number:.0}");
        match digits.parse() {
            Ok(number) => Self::Integer(number),
            Err(_) => Self::BigInteger(Cow::Owned(digits)),
        }
    }
}

/// The keys of one mapping. Nearly all mappings are small, and a search among few keys beats hashing them.
#[derive(Debug, Default)]
pub(crate) struct Seen<'a> {
    few: Vec<(Identity<'a>, NodeId)>,
    many: HashMap<Identity<'a>, NodeId>,
}

impl<'a> Seen<'a> {
    /// Adds a key; gives the key that is already there.
    pub(crate) fn insert(&mut self, identity: Identity<'a>, key: NodeId) -> Option<NodeId> {
        const FEW: usize = 12;
        if self.many.is_empty() {
            if let Some((_, first)) = self.few.iter().find(|(known, _)| *known == identity) {
                return Some(*first);
            }
            if self.few.len() < FEW {
                self.few.push((identity, key));
                return None;
            }
            self.many.extend(self.few.drain(..));
        }
        match self.many.entry(identity) {
            std::collections::hash_map::Entry::Occupied(entry) => Some(*entry.get()),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(key);
                None
            }
        }
    }
}

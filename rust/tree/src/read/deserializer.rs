//! serde's view of a node.

use super::Reader;
use super::failure::Failure;
use crate::{NodeId, ORIGIN_KEY, REST_KEY, Value};
use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};

#[derive(Clone, Copy)]
pub(super) struct NodeDeserializer<'r, 't> {
    pub reader: &'r Reader<'t>,
    pub node: NodeId,
}

type Entry = (NodeId, NodeId);

impl<'t> NodeDeserializer<'_, 't> {
    fn value(&self) -> &'t Value {
        self.reader.tree.value(self.node)
    }

    fn wrong<'de, V: Visitor<'de>>(&self, visitor: &V) -> Failure {
        Failure::invalid_type(Unexpected::Unit, visitor).at(self.node)
    }

    fn items(self) -> impl Iterator<Item = NodeId> {
        let items: &'t [NodeId] = if let Value::List(items) = self.value() { items } else { &[] };
        items.iter().copied().filter(move |item| !self.reader.pruned.contains(item))
    }

    fn entries(self) -> impl Iterator<Item = Entry> {
        let entries: &'t [Entry] = if let Value::Map(entries) = self.value() { entries } else { &[] };
        entries.iter().copied().filter(move |(key, item)| ![key, item].iter().any(|id| self.reader.pruned.contains(id)))
    }

    /// The entries that a struct knows; the keys of the others are recorded.
    fn known_entries(self, fields: &'static [&'static str]) -> Vec<Entry> {
        if fields.contains(&REST_KEY) {
            return self.entries().collect();
        }
        let is_known = |(key, _): &Entry| {
            let known = fields.iter().any(|field| self.reader.tree.names(*key, field));
            if !known {
                self.reader.unknown.borrow_mut().push((*key, fields));
            }
            known
        };
        self.entries().filter(is_known).collect()
    }
}

impl<'de> Deserializer<'de> for NodeDeserializer<'_, '_> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let done = match self.value() {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Integer(number) => match (u64::try_from(*number), i64::try_from(*number)) {
                (Ok(number), _) => visitor.visit_u64(number),
                (_, Ok(number)) => visitor.visit_i64(number),
                _ => Err(self.wrong(&visitor)),
            },
            Value::BigInteger(_) => Err(self.wrong(&visitor)),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::Text(text) => visitor.visit_str(text),
            Value::Bytes(bytes) => visitor.visit_bytes(bytes),
            Value::List(_) => {
                visitor.visit_seq(Items { parent: self, items: self.items().collect::<Vec<_>>().into_iter() })
            }
            Value::Map(_) => {
                let entries = self.entries().collect::<Vec<_>>().into_iter();
                visitor.visit_map(Entries { parent: self, rest: entries, value: None, step: OriginStep::Absent })
            }
        };
        done.map_err(|failure| failure.at(self.node))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        if *self.value() == Value::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        if !matches!(self.value(), Value::Map(_)) {
            return Err(self.wrong(&visitor));
        }
        let origin = if fields.contains(&ORIGIN_KEY) { OriginStep::Key } else { OriginStep::Absent };
        let entries = self.known_entries(fields).into_iter();
        visitor
            .visit_map(Entries { parent: self, rest: entries, value: None, step: origin })
            .map_err(|failure| failure.at(self.node))
    }

    /// The key of a struct; [`crate::Tree::names`] says why true is a name.
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        if *self.value() == Value::Bool(true) { visitor.visit_str("on") } else { self.deserialize_any(visitor) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        match self.value() {
            Value::Text(text) => visitor.visit_enum(Word(text)).map_err(|failure| failure.at(self.node)),
            _ => Err(self.wrong(&visitor)),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map ignored_any
    }
}

struct Items<'r, 't> {
    parent: NodeDeserializer<'r, 't>,
    items: std::vec::IntoIter<NodeId>,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Failure> {
        let next = self.items.next();
        next.map(|node| seed.deserialize(NodeDeserializer { node, ..self.parent }).map_err(|failure| failure.at(node)))
            .transpose()
    }
}

/// Whether the origin of the mapping is still to be offered.
enum OriginStep {
    Key,
    Value,
    Absent,
}

struct Entries<'r, 't> {
    parent: NodeDeserializer<'r, 't>,
    rest: std::vec::IntoIter<Entry>,
    value: Option<NodeId>,
    step: OriginStep,
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Failure> {
        if matches!(self.step, OriginStep::Key) {
            self.step = OriginStep::Value;
            return seed.deserialize(StrDeserializer::new(ORIGIN_KEY)).map(Some);
        }
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(NodeDeserializer { node: key, ..self.parent }).map(Some).map_err(|failure| failure.at(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        if matches!(self.step, OriginStep::Value) {
            self.step = OriginStep::Absent;
            let id: U32Deserializer<Failure> = self.parent.node.0.into_deserializer();
            return seed.deserialize(id);
        }
        let Some(node) = self.value.take() else { return Err(Failure::custom("a value without its key")) };
        seed.deserialize(NodeDeserializer { node, ..self.parent }).map_err(|failure| failure.at(node))
    }
}

/// A unit variant by its name.
struct Word<'t>(&'t str);

impl<'de> EnumAccess<'de> for Word<'_> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Failure> {
        seed.deserialize(StrDeserializer::new(self.0)).map(|value| (value, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'_> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Failure> {
        seed.deserialize(StrDeserializer::new(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Failure> {
        Err(Failure::invalid_type(Unexpected::TupleVariant, &visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Failure> {
        Err(Failure::invalid_type(Unexpected::StructVariant, &visitor))
    }
}

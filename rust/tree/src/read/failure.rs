//! Why reading stopped: serde's error, without the values that serde's own texts would repeat.

use crate::NodeId;
use serde::de::{Error, Expected, Unexpected};
use std::fmt;

#[derive(Debug)]
pub(super) enum Reason {
    Missing(&'static str),
    Type(String),
    Variant { found: String, known: &'static [&'static str] },
    Message(String),
}

#[derive(Debug)]
pub(super) struct Failure {
    pub node: Option<NodeId>,
    pub reason: Reason,
}

impl Failure {
    pub fn at(mut self, node: NodeId) -> Self {
        self.node.get_or_insert(node);
        self
    }

    fn new(reason: Reason) -> Self {
        Self { node: None, reason }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the value cannot be read")
    }
}

impl std::error::Error for Failure {}

impl Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Reason::Message(message.to_string()))
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Reason::Type(words(expected)))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Reason::Type(words(expected)))
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        Self::new(Reason::Variant { found: found.to_owned(), known })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Reason::Missing(field))
    }
}

/// serde names Rust types; a pillar's author knows YAML's.
fn words(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    match text.as_str() {
        "a string" => "text".to_owned(),
        "a map" => "a mapping".to_owned(),
        "a sequence" => "a list".to_owned(),
        "u8" => "a number from 0 to 255".to_owned(),
        "u16" => "a number from 0 to 65535".to_owned(),
        "u32" | "u64" | "usize" => "a whole number that is not negative".to_owned(),
        "i32" | "i64" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        other if other.starts_with("struct ") || other.starts_with("internally tagged enum") => "a mapping".to_owned(),
        other if other.starts_with("enum ") => "text".to_owned(),
        other => other.to_owned(),
    }
}

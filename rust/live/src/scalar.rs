//! YAML read as kubectl reads it, by the reader of the pillar.
//!
//! Salt and kubectl both follow YAML 1.1, and differ in few plain scalars: kubectl reads `0400` as octal (file modes in
//! manifests depend on it), and knows no numbers to the base 60, so that `22:22` is text.

use serde_json::{Map, Number, Value};
use tree::{NodeId, SourceId, Tree};
use yaml::Limits;

/// One document as JSON; null where nothing is written.
///
/// # Errors
/// The line from 1, and what is wrong there. No value of the text is said.
pub(crate) fn parse(text: &str) -> Result<Value, (usize, String)> {
    let document = yaml::parse(text.as_bytes(), SourceId(0), &Limits::default()).map_err(|error| {
        let line = error.position.map_or(1, |position| position.line as usize);
        (line, error.message)
    })?;
    value(&document.tree, document.root)
}

fn value(tree: &Tree, id: NodeId) -> Result<Value, (usize, String)> {
    let node = tree.node(id);
    let written = node.written.as_deref();
    let refused = |reason: &str| {
        let line = node.span.map_or(1, |span| span.start.line as usize);
        Err((line, reason.to_owned()))
    };
    match &node.value {
        tree::Value::Null => Ok(Value::Null),
        tree::Value::Bool(flag) => Ok(Value::Bool(*flag)),
        tree::Value::Text(text) => Ok(Value::String(text.to_string())),
        tree::Value::Integer(_) | tree::Value::Float(_) if written.is_some_and(|text| text.contains(':')) => {
            Ok(Value::String(written.unwrap_or_default().to_owned()))
        }
        tree::Value::Integer(number) => match integer(*number, written) {
            Some(number) => Ok(Value::Number(number)),
            None => refused("this number does not fit 64 bits"),
        },
        tree::Value::Float(number) => match Number::from_f64(*number) {
            Some(number) => Ok(Value::Number(number)),
            None => refused("JSON has no infinity and no NaN"),
        },
        tree::Value::BigInteger(_) => refused("this number does not fit 64 bits"),
        tree::Value::Bytes(_) => refused("`!!binary` has no meaning to Kubernetes; write base64 as text"),
        tree::Value::List(items) => items.iter().map(|item| value(tree, *item)).collect(),
        tree::Value::Map(entries) => {
            let mut map = Map::new();
            for (key, item) in entries {
                map.insert(tree.key_text(*key), value(tree, *item)?);
            }
            Ok(Value::Object(map))
        }
    }
}

fn integer(number: i128, written: Option<&str>) -> Option<Number> {
    let octal = written.and_then(|text| text.strip_prefix('0')).and_then(|digits| i128::from_str_radix(digits, 8).ok());
    let number = octal.unwrap_or(number);
    let signed = i64::try_from(number).map(Number::from);
    signed.or_else(|_| u64::try_from(number).map(Number::from)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_scalars_mean_what_they_mean_to_kubectl() {
        let text =
            "mode: 0400\nquoted: '0400'\nports: 22:22\nfloat: 1.50\non: yes\nhex: 0x10\nzero: 0\nnothing:\n8080: a\n";
        let expected = json!({
            "mode": 256, "quoted": "0400", "ports": "22:22", "float": 1.5, "true": true, "hex": 16, "zero": 0, "nothing": null,
            "8080": "a"
        });
        assert_eq!(parse(text).unwrap(), expected);
    }

    #[test]
    fn what_json_cannot_hold_is_refused_with_its_line() {
        for text in ["a: 1\nb: .inf\n", "a: 1\nb: !!binary aGk=\n", "a: 1\nb: 99999999999999999999\n", "a: 1\na: 2\n"] {
            assert_eq!(parse(text).unwrap_err().0, 2, "{text}");
        }
    }
}

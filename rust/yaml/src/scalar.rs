//! The value of a scalar: its text, read as its tag says.

use tree::Value;

use crate::binary::binary;
use crate::float::{canonical, float};
use crate::integer::integer;
use crate::tag::Tag;

/// Reads the text of a scalar; `None` where Salt fails. A tag that makes no scalar leaves the text as it is.
pub(crate) fn read(tag: Tag, text: &str) -> Option<Value> {
    match tag {
        Tag::Null => Some(Value::Null),
        Tag::Bool => boolean(text).map(Value::Bool),
        Tag::Integer => integer(text),
        Tag::Float => float(text).map(Value::Float),
        Tag::Binary => binary(text).map(|bytes| Value::Bytes(bytes.into_boxed_slice())),
        _ => Some(Value::Text(text.into())),
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "on" => Some(true),
        "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// What was written, where the value does not say it.
pub(crate) fn written(value: &Value, text: &str) -> Option<Box<str>> {
    let same = match value {
        Value::Null => text.is_empty() || text == "null",
        Value::Bool(flag) => text == if *flag { "true" } else { "false" },
        Value::Integer(number) => is_written(*number, text),
        Value::BigInteger(digits) => **digits == *text,
        Value::Float(number) => canonical(*number) == text,
        Value::Text(_) | Value::Bytes(_) | Value::List(_) | Value::Map(_) => true,
    };
    if same { None } else { Some(text.into()) }
}

/// The text that [`written`] left out because the value says it; `None` where it cannot be known from the value.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bytes(_) | Value::List(_) | Value::Map(_) => None,
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::BigInteger(digits) => Some(digits.to_string()),
        Value::Float(number) => Some(canonical(*number)),
        Value::Text(text) => Some(text.to_string()),
    }
}

/// Whether the text is the number's plain writing. Without making that text, because most numbers are plain.
fn is_written(number: i128, text: &str) -> bool {
    let digits = match text.strip_prefix('-') {
        Some(digits) if number < 0 => digits,
        Some(_) => return false,
        None => text,
    };
    number == 0 && digits == "0"
        || matches!(digits.as_bytes(), [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::{read, text_of, written};
    use crate::tag::Tag;

    #[test]
    fn what_was_written_is_kept_where_the_value_does_not_say_it() {
        for (tag, text, kept) in [
            (Tag::Integer, "12", false),
            (Tag::Integer, "-12", false),
            (Tag::Integer, "0", false),
            (Tag::Integer, "-0", true),
            (Tag::Integer, "+12", true),
            (Tag::Integer, "0644", true),
            (Tag::Integer, "22:22", true),
            (Tag::Float, "1.3", false),
            (Tag::Float, "1.30", true),
            (Tag::Bool, "true", false),
            (Tag::Bool, "on", true),
            (Tag::Null, "null", false),
            (Tag::Null, "~", true),
            (Tag::Text, "on", false),
        ] {
            let value = read(tag, text).unwrap();
            assert_eq!(written(&value, text).as_deref(), kept.then_some(text), "{text}");
            if !kept && tag != Tag::Null {
                assert_eq!(text_of(&value).as_deref(), Some(text));
            }
        }
    }

    #[test]
    fn booleans_with_a_tag_may_be_written_in_any_case() {
        assert_eq!(read(Tag::Bool, "yEs"), Some(tree::Value::Bool(true)));
        assert_eq!(read(Tag::Bool, "1"), None);
    }
}

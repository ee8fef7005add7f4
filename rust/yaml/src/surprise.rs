//! Values that are not what a person may think they are. They are no errors: Salt reads them like that.

use tree::{NodeId, Value};

/// A scalar whose reading may surprise the person who wrote it. The tree has both: the value, and what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surprise {
    /// The scalar, a key or a value.
    pub node: NodeId,
    /// What happened to it.
    pub kind: SurpriseKind,
}

/// What YAML 1.1 and Salt made of a plain word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SurpriseKind {
    /// `on`, `off`, `yes`, `no`: a boolean, also as a key.
    PlainWordIsBoolean,
    /// `0644` is 644.
    LeadingZeroDropped,
    /// `-0644` is octal, -420: behind a sign, Salt does not drop the zero.
    SignedOctal,
    /// `22:22` is 1342, and an address of six decimal pairs is a number.
    Sexagesimal,
    /// `1_000` is 1000.
    Underscore,
    /// `1.30` is 1.3.
    VersionIsFloat,
}

impl SurpriseKind {
    /// Why it is read like that, and what to write instead: the end of a sentence such as "`on` is read as true: ...".
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::PlainWordIsBoolean => {
                "YAML 1.1 knows this word as a boolean; write true or false, or put it in quotes"
            }
            Self::LeadingZeroDropped => {
                "Salt drops leading zeros and does not read octal; put it in quotes to keep them"
            }
            Self::SignedOctal => "behind a sign, a leading zero means octal; put it in quotes to keep it as it is",
            Self::Sexagesimal => "YAML 1.1 reads digits with colons as a number to the base 60; put it in quotes",
            Self::Underscore => "YAML 1.1 leaves underscores out of numbers; put it in quotes to keep them",
            Self::VersionIsFloat => "it is a number, and a zero at the end of a fraction is lost; put it in quotes",
        }
    }

    /// The surprise in a plain scalar, if there is one.
    pub(crate) fn of(text: &str, value: &Value) -> Option<Self> {
        match value {
            Value::Bool(_) if !matches!(text.as_bytes(), [b't' | b'T' | b'f' | b'F', ..]) => {
                Some(Self::PlainWordIsBoolean)
            }
            Value::Integer(_) | Value::BigInteger(_) | Value::Float(_) => Self::of_number(text, value),
            _ => None,
        }
    }

    fn of_number(text: &str, value: &Value) -> Option<Self> {
        if text.contains(':') {
            return Some(Self::Sexagesimal);
        }
        if text.contains('_') {
            return Some(Self::Underscore);
        }
        if matches!(value, Value::Float(_)) {
            let fraction_ends_in_zero = text.len() > 1 && text.ends_with('0') && !text.ends_with(".0");
            return (fraction_ends_in_zero && !text.contains(['e', 'E'])).then_some(Self::VersionIsFloat);
        }
        match text.as_bytes() {
            [b'0', b'0'..=b'9', ..] => Some(Self::LeadingZeroDropped),
            [b'-' | b'+', b'0', b'0'..=b'9', ..] => Some(Self::SignedOctal),
            _ => None,
        }
    }
}

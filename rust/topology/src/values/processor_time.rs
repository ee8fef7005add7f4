//! Processor time as Kubernetes writes it.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Processor time in thousandths of a processor, written as Kubernetes writes its quantity `cpu`: `250m`, `2` or `0.5`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessorTime(pub u64);

const EXPECTED: &str = "processor time, such as 250m, 2 or 0.5";

impl fmt::Display for ProcessorTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 > 0 && self.0.is_multiple_of(1_000) {
            return write!(formatter, "{}", self.0 / 1_000);
        }
        write!(formatter, "{}m", self.0)
    }
}

impl FromStr for ProcessorTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not processor time; write thousandths, such as 250m, or a number, such as 0.5");
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        if let Some(thousandths) = text.strip_suffix('m') {
            return thousandths.parse().ok().filter(|_| is_number(thousandths)).map(Self).ok_or_else(wrong);
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        if !is_number(whole) || !is_number(fraction) || fraction.len() > 3 {
            return Err(wrong());
        }
        let thousandths: u64 = format!("{fraction:0<3}").parse().map_err(|_| wrong())?;
        let whole: u64 = whole.parse().map_err(|_| wrong())?;
        whole.checked_mul(1_000).and_then(|whole| whole.checked_add(thousandths)).map(Self).ok_or_else(wrong)
    }
}

impl Serialize for ProcessorTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ProcessorTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = ProcessorTime;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(EXPECTED)
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<ProcessorTime, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<ProcessorTime, E> {
                self.visit_str(&number.to_string())
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<ProcessorTime, E> {
                self.visit_str(&number.to_string())
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<ProcessorTime, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Written)
    }
}

impl schemars::JsonSchema for ProcessorTime {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ProcessorTime".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": EXPECTED,
            "anyOf": [
                { "type": "string", "pattern": r"^([0-9]+m|[0-9]+(\.[0-9]{1,3})?)$" },
                { "type": "number", "minimum": 0 }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_quantities_and_prints_them_shortly() {
        let read =
            [("200m", 200, "200m"), ("1", 1_000, "1"), ("0.5", 500, "500m"), ("1.25", 1_250, "1250m"), ("0", 0, "0m")];
        for (text, thousandths, printed) in read {
            let time: ProcessorTime = text.parse().unwrap();
            assert_eq!((time.0, time.to_string().as_str()), (thousandths, printed), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for text in ["", "m", "x", "-1", "+1", "1.", ".5", "0.0001", "1e3", "1 m", "99999999999999999999"] {
            assert!(text.parse::<ProcessorTime>().is_err(), "{text}");
        }
    }
}

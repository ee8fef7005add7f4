//! A time span with its unit.

use std::fmt;
use std::str::FromStr;
use std::time;

/// A time span, written as whole numbers with units: `500ms`, `10s`, `1h30m`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(pub time::Duration);

/// Units from long to short, in milliseconds.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// 100 years, in milliseconds: longer than any setting, and short enough to be multiplied by any count.
const LONGEST: u64 = 36_500 * 86_400_000;

impl Duration {
    /// A span of whole seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self(time::Duration::from_secs(seconds))
    }

    /// A span of milliseconds.
    #[must_use]
    pub const fn millis(millis: u64) -> Self {
        Self(time::Duration::from_millis(millis))
    }

    /// The span in whole milliseconds.
    #[must_use]
    pub fn as_millis(self) -> u64 {
        u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX)
    }

    /// The span in seconds.
    #[must_use]
    pub fn as_seconds(self) -> f64 {
        self.0.as_secs_f64()
    }

    /// The span as Go programs print it, which kubeadm compares: `8760h0m0s`, `500ms`.
    #[must_use]
    pub fn go(self) -> String {
        let millis = self.as_millis();
        if millis < 1_000 {
            return if millis == 0 { "0s".to_owned() } else { format!("{millis}ms") };
        }
        let (hours, minutes) = (millis / 3_600_000, millis % 3_600_000 / 60_000);
        let (whole, fraction) = (millis % 60_000 / 1_000, millis % 1_000);
        let seconds = if fraction == 0 {
            whole.to_string()
        } else {
            format!("{whole}.{fraction:03}").trim_end_matches('0').to_owned()
        };
        match (hours, minutes) {
            (0, 0) => format!("{seconds}s"),
            (0, _) => format!("{minutes}m{seconds}s"),
            _ => format!("{hours}h{minutes}m{seconds}s"),
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut millis = self.as_millis();
        if millis == 0 {
            return formatter.write_str("0s");
        }
        let days = millis.is_multiple_of(86_400_000);
        for (unit, size) in UNITS.iter().skip(usize::from(!days)) {
            if millis >= *size {
                write!(formatter, "{}{unit}", millis / size)?;
                millis %= size;
            }
        }
        Ok(())
    }
}

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let total = millis(text).ok_or_else(|| {
            format!("`{text}` is not a duration; write a number with its unit, such as 500ms, 10s, 5m or 1h30m")
        })?;
        if total > LONGEST { Err(format!("`{text}` is longer than 100 years")) } else { Ok(Self::millis(total)) }
    }
}

/// The milliseconds of a text such as `1h30m`; `None` when it is none, or too large a number.
pub(super) fn millis(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit_end =
            rest[digits..].find(|letter: char| letter.is_ascii_digit()).map_or(rest.len(), |end| digits + end);
        let (_, size) = UNITS.iter().find(|(name, _)| *name == &rest[digits..unit_end])?;
        total = number.checked_mul(*size).and_then(|millis| total.checked_add(millis))?;
        rest = &rest[unit_end..];
    }
    (!text.is_empty()).then_some(total)
}

super::text_value!(Duration, "a duration with its unit, such as 500ms, 10s, 5m or 1h30m", r"^([0-9]+(ms|s|m|h|d))+$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints() {
        for text in ["500ms", "10s", "5m", "1h30m", "365d", "1m30s", "0s"] {
            assert_eq!(text.parse::<Duration>().unwrap().to_string(), text);
        }
        assert_eq!("8760h".parse::<Duration>().unwrap().to_string(), "365d");
    }

    #[test]
    fn prints_as_go_does() {
        assert_eq!(Duration::seconds(8760 * 3600).go(), "8760h0m0s");
        assert_eq!(Duration::seconds(240).go(), "4m0s");
        assert_eq!(Duration::millis(500).go(), "500ms");
    }

    #[test]
    fn refuses_a_number_without_unit() {
        for text in ["", "10", "s", "10 s", "-1s", "1.5s", "36501d", "99999999999999999999s", "10sec"] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }
}

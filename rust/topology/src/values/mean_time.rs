//! A mean time between failures or to repair.

use super::duration::millis;
use std::fmt;
use std::str::FromStr;

/// A mean time, written as a duration: `50000h`, `8h`. Disks are sold with more than the hundred years that a
/// [`super::Duration`] may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeanTime {
    millis: u64,
}

const MILLIS_PER_HOUR: u64 = 3_600_000;

/// 100,000 years, in hours.
const LONGEST: u64 = 876_000_000;

impl MeanTime {
    /// In hours.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a mean time is no exact number")]
    pub fn as_hours(self) -> f64 {
        self.millis as f64 / MILLIS_PER_HOUR as f64
    }
}

impl fmt::Display for MeanTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, rest) = (self.millis / MILLIS_PER_HOUR, self.millis % MILLIS_PER_HOUR);
        match (hours, rest) {
            (hours, 0) => write!(formatter, "{hours}h"),
            (0, rest) => super::Duration::millis(rest).fmt(formatter),
            (hours, rest) => write!(formatter, "{hours}h{}", super::Duration::millis(rest)),
        }
    }
}

impl FromStr for MeanTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let millis = millis(text).ok_or_else(|| {
            format!("`{text}` is not a mean time; write a number with its unit, such as 50000h or 30m")
        })?;
        if millis > LONGEST * MILLIS_PER_HOUR {
            return Err(format!("`{text}` is longer than 100000 years"));
        }
        Ok(Self { millis })
    }
}

super::text_value!(MeanTime, "a mean time with its unit, such as 50000h, 8h or 30m", r"^([0-9]+(ms|s|m|h|d))+$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints_and_more_than_a_lifetime() {
        for text in ["2500000h", "8h", "30m", "1h30m", "0h"] {
            assert_eq!(text.parse::<MeanTime>().unwrap().to_string(), text);
        }
        assert!((("90m".parse::<MeanTime>().unwrap()).as_hours() - 1.5).abs() < 1e-12);
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in ["", "50000", "h", "-1h", "1.5h", "900000000h", "99999999999999999999h"] {
            assert!(text.parse::<MeanTime>().is_err(), "{text}");
        }
    }
}

//! A day.

use std::fmt;
use std::str::FromStr;

/// A day of the calendar: `2027-03-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Days of each month of a common year.
    const MONTHS: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    fn is_leap(year: u16) -> bool {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    }

    /// The day that is this many days after 1970-01-01.
    #[must_use]
    pub fn from_days_since_epoch(days: u64) -> Self {
        let (mut year, mut rest) = (1970u16, days);
        while rest >= Self::days_of(year) && year < u16::MAX {
            rest -= Self::days_of(year);
            year += 1;
        }
        let mut month = 1u8;
        for length in Self::MONTHS {
            let length = u64::from(length) + u64::from(month == 2 && Self::is_leap(year));
            if rest < length {
                break;
            }
            rest -= length;
            month += 1;
        }
        Self { year, month: month.min(12), day: u8::try_from(rest + 1).unwrap_or(31) }
    }

    /// Days since 1970-01-01; 0 for a day before.
    #[must_use]
    pub fn days_since_epoch(self) -> u64 {
        let years: u64 = (1970..self.year).map(Self::days_of).sum();
        let leap = u64::from(self.month > 2 && Self::is_leap(self.year));
        let months: u64 = Self::MONTHS.iter().take(usize::from(self.month) - 1).map(|days| u64::from(*days)).sum();
        if self.year < 1970 { 0 } else { years + months + leap + u64::from(self.day) - 1 }
    }

    fn days_of(year: u16) -> u64 {
        365 + u64::from(Self::is_leap(year))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a day; write it as 2027-03-01");
        let digits_at = |from: usize, to: usize| -> Option<u16> {
            let part = text.get(from..to)?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
        };
        let dashed = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        let (year, month, day) = match (digits_at(0, 4), digits_at(5, 7), digits_at(8, 10)) {
            (Some(year), Some(month), Some(day)) if dashed => (year, month, day),
            _ => return Err(wrong()),
        };
        let month = u8::try_from(month).ok().filter(|month| (1..=12).contains(month)).ok_or_else(wrong)?;
        let longest = Self::MONTHS[usize::from(month) - 1] + u8::from(month == 2 && Self::is_leap(year));
        let day = u8::try_from(day).ok().filter(|day| (1..=longest).contains(day)).ok_or_else(wrong)?;
        Ok(Self { year, month, day })
    }
}

super::text_value!(Date, "a day, such as 2027-03-01", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints_and_orders_days() {
        let early: Date = "2026-11-21".parse().unwrap();
        let late: Date = "2027-03-01".parse().unwrap();
        assert!(early < late);
        assert_eq!(late.to_string(), "2027-03-01");
    }

    #[test]
    fn counts_days() {
        assert_eq!(Date::from_days_since_epoch(0).to_string(), "1970-01-01");
        assert_eq!(Date::from_days_since_epoch(11_016).to_string(), "2000-02-29");
        assert_eq!(Date::from_days_since_epoch(20_778).to_string(), "2026-11-21");
        for days in [0, 58, 59, 60, 364, 365, 11_016, 11_017, 20_778, 50_000] {
            assert_eq!(Date::from_days_since_epoch(days).days_since_epoch(), days);
        }
    }

    #[test]
    fn refuses_what_is_no_day() {
        for text in ["", "2027-13-01", "2027-02-29", "2027-3-1", "27-03-01", "2027/03/01", "2027-03-01T00"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}

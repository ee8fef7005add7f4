//! An amount of memory or disk space with its unit.

use std::fmt;
use std::str::FromStr;

/// An amount of bytes, written as a whole number with its unit: `8GiB`, `512MiB`, `20GB`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(pub u64);

const UNITS: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("KB", 1_000),
    ("B", 1),
];

impl Size {
    /// Whole gibibytes.
    #[must_use]
    pub const fn gib(gib: u64) -> Self {
        Self(gib << 30)
    }

    /// Whole mebibytes, rounded down: the unit of Proxmox for memory.
    #[must_use]
    pub const fn as_mib(self) -> u64 {
        self.0 >> 20
    }

    /// Whole gibibytes, rounded up: the unit of Proxmox for new disks.
    #[must_use]
    pub const fn as_gib_ceiling(self) -> u64 {
        self.0.div_ceil(1 << 30)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |(_, size): &&(&str, u64)| self.0 >= *size && self.0.is_multiple_of(*size);
        let (unit, size) = UNITS.iter().filter(fits).min_by_key(|(_, size)| self.0 / size).unwrap_or(&("B", 1));
        write!(formatter, "{}{unit}", self.0 / size)
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not a size; write a whole number with its unit, such as 512MiB, 8GiB or 20GB");
        let digits = text.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(wrong)?;
        let number: u64 = text[..digits].parse().map_err(|_| wrong())?;
        let (_, size) = UNITS.iter().find(|(unit, _)| *unit == &text[digits..]).ok_or_else(wrong)?;
        number.checked_mul(*size).map(Self).ok_or_else(wrong)
    }
}

super::text_value!(Size, "a size with its unit, such as 512MiB, 8GiB or 20GB", r"^[0-9]+([KMGT]i?)?B$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints() {
        for text in ["8GiB", "512MiB", "20GB", "1TiB", "17B"] {
            assert_eq!(text.parse::<Size>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn refuses_what_has_no_unit() {
        for text in ["", "8", "8G", "8 GiB", "GiB", "-1GiB", "1.5GiB", "99999999999TiB"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }
}

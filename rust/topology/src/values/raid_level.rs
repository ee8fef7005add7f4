//! A level of RAID.

use super::Size;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};
use std::fmt;

/// A level of RAID: which losses of disks an array survives. Written as text or, where it is one, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RaidLevel {
    /// Striped: every disk is needed.
    Raid0,
    /// Mirrored: one disk is needed.
    Raid1,
    /// One parity: one disk may be lost.
    Raid5,
    /// Two parities: two disks may be lost.
    Raid6,
    /// Striped over mirrored pairs of disks: of each pair one is needed.
    Raid10,
    /// Striped, each stripe mirrored on the next disk: no two neighbours in the ring of disks may be lost.
    Raid1E,
}

impl RaidLevel {
    const NAMES: [&'static str; 6] = ["0", "1", "5", "6", "10", "1E"];
    const ALL: [Self; 6] = [Self::Raid0, Self::Raid1, Self::Raid5, Self::Raid6, Self::Raid10, Self::Raid1E];

    /// The fewest disks of which it can be made. 10 takes pairs.
    #[must_use]
    pub fn fewest_disks(self) -> u32 {
        match self {
            Self::Raid0 | Self::Raid1 => 2,
            Self::Raid5 | Self::Raid1E => 3,
            Self::Raid6 | Self::Raid10 => 4,
        }
    }

    /// The space that so many disks of a size leave to whoever writes. Source: SNIA, Common RAID Disk Data Format, the levels.
    #[must_use]
    pub fn usable(self, disks: u32, disk: Size) -> Size {
        let all = disk.0.saturating_mul(u64::from(disks));
        let without = |spent: u32| disk.0.saturating_mul(u64::from(disks.saturating_sub(spent)));
        Size(match self {
            Self::Raid0 => all,
            Self::Raid1 => disk.0.min(all),
            Self::Raid5 => without(1),
            Self::Raid6 => without(2),
            // Everything is there twice.
            Self::Raid10 | Self::Raid1E => all / 2,
        })
    }
}

impl fmt::Display for RaidLevel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = Self::ALL.iter().position(|level| level == self).unwrap_or(0);
        formatter.write_str(Self::NAMES[place])
    }
}

impl Serialize for RaidLevel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RaidLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Level;
        impl Visitor<'_> for Level {
            type Value = RaidLevel;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a level of RAID: 0, 1, 5, 6, 10 or 1E")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<RaidLevel, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<RaidLevel, E> {
                let upper = text.to_ascii_uppercase();
                let plain = upper.trim_start_matches("RAID").trim_start_matches(['-', ' ']);
                let known = RaidLevel::NAMES.iter().position(|name| *name == plain);
                known.map(|place| RaidLevel::ALL[place]).ok_or_else(|| {
                    E::custom(format!("`{text}` is not a level of RAID that is known: 0, 1, 5, 6, 10, 1E"))
                })
            }
        }
        deserializer.deserialize_any(Level)
    }
}

impl JsonSchema for RaidLevel {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RaidLevel".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "a level of RAID",
            "enum": ["0", "1", "5", "6", "10", "1E", 0, 1, 5, 6, 10],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_space_that_a_level_leaves() {
        let usable = |level: RaidLevel, disks| level.usable(disks, Size(120)).0;
        let of_four: Vec<u64> = RaidLevel::ALL.into_iter().map(|level| usable(level, 4)).collect();
        assert_eq!(of_four, [480, 120, 360, 240, 240, 240]);
        // An odd number of disks leaves half of all, too: 1E mirrors stripes and not disks.
        assert_eq!(usable(RaidLevel::Raid1E, 3), 180);
        assert_eq!(RaidLevel::ALL.map(|level| usable(level, 0)), [0; 6]);
        assert_eq!(RaidLevel::Raid0.usable(u32::MAX, Size(u64::MAX)).0, u64::MAX);
    }
}

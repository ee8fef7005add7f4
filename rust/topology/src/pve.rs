//! What Proxmox VE accepts as parameters of a virtual machine: names, types, ranges, and the keys of property strings.
//!
//! The facts stand in `data/pve.json`; code asks and knows no name itself. They are read once, when they are first asked for.

mod check;
mod facts;
mod property_string;

pub(crate) use check::plain_text;
pub use facts::{Parameter, Parameters};
pub use property_string::{Property, properties};

use std::fmt;
use std::sync::LazyLock;

const FACTS: &str = include_str!("../data/pve.json");

/// The major version that is meant when the pillar names none.
pub const DEFAULT_VERSION: u8 = 9;

/// Major versions that are known.
pub const KNOWN_VERSIONS: [u8; 2] = [8, 9];

/// Why Proxmox VE would refuse a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with which value; no secret in it.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(formatter, "; {help}"))
    }
}

impl Refusal {
    fn new(message: impl Into<String>, help: Option<String>) -> Self {
        Self { message: message.into(), help }
    }
}

/// What a CPU type offers to the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CpuLevel {
    /// A microarchitecture level of x86-64, 1 to 4; 0 for a processor of another architecture.
    Level(u8),
    /// That of the hypervisor: `host`, `max`.
    OfHypervisor,
    /// A model of the operator's own (`custom-…`), of which nothing is known here.
    Custom,
}

impl Parameters {
    /// The facts that are built in.
    ///
    /// # Errors
    /// A sentence, when the built-in file cannot be read; a test of this crate holds that it can.
    pub fn built_in() -> Result<&'static Self, String> {
        static PARAMETERS: LazyLock<Result<Parameters, String>> = LazyLock::new(|| {
            serde_json::from_str(FACTS)
                .map_err(|error| format!("the built-in facts of Proxmox VE cannot be read: {error}"))
        });
        PARAMETERS.as_ref().map_err(Clone::clone)
    }

    /// What a CPU type offers; `None` for a name that Proxmox VE does not know.
    #[must_use]
    pub fn cpu_level(&self, cpu_type: &str) -> Option<CpuLevel> {
        if cpu_type.starts_with("custom-") {
            return Some(CpuLevel::Custom);
        }
        self.cpu_levels.get(cpu_type).map(|level| level.map_or(CpuLevel::OfHypervisor, CpuLevel::Level))
    }
}

/// The number of a microarchitecture level: 3 of `x86-64-v3`, 1 of `x86-64`.
#[must_use]
pub fn microarchitecture_level(name: &str) -> Option<u8> {
    match name.strip_prefix("x86-64")? {
        "" => Some(1),
        rest => rest.strip_prefix("-v")?.parse().ok().filter(|level| (1..=4).contains(level)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_facts_can_be_read_and_name_only_what_exists() {
        let parameters = Parameters::built_in().unwrap();
        assert_eq!(parameters.dangling_names(), Vec::<String>::new());
    }

    #[test]
    fn levels_of_cpu_types() {
        let parameters = Parameters::built_in().unwrap();
        assert_eq!(parameters.cpu_level("kvm64"), Some(CpuLevel::Level(1)));
        assert_eq!(parameters.cpu_level("x86-64-v2-AES"), Some(CpuLevel::Level(2)));
        assert_eq!(parameters.cpu_level("Haswell-noTSX"), Some(CpuLevel::Level(3)));
        assert_eq!(parameters.cpu_level("host"), Some(CpuLevel::OfHypervisor));
        assert_eq!(parameters.cpu_level("custom-etcd"), Some(CpuLevel::Custom));
        assert_eq!(parameters.cpu_level("x86-64-v9"), None);
        assert_eq!(microarchitecture_level("x86-64-v3"), Some(3));
        assert_eq!(microarchitecture_level("x86-64"), Some(1));
        assert_eq!(microarchitecture_level("arm64"), None);
    }
}

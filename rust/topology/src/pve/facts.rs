//! The shape of `data/pve.json`.

use indexmap::IndexMap;
use regex_lite::Regex;
use serde::{Deserialize, Deserializer};

/// All that is known of the parameters of `POST /nodes/{node}/qemu` and `PUT /nodes/{node}/qemu/{vmid}/config`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// Releases with whose API the facts were compared, in words.
    pub checked_against: String,
    /// Parameters by name; `scsi[n]` stands for `scsi0`, `scsi1`, …
    pub(super) keys: IndexMap<String, Parameter>,
    /// Keys of property strings, by the name that [`Value::properties`] refers to.
    pub(super) property_strings: IndexMap<String, IndexMap<String, PropertyFacts>>,
    /// Forms of text, by the name that [`Value::format`] refers to.
    pub(super) formats: IndexMap<String, Format>,
    /// Microarchitecture level of each CPU type; none for those that show the hypervisor's own.
    pub(super) cpu_levels: IndexMap<String, Option<u8>>,
}

/// A parameter of a virtual machine.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Deserialize)]
pub struct Parameter {
    /// The last number of a parameter that exists several times.
    pub(super) last_index: Option<u32>,
    /// The keys of its value, when that is a property string.
    pub(super) properties: Option<String>,
    #[serde(flatten)]
    pub(super) value: Value,
    /// Whether only `POST /nodes/{node}/qemu` takes it.
    #[serde(default)]
    pub creation_only: bool,
    /// Whether only `root@pam` with a password may set it: no API token can, not even root's.
    #[serde(default)]
    pub root_only: bool,
    /// Whether it names a volume, whose name is known only once Proxmox VE has made it.
    #[serde(default)]
    pub volume: bool,
    /// Whether its value is never to be shown.
    #[serde(default)]
    pub secret: bool,
    /// The first major version that knows it.
    pub(super) since: Option<u8>,
}

/// A key of a property string.
#[derive(Debug, Deserialize)]
pub(super) struct PropertyFacts {
    #[serde(flatten)]
    pub value: Value,
    /// Whether its name may be left out.
    #[serde(default)]
    pub default: bool,
    /// Whether it must be there.
    #[serde(default)]
    pub required: bool,
    /// The key in whose place it is written.
    pub stands_for: Option<String>,
    /// A key without which it means nothing.
    pub requires: Option<String>,
    pub since: Option<u8>,
}

/// What a value may be.
#[derive(Debug, Deserialize)]
pub(super) struct Value {
    #[serde(default, rename = "type")]
    pub kind: Kind,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    pub one_of: Option<Vec<String>>,
    pub format: Option<String>,
    pub most_characters: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    #[default]
    Text,
    Boolean,
    Integer,
    Number,
}

/// A form of text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Format {
    #[serde(deserialize_with = "regex")]
    pub pattern: Regex,
    /// What it is, for a sentence.
    pub words: String,
}

fn regex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Regex, D::Error> {
    let pattern = String::deserialize(deserializer)?;
    Regex::new(&pattern).map_err(serde::de::Error::custom)
}

impl Parameters {
    /// Names of formats and property strings that are referred to and do not exist.
    #[cfg(test)]
    pub(super) fn dangling_names(&self) -> Vec<String> {
        let of_keys = self.keys.values().map(|parameter| &parameter.value);
        let of_properties = self.property_strings.values().flatten().map(|(_, property)| &property.value);
        let formats = of_keys.chain(of_properties).filter_map(|value| value.format.as_ref());
        let formats = formats.filter(|name| !self.formats.contains_key(*name) && *name != super::check::CPU_TYPE);
        let strings = self.keys.values().filter_map(|parameter| parameter.properties.as_ref());
        let strings = strings.filter(|name| !self.property_strings.contains_key(*name));
        formats.chain(strings).cloned().collect()
    }
}

//! Which parts of a host are managed.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tree::Origin;

/// Whether a part is managed, only checked, or left alone: `true`, `check`, `false`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Managed {
    /// It is written and started.
    Yes,
    /// It is compared and reported.
    Check,
    /// It is somebody else's.
    No,
}

impl Serialize for Managed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Yes => serializer.serialize_bool(true),
            Self::Check => serializer.serialize_str("check"),
            Self::No => serializer.serialize_bool(false),
        }
    }
}

impl<'de> Deserialize<'de> for Managed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Managed;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("true, false or the word check")
            }
            fn visit_bool<E: serde::de::Error>(self, flag: bool) -> Result<Managed, E> {
                Ok(if flag { Managed::Yes } else { Managed::No })
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Managed, E> {
                if text == "check" {
                    Ok(Managed::Check)
                } else {
                    Err(E::custom(format!("`{text}` is not true, false or check")))
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Managed {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Managed".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "enum": [true, "check", false], "description": "true: written and started; check: compared and reported; false: left alone" })
    }
}

/// Which parts of a host are managed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Manage {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Package repositories, and packages held at the pillar's version.
    pub repositories: Managed,
    /// Kernel modules and sysctl.
    pub kernel: Managed,
    /// chrony.
    pub chrony: Managed,
    /// containerd.
    pub containerd: Managed,
    /// HAProxy and keepalived.
    pub load_balancer: Managed,
    /// The name of the API in `/etc/hosts`.
    pub hosts: Managed,
    /// The firewall: only a table or zone of our own.
    pub firewall: Managed,
}

impl Default for Manage {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            repositories: Managed::Yes,
            kernel: Managed::Yes,
            chrony: Managed::Check,
            containerd: Managed::Yes,
            load_balancer: Managed::Yes,
            hosts: Managed::Yes,
            firewall: Managed::No,
        }
    }
}

/// What happens to a hand-made change in a managed file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Drift {
    /// It is reported.
    #[default]
    Report,
    /// It is reverted.
    Enforce,
}

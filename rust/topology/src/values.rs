//! Typed scalars of the pillar: each is written as text with its unit and printed the same way.

mod date;
mod duration;
mod endpoint;
mod kubernetes_version;
mod mean_time;
mod operating_system;
mod processor_time;
mod raid_level;
mod secret;
mod size;

pub use date::Date;
pub use duration::Duration;
pub use endpoint::Endpoint;
pub use kubernetes_version::KubernetesVersion;
pub use mean_time::MeanTime;
pub use operating_system::{Distribution, OperatingSystem, Packaging};
pub use processor_time::ProcessorTime;
pub use raid_level::RaidLevel;
pub use secret::Secret;
pub use size::Size;

/// Implements serde and JSON Schema for a type that is written as text and has `FromStr` (error: a sentence) and `Display`.
macro_rules! text_value {
    ($type:ident, $expected:literal, $pattern:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $type;
                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str($expected)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $expected, "pattern": $pattern })
            }
        }
    };
}
use text_value;

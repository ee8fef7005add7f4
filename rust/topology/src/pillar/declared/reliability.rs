//! How often elements fail, and how long they are away then.

use crate::values::MeanTime;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use tree::{ORIGIN_KEY, Origin, REST_KEY};

/// Mean times of an element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FailureRate {
    #[serde(rename = "$origin", default, skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Mean time between two failures, without the time of repair: `50000h`.
    pub mtbf: MeanTime,
    /// Mean time to repair: `8h`.
    pub mttr: MeanTime,
}

impl FailureRate {
    /// The share of time in which the element is away: MTTR / (MTBF + MTTR), 0 to 1.
    #[must_use]
    pub fn unavailability(&self) -> f64 {
        let (up, away) = (self.mtbf.as_hours(), self.mttr.as_hours());
        if up + away > 0.0 { away / (up + away) } else { 0.0 }
    }
}

/// Mean times per kind of element, and of single elements.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[serde(default)]
pub struct Reliability {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// By the kinds of `targets.survive`, such as `hypervisor`.
    #[serde(flatten)]
    pub kinds: IndexMap<String, FailureRate>,
    /// By the name of an element, such as `pve2`; of a program, `etcd on cp1`. They win over those of the kind.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub elements: IndexMap<String, FailureRate>,
}

impl<'de> Deserialize<'de> for Reliability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rates;
        impl<'de> Visitor<'de> for Rates {
            type Value = Reliability;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a mapping from a kind of failure domain to its mean times")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Reliability, A::Error> {
                let mut reliability = Reliability::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        ORIGIN_KEY => reliability.origin = map.next_value()?,
                        "elements" => reliability.elements = map.next_value()?,
                        _ => _ = reliability.kinds.insert(key, map.next_value()?),
                    }
                }
                Ok(reliability)
            }
        }
        deserializer.deserialize_struct("Reliability", &[ORIGIN_KEY, REST_KEY], Rates)
    }
}

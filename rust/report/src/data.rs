//! What a report shows: plain data, as the failure model computed it.
//!
//! Everything refers to elements and services by their index in [`Report::elements`] and [`Report::services`]. All parts
//! but the first five fields may be empty; the page then leaves out their sections. [`Report::check`] says what is wrong
//! with a report before anything is drawn.

mod check;
mod cut_sets;
mod losses;
mod others;
mod services;

pub use check::Error;
pub use cut_sets::{CutGroup, CutPart, CutSets};
pub use faults::Level;
pub use losses::{Answer, Asked, Effect, Losses, Next, Takes};
pub use others::{Capacity, Circle, ComesUp, Finding, Partition, Resource, Severity, Side, StartUp, Step};
pub use services::{Availability, Contribution, Service, Tolerance};

use serde::{Deserialize, Serialize};

/// Index of an element in [`Report::elements`].
pub type ElementIndex = u32;
/// Index of a service in [`Report::services`].
pub type ServiceIndex = u32;

/// A report about one cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Name of the cluster.
    pub cluster: String,
    /// What computed the answers: `k8s-ha 0.1.0`.
    pub version: String,
    /// The day for which they hold, as it is to be shown: `2026-11-26`.
    pub date: String,
    /// Kinds of elements, from the widest to the narrowest; [`Kind::standard`] has those of every topology.
    pub kinds: Vec<Kind>,
    /// What can fail.
    pub elements: Vec<Element>,
    /// What must not be lost, in the order of the tables.
    #[serde(default)]
    pub services: Vec<Service>,
    /// What is lost with what.
    #[serde(default)]
    pub losses: Losses,
    /// The smallest sets that break a service.
    #[serde(default)]
    pub cut_sets: Vec<CutSets>,
    /// Network partitions: which side serves.
    #[serde(default)]
    pub partitions: Vec<Partition>,
    /// Whether everything still fits after the tolerated losses.
    #[serde(default)]
    pub capacity: Vec<Capacity>,
    /// In which order a cluster without power comes up.
    #[serde(default)]
    pub start_up: Option<StartUp>,
    /// Findings of the rules; `None` when no rule was asked.
    #[serde(default)]
    pub findings: Option<Vec<Finding>>,
}

/// A kind of elements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// What [`Element::kind`] and [`Tolerance::kind`] say, and `targets.survive` in a pillar: `power_feed`.
    pub key: String,
    /// One of them in a sentence: `power feed`.
    pub one: String,
    /// Several of them in a sentence: `power feeds`.
    pub many: String,
    /// How it is drawn.
    pub drawn: Drawn,
}

/// How elements of a kind are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drawn {
    /// A box that holds what needs it: sites, racks, hypervisors, nodes.
    Place,
    /// A mark on what needs it: power feeds, switches, uplinks, what others run.
    Supply,
    /// A part of the place that it needs: programs, storage devices.
    Part,
}

/// One thing that can fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// The [`Kind::key`] of its kind.
    pub kind: String,
    /// Its name, as `k8s-ha faults --down` takes it; of a program, `etcd on cp1`.
    pub name: String,
    /// What it stands on: it is lost when *all* elements of one of these groups are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Vec<ElementIndex>>,
}

impl Kind {
    /// The kinds of every topology, from the widest to the narrowest.
    #[must_use]
    pub fn standard() -> Vec<Self> {
        let kind = |key: &str, one: &str, many: &str, drawn| Self {
            key: key.to_owned(),
            one: one.to_owned(),
            many: many.to_owned(),
            drawn,
        };
        vec![
            kind("site", "site", "sites", Drawn::Place),
            kind("uplink", "uplink", "uplinks", Drawn::Supply),
            kind("power_feed", "power feed", "power feeds", Drawn::Supply),
            kind("rack", "rack", "racks", Drawn::Place),
            kind("switch", "switch", "switches", Drawn::Supply),
            kind("hypervisor", "hypervisor", "hypervisors", Drawn::Place),
            kind("node", "node", "nodes", Drawn::Place),
            kind("storage_device", "storage device", "storage devices", Drawn::Part),
            kind("process", "process", "processes", Drawn::Part),
            kind("outside", "service outside", "services outside", Drawn::Supply),
        ]
    }
}

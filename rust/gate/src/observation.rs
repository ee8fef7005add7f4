//! What was seen of a cluster at one moment. It comes in as a value: from the live cluster, or from a file that was saved or
//! written by hand.

mod sound;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of this shape.
pub const OBSERVATION_SCHEMA: u32 = 1;

/// Whether something does its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It does. A member of etcd: a linearizable read through it was answered in time.
    Up,
    /// It answers, and does not do its work: a member that sees no quorum, a node that is not ready.
    Unwell,
    /// It certainly does not run: its own host says so, or refuses the connection.
    Down,
    /// Nobody knows: there was no answer in time.
    Unknown,
}

/// What was seen of a cluster at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// Version of this shape: 1.
    pub schema: u32,
    /// The node that looked; `null` for a host that is none.
    #[serde(default)]
    pub observer: Option<String>,
    /// When, in seconds since the epoch.
    #[serde(default)]
    pub at: f64,
    /// The members of etcd, as etcd lists them; none where nobody could say.
    #[serde(default)]
    pub etcd: Vec<EtcdMember>,
    /// The hosts. One that is not listed counts as unknown.
    #[serde(default)]
    pub nodes: Vec<ObservedNode>,
    /// Programs on them. One that is not listed is as its host is.
    #[serde(default)]
    pub programs: Vec<ObservedProgram>,
    /// Disruption budgets with the nodes on which their pods run; `null` where they could not be read.
    #[serde(default)]
    pub budgets: Option<Vec<ObservedBudget>>,
    /// Nodes that hold the address of the API; `null` where nobody could say, or where there is none.
    #[serde(default)]
    pub address_holders: Option<Vec<String>>,
    /// Nodes on which pods of `CoreDNS` serve, one entry for each pod; `null` where they could not be read, or there are none.
    #[serde(default)]
    pub name_servers: Option<Vec<String>>,
    /// Virtual machines of the nodes, as Proxmox VE runs them; `null` where nobody could say, or where it was not asked.
    #[serde(default)]
    pub machines: Option<Vec<ObservedMachine>>,
    /// Nodes in maintenance: they count as down.
    #[serde(default)]
    pub maintenance: Vec<String>,
}

/// A text that is no observation.
#[derive(Debug, thiserror::Error)]
pub enum ObservationError {
    /// It is not JSON of that shape.
    #[error(transparent)]
    Shape(#[from] serde_json::Error),
    /// It is of another release.
    #[error("its `schema` is {0}, this release reads {OBSERVATION_SCHEMA}")]
    Schema(u32),
}

impl Observation {
    /// Reads an observation from JSON.
    ///
    /// # Errors
    /// [`ObservationError`] for another shape, or another version of it.
    pub fn read(text: &str) -> Result<Self, ObservationError> {
        let observation: Self = serde_json::from_str(text)?;
        if observation.schema == OBSERVATION_SCHEMA {
            Ok(observation)
        } else {
            Err(ObservationError::Schema(observation.schema))
        }
    }

    /// How a host is; one that is not listed is unknown.
    pub(crate) fn state_of(&self, node: &str) -> State {
        self.nodes.iter().find(|seen| seen.name == node).map_or(State::Unknown, |seen| seen.state)
    }
}

/// JSON Schema of an observation, as text that ends with a line break.
#[must_use]
pub fn observation_schema() -> String {
    let schema = schemars::schema_for!(Observation);
    // A schema is JSON already.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// A member of etcd.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EtcdMember {
    /// Its id, in hex as etcdctl prints it.
    #[serde(default)]
    pub id: String,
    /// The node on which it runs; empty for a member that was added and has not started.
    pub node: String,
    /// Whether it does its work.
    pub state: State,
    /// Why not, in a few words.
    #[serde(default)]
    pub because: String,
    /// Whether it has no vote.
    #[serde(default)]
    pub is_learner: bool,
    /// Whether it leads.
    #[serde(default)]
    pub is_leader: bool,
    /// Whether somebody is taking it out of the cluster.
    #[serde(default)]
    pub is_removing: bool,
    /// The last entry of the log that it has applied.
    #[serde(default)]
    pub applied_index: u64,
    /// Alarms that it raised: `NOSPACE`, `CORRUPT`.
    #[serde(default)]
    pub alarms: Vec<String>,
    /// Bytes that its database takes of the disk; `null` where it did not say.
    #[serde(default)]
    pub database_bytes: Option<u64>,
    /// Bytes of the database at which it takes no more writes; `null` where it did not say.
    #[serde(default)]
    pub quota_bytes: Option<u64>,
}

impl EtcdMember {
    /// Its node, or what to call one that has not started.
    #[must_use]
    pub fn called(&self) -> String {
        if self.node.is_empty() { format!("member {}", self.id) } else { self.node.clone() }
    }
}

/// A host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObservedNode {
    /// Its name.
    pub name: String,
    /// Whether it does its work: a node of Kubernetes is ready, another host answers.
    pub state: State,
    /// Why not, in a few words.
    #[serde(default)]
    pub because: String,
    /// Whether no new pods are placed there.
    #[serde(default)]
    pub unschedulable: bool,
    /// By how much its clock is off, in seconds; `null` where nobody could say.
    #[serde(default)]
    pub clock_offset_seconds: Option<f64>,
}

/// A program on a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObservedProgram {
    /// Its name: `kube-apiserver`, `haproxy`, `keepalived`.
    pub name: String,
    /// The host.
    pub node: String,
    /// Whether it does its work.
    pub state: State,
    /// Why not, in a few words.
    #[serde(default)]
    pub because: String,
}

/// A disruption budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObservedBudget {
    /// `namespace/name`.
    pub name: String,
    /// How many of its pods may be evicted now.
    pub disruptions_allowed: u32,
    /// Nodes on which its pods run, one entry for each pod.
    pub nodes: Vec<String>,
}

/// The virtual machine of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObservedMachine {
    /// The node.
    pub node: String,
    /// The hypervisor on which it is; `null` where Proxmox VE shows no machine of that id.
    #[serde(default)]
    pub hypervisor: Option<String>,
    /// Whether it runs.
    pub state: State,
}

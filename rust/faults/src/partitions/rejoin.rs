//! What returns how, once the network is whole again.
//!
//! Where a volume's replicas and a pod's copies lie is not in the pillar, so the worst placement is taken: it says what can
//! be lost.

use super::Side;
use topology::pillar::ClusterDistribution;
use topology::{NodeIndex, Topology};

/// How something returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    /// The side without a majority acknowledged nothing; its members catch up.
    CatchesUp,
    /// Only one side could write.
    OneWriter,
    /// Writes of the side where the API did not serve were acknowledged, and are thrown away.
    WritesDiscarded,
    /// Both sides acknowledged writes that do not go together; one of the histories must be given up.
    Forks,
}

impl Returns {
    /// Its key in answers.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::CatchesUp => "catches_up",
            Self::OneWriter => "one_writer",
            Self::WritesDiscarded => "writes_discarded",
            Self::Forks => "forks",
        }
    }

    /// Whether acknowledged writes may be lost.
    #[must_use]
    pub fn loses_writes(self) -> bool {
        matches!(self, Self::WritesDiscarded | Self::Forks)
    }
}

/// How one thing returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejoin {
    /// What it is: the name of a service or application.
    pub of: String,
    /// How it returns.
    pub returns: Returns,
    /// Why, as a sentence.
    pub because: &'static str,
}

/// How everything returns that keeps something. `api` says on which sides the API serves.
pub(super) fn all(topology: &Topology, sides: &[Side; 2], api: [bool; 2]) -> Vec<Rejoin> {
    let returned = Return { topology, sides, moved: api[0] != api[1] };
    let mut all = Vec::new();
    returned.stores(&mut all);
    returned.storage(&mut all);
    returned.applications(&mut all);
    all
}

struct Return<'t> {
    topology: &'t Topology,
    sides: &'t [Side; 2],
    /// One side has the API and may start there what the other still runs.
    moved: bool,
}

impl Return<'_> {
    /// What decides by majority.
    fn stores(&self, all: &mut Vec<Rejoin>) {
        let mut add = |is_there: bool, of: &str, because| {
            if is_there {
                all.push(Rejoin { of: of.to_owned(), returns: Returns::CatchesUp, because });
            }
        };
        let majority = "a write is acknowledged by a majority, and only one side can have one";
        let microk8s = self.topology.cluster.distribution == ClusterDistribution::Microk8s;
        let rook = self.topology.pillar.storage.as_ref().is_some_and(|storage| storage.rook.is_some());
        add(!self.topology.etcd.members.is_empty(), "etcd", majority);
        add(microk8s, "dqlite", majority);
        add(
            rook,
            "storage rook",
            "without a majority of monitors, or below min_size, writes wait and are not acknowledged",
        );
        let files = "without quorum the configuration of Proxmox is read-only";
        add(self.topology.proxmox.is_some(), "proxmox quorum", files);
    }

    fn storage(&self, all: &mut Vec<Rejoin>) {
        let Some(storage) = &self.topology.pillar.storage else { return };
        if let Some(longhorn) = &storage.longhorn {
            let nodes = self.named(&longhorn.nodes);
            let first = ("longhorn", longhorn.replicas);
            let classes = longhorn.classes.iter().map(|(name, replicas)| (name.as_str(), *replicas));
            for (class, replicas) in [first].into_iter().chain(classes) {
                let (returns, because) = if !self.on_both(&nodes) || replicas < 2 {
                    (Returns::OneWriter, "no volume has replicas on both sides")
                } else if !self.on_both(&self.named(&[])) {
                    (Returns::OneWriter, "an engine runs beside the pod that writes, and all pods are on one side")
                } else if !self.moved {
                    (Returns::OneWriter, "no side starts anew what the other still runs")
                } else {
                    let because = "an engine goes on writing to the replica of its own side, and the volume is attached \
                                   anew where the API serves";
                    (Returns::WritesDiscarded, because)
                };
                all.push(Rejoin { of: format!("storage {class}"), returns, because });
            }
        }
        for array in storage.raid.keys() {
            let because = "it lies in one host, which is on one side";
            all.push(Rejoin { of: format!("storage {array}"), returns: Returns::OneWriter, because });
        }
    }

    /// Applications that keep something and replicate it themselves. What lies on storage returns as the storage does.
    fn applications(&self, all: &mut Vec<Rejoin>) {
        let everywhere = self.named(&[]);
        for (name, app) in self.topology.pillar.apps.iter().flatten() {
            let apart = app.node.is_none() && self.on_both(&everywhere);
            let (returns, because) = match app.r#type.as_deref() {
                Some("postgres") if apart && app.replicas > 1 => {
                    let because = "the old primary acknowledges writes until it is fenced, and the promoted one begins a \
                                   timeline of its own";
                    (Returns::Forks, because)
                }
                Some("redis") if apart && (app.replicas > 1 || (self.moved && app.storage.is_none())) => {
                    let because = "the old master acknowledges writes, and becomes a replica of the new one";
                    (Returns::WritesDiscarded, because)
                }
                Some("postgres" | "redis") => (Returns::OneWriter, "there is one copy, or all of them are on one side"),
                _ => continue,
            };
            all.push(Rejoin { of: name.clone(), returns, because });
        }
    }

    /// Nodes by their names; without names, every node that may run pods.
    fn named(&self, names: &[String]) -> Vec<NodeIndex> {
        let nodes = self.topology.nodes.iter().enumerate();
        let wanted = nodes.filter(|(_, node)| {
            if names.is_empty() { self.topology.takes_pods(node, &[]) } else { names.contains(&node.name) }
        });
        wanted.map(|(index, _)| index).collect()
    }

    fn on_both(&self, nodes: &[NodeIndex]) -> bool {
        self.sides.iter().all(|side| nodes.iter().any(|node| side.nodes.contains(node)))
    }
}

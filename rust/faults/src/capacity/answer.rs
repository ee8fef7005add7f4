//! Capacity with names.

use super::{CapacityRow, Lack, Machines, Verdict};
use crate::answers::ElementName;
use crate::model::Model;
use serde::Serialize;
use topology::{NodeIndex, Topology};

/// A disruption budget after a loss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BudgetAnswer {
    /// Whose it is.
    pub demand: String,
    /// Pods that can run at worst.
    pub running: u32,
    /// Pods that it keeps.
    pub min_available: u32,
    /// Whether one pod may go, so that its node can be drained.
    pub lets_one_go: bool,
}

/// Whether everything fits after one kind of loss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CapacityRowAnswer {
    /// Key of the kind that is lost; `null` with nothing lost.
    pub kind: Option<String>,
    /// How many of them at once.
    pub losses: u32,
    /// `fits`, `does_not_fit` or `not_settled`.
    pub verdict: &'static str,
    /// What there is too little of, as a sentence; `null` where everything fits.
    pub because: Option<String>,
    /// The loss that the verdict is about; empty where everything fits.
    pub witness: Vec<ElementName>,
    /// Processor time that is left over at worst, in thousandths of a processor; `null` where a node says nothing.
    pub cpu_millis_left: Option<i64>,
    /// Memory that is left over at worst, in bytes; `null` where a node says nothing.
    pub memory_bytes_left: Option<i64>,
    /// The disruption budgets, at worst.
    pub budgets: Vec<BudgetAnswer>,
}

/// What becomes of the machines of lost hypervisors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MachinesAnswer {
    /// The hypervisors that are lost.
    pub lost: Vec<String>,
    /// Machines that Proxmox starts on another hypervisor.
    pub restarted: Vec<String>,
    /// Machines under HA that no hypervisor has memory for.
    pub no_room: Vec<String>,
    /// Machines under HA that cannot start elsewhere, because a disk is not there.
    pub local_disk: Vec<String>,
    /// Machines that stay away until their hypervisor is back.
    pub not_under_ha: Vec<String>,
    /// Whether `no_room` is proven.
    pub settled: bool,
}

/// Whether everything fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CapacityAnswer {
    /// With nothing lost, then by kind.
    pub pods: Vec<CapacityRowAnswer>,
    /// By single hypervisor, then the worst loss of the targeted number.
    pub machines: Vec<MachinesAnswer>,
}

impl Lack {
    /// What there is too little of, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Cpu => "all pods together request more processor time than is left".to_owned(),
            Self::Memory => "all pods together request more memory than is left".to_owned(),
            Self::Pods => "there are more pods than the kubelets that are left take".to_owned(),
            Self::NoPacking => "there is enough of everything, and no way to place the pods".to_owned(),
            Self::Places { demand, replicas, places } => {
                format!("of {replicas} pods of {demand} {places} find a place, even with nothing else there")
            }
        }
    }
}

impl Model {
    /// Capacity with names.
    #[must_use]
    pub fn capacity_answer(&self, topology: &Topology, rows: &[CapacityRow], machines: &[Machines]) -> CapacityAnswer {
        let names = |nodes: &[NodeIndex]| nodes.iter().map(|node| topology.nodes[*node].name.clone()).collect();
        let row = |row: &CapacityRow| {
            let (verdict, because) = match &row.verdict {
                Verdict::Fits => ("fits", None),
                Verdict::DoesNotFit(lack) => ("does_not_fit", Some(lack.sentence())),
                Verdict::NotSettled => ("not_settled", Some(NOT_SETTLED.to_owned())),
            };
            let budget = |budget: &super::Budget| BudgetAnswer {
                demand: budget.demand.clone(),
                running: budget.running,
                min_available: budget.min_available,
                lets_one_go: budget.lets_one_go(),
            };
            CapacityRowAnswer {
                kind: row.kind.map(|kind| self.kind_key(kind).to_owned()),
                losses: row.losses,
                verdict,
                because,
                witness: row.witness.iter().map(|element| self.element_name(self.event_of(*element))).collect(),
                cpu_millis_left: row.cpu_millis_left,
                memory_bytes_left: row.memory_bytes_left,
                budgets: row.budgets.iter().map(budget).collect(),
            }
        };
        let machines = machines.iter().map(|machines| MachinesAnswer {
            lost: machines.lost.iter().map(|host| topology.domains.element(*host).name.clone()).collect(),
            restarted: names(&machines.restarted),
            no_room: names(&machines.no_room),
            local_disk: names(&machines.local_disk),
            not_under_ha: names(&machines.not_under_ha),
            settled: machines.settled,
        });
        CapacityAnswer { pods: rows.iter().map(row).collect(), machines: machines.collect() }
    }
}

const NOT_SETTLED: &str =
    "neither a place for everything nor a proof that there is none was found, or a node says nothing about what it has";

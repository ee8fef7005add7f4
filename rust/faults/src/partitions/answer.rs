//! Partitions with names.

use super::{Address, Partition};
use crate::answers::ElementName;
use crate::model::Model;
use serde::Serialize;
use topology::{NodeIndex, Topology};

/// One side of a cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SideAnswer {
    /// Its nodes.
    pub nodes: Vec<String>,
    /// Services that serve there.
    pub serves: Vec<String>,
    /// Services that do not.
    pub lost: Vec<String>,
    /// Hosts of which one holds the address of the API; empty where nobody does, `null` where no address of ours moves.
    pub address_held_by: Option<Vec<String>>,
    /// Whether the API serves behind the address there.
    pub address_serves: bool,
}

/// How something returns once the network is whole again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RejoinAnswer {
    /// What it is.
    pub of: String,
    /// `catches_up`, `one_writer`, `writes_discarded` or `forks`.
    pub returns: &'static str,
    /// Whether acknowledged writes may be lost.
    pub loses_writes: bool,
    /// Why.
    pub because: &'static str,
}

/// What a cut does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartitionAnswer {
    /// What makes it: each an element, or switches that are cut together. Empty where it was asked for by its nodes.
    pub made_by: Vec<Vec<ElementName>>,
    /// Its sides, the smaller first.
    pub sides: [SideAnswer; 2],
    /// Services that serve on both sides.
    pub serve_on_both: Vec<String>,
    /// Whether both sides hold the address of the API.
    pub address_held_twice: bool,
    /// Whether both sides serve the API behind it.
    pub address_serves_twice: bool,
    /// What returns how.
    pub rejoin: Vec<RejoinAnswer>,
}

impl Model {
    /// A partition with names.
    #[must_use]
    pub fn partition_answer(&self, topology: &Topology, partition: &Partition) -> PartitionAnswer {
        let node_names = |nodes: &[NodeIndex]| nodes.iter().map(|node| topology.nodes[*node].name.clone()).collect();
        let side = |side: &super::Side| {
            let (serves, lost): (Vec<_>, Vec<_>) =
                (0..self.services.len()).partition(|service| side.serve.iter().any(|serves| serves.0 == *service));
            let names = |services: Vec<usize>| services.into_iter().map(|id| self.services[id].name.clone()).collect();
            let (address_held_by, address_serves) = match &side.address {
                Address::DoesNotMove => (None, false),
                Address::NotHeld => (Some(Vec::new()), false),
                Address::Held { by, serves } => (Some(node_names(by)), *serves),
            };
            SideAnswer {
                nodes: node_names(&side.nodes),
                serves: names(serves),
                lost: names(lost),
                address_held_by,
                address_serves,
            }
        };
        let element = |element: &topology::ElementId| self.element_name(self.event_of(*element));
        PartitionAnswer {
            made_by: partition.cut.made_by.iter().map(|maker| maker.iter().map(element).collect()).collect(),
            sides: [side(&partition.sides[0]), side(&partition.sides[1])],
            serve_on_both: partition.serve_on_both().map(|id| self.services[id.0].name.clone()).collect(),
            address_held_twice: partition.address_held_twice(),
            address_serves_twice: partition.address_serves_twice(),
            rejoin: partition
                .rejoin
                .iter()
                .map(|rejoin| RejoinAnswer {
                    of: rejoin.of.clone(),
                    returns: rejoin.returns.key(),
                    loses_writes: rejoin.returns.loses_writes(),
                    because: rejoin.because,
                })
                .collect(),
        }
    }
}

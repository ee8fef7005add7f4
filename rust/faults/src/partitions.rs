//! The network is cut in two and nothing fails: which side serves, who holds the address, what is lost when it is whole again.
//!
//! A side sees the nodes of the other as lost, and goes on with what it has; a service serves on a side when it would serve
//! with everything of the other side down. What others run (a public registry, an object store) is taken to be reached from
//! both sides.

mod address;
mod answer;
mod cuts;
mod rejoin;

pub use address::Address;
pub use answer::{PartitionAnswer, RejoinAnswer, SideAnswer};
pub use cuts::{Cut, CutError, declared_cuts};
pub use rejoin::{Rejoin, Returns};

use crate::formula::EventId;
use crate::model::Model;
use crate::service::ServiceId;
use rustc_hash::FxHashSet;
use topology::{NodeIndex, Topology};

/// One side of a cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its nodes, sorted.
    pub nodes: Vec<NodeIndex>,
    /// Services that serve there, in their order.
    pub serve: Vec<ServiceId>,
    /// Who holds the address of the API there.
    pub address: Address,
}

/// What a cut does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The cut.
    pub cut: Cut,
    /// Its sides, the smaller first.
    pub sides: [Side; 2],
    /// What returns how, once the network is whole again: everything that keeps something.
    pub rejoin: Vec<Rejoin>,
}

impl Partition {
    /// Whether both sides hold the address of the API.
    #[must_use]
    pub fn address_held_twice(&self) -> bool {
        self.sides.iter().all(|side| matches!(side.address, Address::Held { .. }))
    }

    /// Whether both sides serve the API behind it.
    #[must_use]
    pub fn address_serves_twice(&self) -> bool {
        self.sides.iter().all(|side| matches!(side.address, Address::Held { serves: true, .. }))
    }

    /// Services that serve on both sides, in their order.
    pub fn serve_on_both(&self) -> impl Iterator<Item = ServiceId> {
        self.sides[0].serve.iter().copied().filter(|service| self.sides[1].serve.contains(service))
    }
}

/// What a cut does.
#[must_use]
pub fn partition(model: &Model, topology: &Topology, cut: Cut) -> Partition {
    let mut api = [false, false];
    let sides = [true, false].map(|smaller| {
        let away: FxHashSet<EventId> = cut.away(smaller).iter().map(|element| model.event_of(*element)).collect();
        let serves =
            |service: &ServiceId| !model.formulas.holds(model.services[service.0].serve, |event| away.contains(&event));
        let nodes = cut.nodes(topology, smaller);
        let serve: Vec<ServiceId> = (0..model.services.len()).map(ServiceId).filter(serves).collect();
        api[usize::from(!smaller)] = api_is_ready(model, &serve);
        Side { address: address::on(topology, &nodes, api[usize::from(!smaller)]), nodes, serve }
    });
    let rejoin = rejoin::all(topology, &sides, api);
    Partition { cut, sides, rejoin }
}

/// Whether an API server answers `/readyz` where these services serve: it does with its store alone.
fn api_is_ready(model: &Model, serve: &[ServiceId]) -> bool {
    let mut needed = ["kube-apiserver", "etcd", "dqlite"].into_iter();
    needed.all(|name| {
        let known = model.services.iter().position(|service| service.name == name);
        known.is_none_or(|id| serve.contains(&ServiceId(id)))
    })
}

/// What the cuts of a declared network do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partitions {
    /// Those that were evaluated, in the order of [`declared_cuts`].
    pub evaluated: Vec<Partition>,
    /// Those for which the allowed work did not suffice.
    pub left_out: Vec<Cut>,
}

/// What every cut of the declared network does. What it needs is taken from `work`, in steps; one looks at one part of a
/// service's formula.
#[must_use]
pub fn partitions(model: &Model, topology: &Topology, work: &mut u64) -> Partitions {
    let one: usize = model.services.iter().map(|service| model.formulas.cone(service.serve).len()).sum();
    let one = 2 * (one + topology.nodes.len()) as u64;
    let mut answer = Partitions { evaluated: Vec::new(), left_out: Vec::new() };
    for cut in declared_cuts(topology) {
        match work.checked_sub(one) {
            Some(rest) => {
                *work = rest;
                answer.evaluated.push(partition(model, topology, cut));
            }
            None => answer.left_out.push(cut),
        }
    }
    answer
}

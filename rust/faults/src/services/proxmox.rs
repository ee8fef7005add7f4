//! The cluster of the hypervisors.

use crate::builder::Builder;
use crate::formula::{Formula, Term, count};
use crate::service::Service;
use topology::{ElementId, Kind};

/// Each hypervisor has one vote. A `QDevice` has one where their number is even, and all but one of theirs where it is odd.
/// Source: Proxmox VE Administration Guide, chapter Cluster Manager, section Corosync External Vote Support.
pub(super) fn add(builder: &mut Builder<'_>) {
    let topology = builder.topology;
    let Some(proxmox) = &topology.proxmox else { return };
    let hosts: Vec<ElementId> = topology.domains.of_kind(Kind::Hypervisor).collect();
    if hosts.is_empty() {
        return;
    }
    let mut votes: Vec<Term> = hosts.iter().map(|host| (builder.process_on("corosync", *host), 1)).collect();
    if let Some(device) = topology.qdevice() {
        let further = if hosts.len().is_multiple_of(2) { 1 } else { count(hosts.len() - 1) };
        votes.push((builder.element(device), further));
    }
    let all: u32 = votes.iter().map(|(_, votes)| votes).sum();
    let lost: Formula = builder.formulas.weighted(all - all / 2, votes);
    builder.add(Service::new("proxmox quorum", proxmox.origin, lost));
}

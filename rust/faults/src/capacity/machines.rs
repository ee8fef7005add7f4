//! Where the machines of lost hypervisors find a place again.

use super::packing::{Bin, Item, Packing, left_over, pack};
use std::collections::HashMap;
use topology::{ElementId, Kind, NodeIndex, Topology};

/// What becomes of the machines of lost hypervisors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machines {
    /// The hypervisors that are lost.
    pub lost: Vec<ElementId>,
    /// Machines that Proxmox starts on another hypervisor, sorted.
    pub restarted: Vec<NodeIndex>,
    /// Machines under HA that no hypervisor has memory for, sorted: where the largest are started first.
    pub no_room: Vec<NodeIndex>,
    /// Machines under HA that cannot start elsewhere: a disk lies on a storage that no other hypervisor shares.
    pub local_disk: Vec<NodeIndex>,
    /// Machines that are not under HA and stay away until their hypervisor is back.
    pub not_under_ha: Vec<NodeIndex>,
    /// Whether `no_room` is proven: empty, or no way to place them was found to exist. Otherwise another order may do better,
    /// or the memory of a hypervisor is not declared.
    pub settled: bool,
}

/// What becomes of the machines with each single hypervisor lost, and with the loss within `targets.survive` that leaves the
/// most memory without a place. Only of hypervisors that carry a node. What it needs is taken from `work`, in steps.
#[must_use]
pub fn machines(topology: &Topology, work: &mut u64) -> Vec<Machines> {
    let carried = Carried::of(topology);
    let hosts: Vec<ElementId> =
        carried.hosts.iter().filter(|host| !host.nodes.is_empty()).map(|host| host.element).collect();
    let mut all: Vec<Machines> = hosts.iter().map(|host| carried.lost(topology, &[*host], work)).collect();
    let several = (topology.survive(Kind::Hypervisor) as usize).min(hosts.len());
    if several > 1 {
        all.extend(worst_of(topology, &carried, &hosts, several, work));
    }
    all
}

/// The loss of so many of these hypervisors that leaves the most memory without a place; not settled where the allowed work
/// did not suffice for all of them.
fn worst_of(
    topology: &Topology,
    carried: &Carried,
    hosts: &[ElementId],
    several: usize,
    work: &mut u64,
) -> Option<Machines> {
    let mut places: Vec<usize> = (0..several).collect();
    let mut worst: Option<(u128, Machines)> = None;
    loop {
        let set: Vec<ElementId> = places.iter().map(|place| hosts[*place]).collect();
        let answer = carried.lost(topology, &set, work);
        let memory = |node: &NodeIndex| u128::from(topology.nodes[*node].memory.unwrap_or_default().0);
        let without: u128 = answer.no_room.iter().map(memory).sum();
        if worst.as_ref().is_none_or(|(most, _)| without > *most) {
            worst = Some((without, answer));
        }
        let more = crate::smallest::next_choice(&mut places, hosts.len());
        if !more || *work == 0 {
            let settled = |answer: &Machines| answer.settled && !more;
            return worst.map(|(_, answer)| Machines { settled: settled(&answer), ..answer });
        }
    }
}

/// A hypervisor, and what it carries.
struct Host {
    element: ElementId,
    nodes: Vec<NodeIndex>,
    /// Memory that is free beside its machines and what it keeps for itself; `None` where the pillar does not say what it has.
    free: Option<u64>,
}

/// All hypervisors.
struct Carried {
    hosts: Vec<Host>,
}

impl Carried {
    fn of(topology: &Topology) -> Self {
        let mut nodes: HashMap<&str, Vec<NodeIndex>> = HashMap::new();
        for (index, node) in topology.nodes.iter().enumerate() {
            if let Some(host) = node.hypervisor.as_deref() {
                nodes.entry(host).or_default().push(index);
            }
        }
        let host = |element: ElementId| {
            let name = topology.domains.element(element).name.as_str();
            let nodes = nodes.get(name).cloned().unwrap_or_default();
            let spec = topology.pillar.hypervisors.get(name);
            let has = spec.and_then(|spec| Some(spec.memory?.0.saturating_sub(spec.reserved_memory.0)));
            let free = has.map(|has| {
                let memory = |node: &NodeIndex| topology.nodes[*node].memory.unwrap_or_default().0;
                nodes.iter().map(memory).fold(has, u64::saturating_sub)
            });
            Host { element, nodes, free }
        };
        Self { hosts: topology.domains.of_kind(Kind::Hypervisor).map(host).collect() }
    }

    /// What becomes of the machines of these hypervisors.
    fn lost(&self, topology: &Topology, gone: &[ElementId], work: &mut u64) -> Machines {
        let mut answer = Machines {
            lost: gone.to_vec(),
            restarted: Vec::new(),
            no_room: Vec::new(),
            local_disk: Vec::new(),
            not_under_ha: Vec::new(),
            settled: true,
        };
        let mut homeless = Vec::new();
        let (lost, left): (Vec<&Host>, Vec<&Host>) = self.hosts.iter().partition(|host| gone.contains(&host.element));
        for index in lost.iter().flat_map(|host| host.nodes.iter().copied()) {
            let vm = topology.nodes[index].vm.as_ref();
            if topology.proxmox.is_none() || vm.is_none_or(|vm| vm.ha != Some(true)) {
                answer.not_under_ha.push(index);
            } else if has_local_disk(topology, index) {
                answer.local_disk.push(index);
            } else {
                homeless.push(index);
            }
        }
        answer.not_under_ha.sort_unstable();
        answer.local_disk.sort_unstable();
        homeless.sort_unstable();
        let steps = (self.hosts.len() + answer.not_under_ha.len() + answer.local_disk.len() + homeless.len()) as u64;
        *work = work.saturating_sub(steps);
        let bins: Vec<Bin> = left.iter().filter_map(|host| Some(Bin::new(0, [0, host.free?, 0]))).collect();
        let memory = |node: &NodeIndex| topology.nodes[*node].memory;
        let items: Vec<Item> = homeless
            .iter()
            .map(|node| Item {
                size: [0, memory(node).unwrap_or_default().0, 0],
                count: 1,
                apart: false,
                allowed: vec![true],
            })
            .collect();
        place(&mut answer, &homeless, &bins, &items, work);
        let machines_are_known = homeless.iter().all(|node| memory(node).is_some());
        let hosts_are_known = bins.len() == left.len();
        answer.settled &= machines_are_known && (hosts_are_known || answer.no_room.is_empty());
        answer
    }
}

fn place(answer: &mut Machines, homeless: &[NodeIndex], bins: &[Bin], items: &[Item], work: &mut u64) {
    let (without, settled) = match (pack(bins, items, work), left_over(bins, items, work)) {
        // Another order than the largest first places all of them.
        (Packing::Found, _) => (Vec::new(), true),
        (Packing::None(_), Some(without)) => (without, true),
        (Packing::NotSettled, Some(without)) => (without, false),
        (_, None) => ((0..items.len()).collect(), false),
    };
    for (place, node) in homeless.iter().enumerate() {
        if without.contains(&place) { answer.no_room.push(*node) } else { answer.restarted.push(*node) }
    }
    answer.settled = settled;
}

/// Whether a disk of a machine lies on a storage that no other hypervisor shares.
fn has_local_disk(topology: &Topology, node: NodeIndex) -> bool {
    let node = &topology.nodes[node];
    let shared = topology.proxmox.iter().flat_map(|proxmox| &proxmox.shared_storages);
    let shared: Vec<&str> = shared.map(String::as_str).collect();
    let default = node.vm.as_ref().and_then(|vm| vm.storage.as_deref());
    let mut storages = node.disks.values().filter_map(|disk| disk.storage.as_deref().or(default));
    storages.any(|storage| !shared.contains(&storage))
}

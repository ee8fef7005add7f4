use super::machines;
use crate::prelude::*;
use std::collections::BTreeMap;
use topology::pillar::VirtualMachine;

const VMIDS: std::ops::RangeInclusive<u32> = 100..=999_999_999;

pub(super) static RULE: Rule = Rule {
    code: "PVE-019",
    name: "machine-identity",
    severity: Severity::Error,
    reason: "Proxmox knows a machine by its id, the network by its card's address. Two machines with the same id overwrite \
             each other's definition; two with the same address take each other's packets.",
    remedy: "Give each machine an id of its own from 100 to 999999999, and a `mac` of its own where it is written by hand.",
    source: "Proxmox VE API, parameters vmid and net[n]; Kubernetes, Installing kubeadm, unique MAC address and product_uuid",
    failing: Example::proxmox(
        "
        nodes:
          cp2: {vm: {vmid: 401}}                                      # <- PVE-019
          w1: {vm: {vmid: 99}}                                        # <- PVE-019
          w2: {vm: {mac: 'bc:24:11:00:04:03'}}                        # <- PVE-019
        ",
    ),
    passing: Example::proxmox("nodes: {cp2: {vm: {vmid: 1000402}}, w2: {vm: {mac: 'bc:24:11:00:04:99'}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let mut ids: BTreeMap<u32, (&Node, &VirtualMachine)> = BTreeMap::new();
    let mut addresses: BTreeMap<String, (&Node, &VirtualMachine)> = BTreeMap::new();
    for (node, vm) in machines(lint) {
        let Some(vmid) = vm.vmid else { continue };
        if !VMIDS.contains(&vmid) {
            findings.at(
                at!(vm, vmid),
                format!("vmid {vmid} of {} is not from {} to {}", node.name, VMIDS.start(), VMIDS.end()),
            );
        }
        if let Some((other, first)) = ids.get(&vmid) {
            findings
                .at(at!(vm, vmid), format!("{} and {} have the same vmid {vmid}", other.name, node.name))
                .see(at!(first, vmid), "the first");
            continue;
        }
        ids.insert(vmid, (node, vm));
        if vm.raw.contains_key("net0") {
            continue;
        }
        let Some(address) = vm.mac_address() else { continue };
        let place = |vm: &VirtualMachine| if vm.mac.is_some() { at!(vm, mac) } else { at!(vm, vmid) };
        if let Some((other, first)) = addresses.get(&address) {
            let message =
                format!("the network cards of {} and {} have the same address {address}", other.name, node.name);
            findings.at(place(vm), message).see(place(first), "the first");
        } else {
            addresses.insert(address, (node, vm));
        }
    }
}

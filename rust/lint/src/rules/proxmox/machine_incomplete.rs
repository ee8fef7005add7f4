use super::machines;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-035",
    name: "machine-incomplete",
    severity: Severity::Error,
    reason: "Proxmox would fill what is missing with a default that boots no Kubernetes: 512 MiB of memory, one processor, no \
             disk, no network.",
    remedy: "Write what is missing under the node or its profile; storage and bridge for all machines under `proxmox.vm`.",
    source: "Proxmox VE API, POST /nodes/{node}/qemu, defaults of its parameters",
    failing: Example::proxmox(
        "
        nodes:
          w3:                             # <- PVE-035
            roles: [worker]
            ip: 10.0.10.23
            hypervisor: pve3
            disks: {root: {media: ssd}}   # <- PVE-035
            vm: {}                        # <- PVE-035
          w4:
            profile: worker
            ip: 10.9.9.24                 # <- PVE-035
            hypervisor: pve3
            vm: {vmid: 414}
        ",
    ),
    passing: Example::proxmox("nodes: {w3: {profile: worker, ip: 10.0.10.23, hypervisor: pve3, vm: {vmid: 413}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (node, vm) in machines(lint) {
        let written = |key: &str| vm.raw.contains_key(key);
        let root = node.disks.get("root");
        let mut missing = vec![
            (vm.vmid.is_none(), at!(vm, vmid), "no `vmid`, so it cannot be made"),
            (node.cpus.is_none() && !written("cores"), at!(node, cpus), "no `cpus`"),
            (node.memory.is_none() && !written("memory"), at!(node, memory), "no `memory`"),
            (root.is_none(), at!(node, disks), "no disk `root`"),
            (
                node.disks.values().any(|disk| disk.storage.is_none()) && vm.storage.is_none(),
                at!(vm, storage),
                "no `storage` for its disks",
            ),
            (vm.bridge.is_none() && !written("net0"), at!(vm, bridge), "no `bridge` for its network card"),
            (
                node.network.is_none() && !written("ipconfig0"),
                at!(node, ip),
                "an address in no declared network, so its prefix is unknown",
            ),
        ];
        missing.extend(node.disks.values().map(|disk| (disk.size.is_none(), at!(disk, size), "a disk without `size`")));
        for (_, place, what) in missing.into_iter().filter(|(is_missing, ..)| *is_missing) {
            findings.at(place, format!("the virtual machine {} has {what}", node.name));
        }
    }
}

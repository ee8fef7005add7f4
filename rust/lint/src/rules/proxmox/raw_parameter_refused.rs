use super::{version, written};
use crate::prelude::*;
use topology::pve::Parameters;

pub(super) static RULE: Rule = Rule {
    code: "PVE-037",
    name: "raw-parameter-refused",
    severity: Severity::Error,
    reason: "Raw parameters go to Proxmox as they are. One that it does not know, or whose value it does not take, makes it \
             refuse the whole call, so the machine is neither made nor changed.",
    remedy: "Correct the name or the value; `vmid` and a password have keys of their own.",
    source: "Proxmox VE API, parameters of POST /nodes/{node}/qemu, releases 8.4 to 9.2",
    failing: Example::proxmox(
        "
        nodes:
          cp1: {vm: {raw: {scsihww: virtio-scsi-single}}}        # <- PVE-037
          cp2: {vm: {raw: {net1: 'virtio,bridge=vmbr1,tga=5'}}}  # <- PVE-037
          cp3: {vm: {raw: {cipassword: hunter2}}}                # <- PVE-037
        ",
    ),
    passing: Example::proxmox("nodes: {cp1: {vm: {raw: {net1: 'virtio,bridge=vmbr1,tag=5', rng0: null}}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Ok(parameters) = Parameters::built_in() else { return };
    let version = version(lint);
    for (whose, vm, shared) in written(lint) {
        for (key, value) in
            vm.raw.iter().filter(|(key, value)| shared.and_then(|shared| shared.raw.get(*key)) != Some(value))
        {
            let result = if vm.leaves_out(key) {
                parameters.find(version, key).map(|_| ())
            } else {
                parameters.check(version, key, value)
            };
            let Err(refusal) = result else { continue };
            let pending = findings.at(at!(vm, raw), format!("{whose}: {}", refusal.message));
            if let Some(help) = refusal.help {
                pending.help(help);
            }
        }
    }
}

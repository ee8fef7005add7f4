use super::{machines, version, written};
use crate::prelude::*;
use topology::pillar::VirtualMachine;
use topology::pve::Parameters;

pub(super) static RULE: Rule = Rule {
    code: "PVE-038",
    name: "machine-value-refused",
    severity: Severity::Error,
    reason: "The value stands in a parameter that Proxmox would refuse, so the machine is neither made nor changed.",
    remedy: "Write a value of the form that Proxmox takes.",
    source: "Proxmox VE API, parameters of POST /nodes/{node}/qemu, releases 8.4 to 9.2",
    failing: Example::proxmox(
        "
        nodes:
          cp1: {vm: {cpu: x86-64-v33}}                   # <- PVE-038
          cp2: {vm: {mac: '01:00:5e:00:00:01'}}          # <- PVE-038
          cp3: {vm: {tag: 4095}}                         # <- PVE-038
          w1: {disks: {root: {cache: write-back}}}       # <- PVE-038
          w2: {memory: 8GB}                              # <- PVE-038
        ",
    ),
    passing: Example::proxmox(
        "proxmox: {vm: {cpu: 'host,flags=+aes', tag: 110, image: 'local:import/rocky-10.qcow2', pool: k8s}}",
    ),
    check,
};

/// What a machine says, and the parameter in which it stands; with the key of the property string, where it is only a part.
type Written = (Place, Option<String>, &'static str, Option<&'static str>);

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (whose, vm, shared) in written(lint) {
        let below = shared.map(values).unwrap_or_default();
        let texts: Vec<&Option<String>> = below.iter().map(|(_, text, ..)| text).collect();
        for (index, value) in values(vm).into_iter().enumerate() {
            if texts.get(index) != Some(&&value.1) {
                report(lint, findings, whose, value);
            }
        }
    }
    for (node, _) in machines(lint) {
        for disk in node.disks.values() {
            report(lint, findings, &node.name, (at!(disk, storage), disk.storage.clone(), "storage", None));
            report(lint, findings, &node.name, (at!(disk, cache), disk.cache.clone(), "scsi0", Some("cache")));
        }
        if let Some(memory) = node.memory.filter(|memory| !memory.0.is_multiple_of(1 << 20)) {
            let message = format!("{}: its memory of {memory} is no whole number of MiB", node.name);
            findings.at(at!(node, memory), message).help(format!("write `memory: {}MiB`", memory.as_mib()));
        }
    }
}

fn values(vm: &VirtualMachine) -> Vec<Written> {
    let mut values = vec![
        (at!(vm, cpu), vm.cpu.clone(), "cpu", None),
        (at!(vm, machine), vm.machine.clone(), "machine", None),
        (at!(vm, pool), vm.pool.clone(), "pool", None),
        (at!(vm, storage), vm.storage.clone(), "storage", None),
        (at!(vm, mac), vm.mac.clone(), "net0", Some("virtio")),
        (at!(vm, bridge), vm.bridge.clone(), "net0", Some("bridge")),
        (at!(vm, tag), vm.tag.map(|tag| tag.to_string()), "net0", Some("tag")),
        (at!(vm, image), vm.image.clone(), "scsi0", Some("import-from")),
    ];
    if let Some(settings) = &vm.cloud_init {
        values.push((at!(settings, snippet_storage), settings.snippet_storage.clone(), "storage", None));
    }
    values
}

fn report(lint: &Lint<'_>, findings: &mut Findings<'_>, whose: &str, (place, text, key, property): Written) {
    let Some((text, parameters)) = text.zip(Parameters::built_in().ok()) else { return };
    let accepted = match property {
        Some(property) => parameters.check_property(version(lint), key, property, &text),
        None => parameters.check(version(lint), key, &text.into()),
    };
    let Err(refusal) = accepted else { return };
    let pending = findings.at(place, format!("{whose}: {}", refusal.message));
    if let Some(help) = refusal.help {
        pending.help(help);
    }
}

use super::{machines, version};
use crate::prelude::*;
use topology::pve::{Parameters, Refusal};

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

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Ok(parameters) = Parameters::built_in() else { return };
    let version = version(lint);
    let parameter = |key: &str, text: &str| parameters.check(version, key, &text.into());
    let property = |key: &str, name: &str, text: &str| parameters.check_property(version, key, name, text);
    for (node, vm) in machines(lint) {
        let mut report = |place: Place, text: Option<&str>, check: &dyn Fn(&str) -> Result<(), Refusal>| {
            if let Some(Err(refusal)) = text.map(check) {
                findings.at(place, format!("{} of {}", refusal.message, node.name));
            }
        };
        report(at!(vm, cpu), vm.cpu.as_deref(), &|text| parameter("cpu", text));
        report(at!(vm, machine), vm.machine.as_deref(), &|text| parameter("machine", text));
        report(at!(vm, pool), vm.pool.as_deref(), &|text| parameter("pool", text));
        report(at!(vm, storage), vm.storage.as_deref(), &|text| parameter("storage", text));
        report(at!(vm, mac), vm.mac.as_deref(), &|text| property("net0", "virtio", text));
        report(at!(vm, bridge), vm.bridge.as_deref(), &|text| property("net0", "bridge", text));
        let tag = vm.tag.map(|tag| tag.to_string());
        report(at!(vm, tag), tag.as_deref(), &|text| property("net0", "tag", text));
        report(at!(vm, image), vm.image.as_deref(), &|text| property("scsi0", "import-from", text));
        for disk in node.disks.values() {
            report(at!(disk, storage), disk.storage.as_deref(), &|text| parameter("storage", text));
            report(at!(disk, cache), disk.cache.as_deref(), &|text| property("scsi0", "cache", text));
        }
        if let Some(settings) = &vm.cloud_init {
            report(at!(settings, snippet_storage), settings.snippet_storage.as_deref(), &|text| {
                parameter("storage", text)
            });
        }
        if let Some(memory) = node.memory.filter(|memory| !memory.0.is_multiple_of(1 << 20)) {
            let message = format!("the memory of {}, {memory}, is no whole number of MiB", node.name);
            findings.at(at!(node, memory), message).help(format!("write `memory: {}MiB`", memory.as_mib()));
        }
    }
}

//! Processor, memory, firmware, devices, and when the machine starts.

use super::Values;
use super::subject::Subject;
use crate::template::Error;
use serde_json::json;
use topology::pillar::Role;
use topology::values::Size;

/// Hardware and options.
pub(super) fn values(subject: &Subject<'_>) -> Result<Values, Error> {
    let node = subject.node;
    let cpus = subject.required(node.cpus, "cpus", "nothing says how many processors it has")?;
    let memory = subject.required(node.memory, "memory", "nothing says how much memory it has")?;
    let mut values = Values::new();
    let mut set = |key: &str, value: serde_json::Value| _ = values.insert(key.to_owned(), value);
    set("name", json!(node.name));
    set(
        "description",
        json!(format!(
            "Node {} of Kubernetes cluster {}, defined by Salt pillar k8s_ha",
            node.name, subject.topology.cluster.name
        )),
    );
    set("tags", json!(tags(subject)));
    set("ostype", json!("l26"));
    set("machine", json!(subject.vm.machine.as_deref().unwrap_or("q35")));
    set("bios", json!(if subject.has_efi() { "ovmf" } else { "seabios" }));

    set("cpu", json!(cpu(subject)?));
    set("sockets", json!(1));
    set("cores", json!(cpus));
    set("numa", json!(0));
    set("memory", json!(mebibytes(subject, memory)?));
    // The kubelet counts memory once, and a member of etcd that waits for swapped pages loses its leader.
    set("balloon", json!(0));

    set("scsihw", json!("virtio-scsi-single"));
    set("boot", json!(if subject.vm.image.is_some() { "order=scsi0" } else { "order=scsi0;net0" }));
    set("hotplug", json!("network,disk,cloudinit"));
    set("agent", json!(agent(subject)));
    set("rng0", json!("source=/dev/urandom"));
    set("serial0", json!("socket"));
    set("vga", json!("serial0"));

    set("onboot", json!(1));
    set("startup", json!(startup(subject)));
    set("protection", json!(u8::from(subject.is_vital())));
    if let Some(pool) = &subject.vm.pool {
        set("pool", json!(pool));
    }
    Ok(values)
}

/// The type that the pillar names, or the lowest that boots the operating system: without one the API takes `kvm64`, which
/// boots none of them.
fn cpu(subject: &Subject<'_>) -> Result<String, Error> {
    if let Some(cpu) = &subject.vm.cpu {
        return Ok(cpu.clone());
    }
    let system = subject.node.os;
    let platform = subject.facts.platform(system).map(|platform| platform.proxmox_cpu.clone());
    subject.required(platform, "vm.cpu", &format!("no CPU type is known that boots {system}"))
}

fn mebibytes(subject: &Subject<'_>, memory: Size) -> Result<u64, Error> {
    if memory.0.is_multiple_of(1 << 20) {
        return Ok(memory.as_mib());
    }
    Err(subject.fault(&format!(
        "its memory of {memory} is no whole number of MiB; write for example `memory: {}MiB`",
        memory.as_mib()
    )))
}

/// Freezing file systems for a backup holds the fsync of etcd longer than an election takes. The older name of the switch is
/// the one that all releases take: 9.1.3 renamed it to `freeze-fs` and kept it as an alias.
fn agent(subject: &Subject<'_>) -> String {
    let freeze = u8::from(!subject.is_voter());
    format!("enabled=1,freeze-fs-on-backup={freeze},fstrim_cloned_disks=1,type=virtio")
}

/// Sorted, as PVE stores them.
fn tags(subject: &Subject<'_>) -> String {
    let roles = subject.node.roles.iter().map(|role| match role {
        Role::ControlPlane => "control-plane",
        Role::Worker => "worker",
        Role::Etcd => "etcd",
        Role::LoadBalancer => "load-balancer",
    });
    let etcd = subject.is_voter().then_some("etcd");
    let mut tags: Vec<String> = roles.chain(etcd).chain(["k8s"]).map(str::to_owned).collect();
    tags.push(subject.topology.cluster.name.to_ascii_lowercase());
    tags.sort();
    tags.dedup();
    tags.join(";")
}

/// After a power loss a hypervisor starts its machines in this order: names and addresses, then quorum, then what needs it.
/// It holds on one hypervisor only, and not for machines that PVE's HA manager starts. Seconds until the next one starts.
fn startup(subject: &Subject<'_>) -> String {
    let node = subject.node;
    let answers_names = subject.topology.dns.dnsmasq.as_ref().is_some_and(|dnsmasq| dnsmasq.nodes.contains(&node.name));
    let (order, up) = match () {
        () if node.has(Role::LoadBalancer) || answers_names => (10, 30),
        () if subject.is_voter() && !node.has(Role::ControlPlane) => (20, 30),
        () if node.has(Role::ControlPlane) => (30, 60),
        () => (40, 30),
    };
    format!("order={order},up={up},down=180")
}

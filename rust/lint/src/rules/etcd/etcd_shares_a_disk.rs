use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-023",
    name: "etcd-shares-a-disk",
    severity: Severity::Warn,
    reason: "Images, logs and volumes on the same disk lengthen the time that each write of etcd takes, and fill the space \
             that it needs. A member with a slow disk loses its leadership.",
    remedy: "Declare a disk of its own: `disks: {etcd: {size: 20GiB, media: ssd}}`.",
    source: "etcd, tuning guide, disk",
    failing: Example::three_masters(
        "
        profiles:
          one_disk: {roles: [control_plane], cpus: 4, memory: 8GiB, disks: {root: {size: 40GiB, media: ssd}}}
        nodes:
          cp4: {profile: one_disk, ip: 10.0.10.14, hypervisor: pve4}    # <- ETCD-023
          cp5: {profile: master, ip: 10.0.10.15, hypervisor: pve5}
        ",
    ),
    passing: Example::three_masters(""),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for index in &lint.topology.etcd.members {
        let node = &lint.topology.nodes[*index];
        let Some(root) = node.disks.get("root") else { continue };
        let Some(own) = node.disks.get("etcd") else {
            findings.at(at!(node), format!("etcd of `{}` writes to the root disk", node.name));
            continue;
        };
        if let Some(device) = own.device.as_deref().filter(|device| root.device.as_deref() == Some(*device)) {
            findings
                .at(
                    at!(own, device),
                    format!("etcd of `{}` writes to {device}, which is the root disk, too", node.name),
                )
                .see(at!(root, device), "the root disk");
        }
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-022",
    name: "etcd-on-slow-disk",
    severity: Severity::Error,
    reason: "Each write waits until it is on the disk of a majority. A spinning disk or an SD card takes longer than a \
             heartbeat under load, so leaders are lost although nothing is broken.",
    remedy: "Put etcd on a solid-state disk: `disks: {etcd: {media: ssd}}` or `nvme`.",
    source: "etcd, hardware recommendations, disks",
    failing: Example::three_masters(
        "
        nodes:
          cp3:
            disks:
              etcd: {media: hdd}       # <- ETCD-022
        ",
    ),
    passing: Example::three_masters("nodes: {cp3: {disks: {etcd: {media: nvme}}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for index in &lint.topology.etcd.members {
        let node = &lint.topology.nodes[*index];
        let Some((name, disk)) = node.etcd_disk() else { continue };
        let slow = match disk.media {
            Some(Media::Hdd) => "a spinning disk",
            Some(Media::Sd) => "an SD card",
            _ => continue,
        };
        findings
            .at(at!(disk, media), format!("etcd of `{}` writes to disk `{name}`, which is {slow}", node.name))
            .see(at!(node), "the node")
            .severity(lint.redundancy(RULE.severity));
    }
}

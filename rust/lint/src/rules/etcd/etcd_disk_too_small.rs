use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-025",
    name: "etcd-disk-too-small",
    severity: Severity::Error,
    reason: "Defragmentation and a received snapshot write a second copy of the database beside the first, and the log \
             needs room, too. A member whose disk is full stops, and the others fill up at the same time.",
    remedy: "Write a size of twice the quota and 2 GiB, or lower `etcd.quota_backend_bytes`.",
    source: "etcd, maintenance, defragmentation; etcd, hardware recommendations",
    failing: Example::three_masters(
        "
        etcd: {quota_backend_bytes: 8GiB}
        nodes:
          cp3:
            disks:
              etcd: {size: 10GiB}      # <- ETCD-025
        ",
    ),
    passing: Example::three_masters("etcd: {quota_backend_bytes: 8GiB}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    // 0 is etcd's way to write its default.
    let quota = if etcd.spec.quota_backend_bytes == Size(0) { Size::gib(2) } else { etcd.spec.quota_backend_bytes };
    let needed = Size(quota.0.saturating_mul(2).saturating_add(Size::gib(2).0));
    for index in &etcd.members {
        let node = &lint.topology.nodes[*index];
        let Some((name, disk)) = node.etcd_disk() else { continue };
        let Some(size) = disk.size.filter(|size| *size < needed) else { continue };
        findings
            .at(
                at!(disk, size),
                format!("disk `{name}` of `{}` has {size}; a database of {quota} needs {needed}", node.name),
            )
            .see(at!(etcd.spec, quota_backend_bytes), "the quota")
            .see(at!(node), "the node");
    }
}

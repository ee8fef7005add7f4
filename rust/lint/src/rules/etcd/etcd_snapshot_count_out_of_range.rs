use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-048",
    name: "etcd-snapshot-count-out-of-range",
    severity: Severity::Warn,
    reason: "etcd keeps this many transactions in memory between two snapshots. Far fewer make it write snapshots all the \
             time; far more cost memory, and a restart has to replay them.",
    remedy: "Write a count from 10000, which is etcd's default, to 100000.",
    source: "etcd, maintenance, raft log retention",
    failing: Example::three_masters(
        "
        etcd:
          snapshot_count: 1000000      # <- ETCD-048
        ",
    ),
    passing: Example::three_masters("etcd: {snapshot_count: 50000}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    let count = etcd.spec.snapshot_count;
    if !(10_000..=100_000).contains(&count) {
        findings.at(at!(etcd.spec, snapshot_count), format!("{count} is not between 10000 and 100000"));
    }
}

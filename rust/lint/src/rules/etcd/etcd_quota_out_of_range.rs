use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-020",
    name: "etcd-quota-out-of-range",
    severity: Severity::Warn,
    reason: "At its quota etcd accepts no more writes until somebody compacts, defragments and clears the alarm. Less than \
             2 GiB is reached early (and 0 means 2 GiB, not no limit); above 8 GiB a start or a new member takes long.",
    remedy: "Write a quota from 2GiB to 8GiB.",
    source: "etcd, system limits; etcd, maintenance, space quota",
    failing: Example::three_masters(
        "
        etcd:
          quota_backend_bytes: 1GiB    # <- ETCD-020
        ",
    ),
    passing: Example::three_masters("etcd: {quota_backend_bytes: 8GiB}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    let quota = etcd.spec.quota_backend_bytes;
    if !(Size::gib(2)..=Size::gib(8)).contains(&quota) {
        findings.at(at!(etcd.spec, quota_backend_bytes), format!("a quota of {quota} is not between 2GiB and 8GiB"));
    }
}

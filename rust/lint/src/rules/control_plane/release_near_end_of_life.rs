use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-039",
    name: "release-near-end-of-life",
    severity: Severity::Warn,
    reason: "After its last day a minor gets no fixes, and minors cannot be skipped: each further one that is missed makes \
             the way back longer. A new minor comes every four months.",
    remedy: "Plan the upgrade to the next minor.",
    source: "Kubernetes, patch releases, end of life of each minor",
    failing: Example::three_masters(
        "
        cluster:
          kubernetes_version: v1.35.8    # <- CP-039
        ",
    ),
    passing: Example::three_masters("cluster: {kubernetes_version: v1.36.4}"),
    check,
};

/// The time from one minor to the next, in days.
const NEAR: u64 = 120;

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let (version, end) = (lint.topology.cluster.kubernetes_version, lint.topology.release.end_of_life);
    let place = at!(lint.topology.cluster, kubernetes_version);
    if !lint.topology.is_kubeadm() {
        return;
    }
    let left = end.days_since_epoch().checked_sub(lint.today.days_since_epoch());
    match left {
        None => {
            let message = format!("support of Kubernetes {} ended on {end}, today is {}", version.series(), lint.today);
            findings.at(place, message).severity(Severity::Error).dated();
        }
        Some(left) if left < NEAR => {
            let message = format!("support of Kubernetes {} ends on {end}, in {left} days", version.series());
            findings.at(place, message).dated();
        }
        Some(_) => {}
    }
}

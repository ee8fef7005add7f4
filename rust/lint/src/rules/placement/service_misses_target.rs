use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PLACE-002",
    name: "service-misses-target",
    severity: Severity::Error,
    reason: "The pillar declares that this loss is survived. A service that stays away after it, or that loses what it has \
             acknowledged, breaks the promise, whatever the cluster itself survives.",
    remedy: "See `k8s-ha fix --suggest` for a change that mends it, lower the count under `targets.survive`, or accept it \
             under `acknowledge`.",
    source: "engineering judgement: a target holds for all that the pillar declares; computed by the failure model",
    failing: Example::three_masters(
        "
        targets: {survive: {node: 1}}
        dns:
          dnsmasq:                     # <- PLACE-002
            nodes: [cp1]
        ",
    ),
    passing: Example::three_masters("dns: {dnsmasq: {nodes: [cp1, cp2]}}"),
    check,
};

/// Rules of their own speak of these, with the nodes by name.
const SPOKEN_OF: [&str; 5] = ["etcd", "kube-apiserver", "load balancer", "proxmox quorum", "coredns"];

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let apps = lint.topology.pillar.apps.as_ref();
    let spoken_of = |service: &str| SPOKEN_OF.contains(&service) || apps.is_some_and(|apps| apps.contains_key(service));
    for miss in lint.missed().iter().filter(|miss| !spoken_of(&miss.service)) {
        findings
            .at(miss.place(), miss.sentence())
            .see(lint.survive_place(miss.kind), "the loss that must be survived")
            .severity(lint.redundancy(RULE.severity));
    }
}

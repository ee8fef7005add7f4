use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "DNS-027",
    name: "coredns-lost-with-survivable-loss",
    severity: Severity::Warn,
    reason: "Replicas that never share a node may still share what the nodes stand on. Until they were started elsewhere no pod \
             finds a service by its name.",
    remedy: "Run more replicas than the nodes that such a loss takes, or spread the nodes.",
    source: "Kubernetes documentation, Pod Topology Spread Constraints; computed by the failure model",
    failing: Example::three_masters(
        "
        targets: {survive: {hypervisor: 1}}
        dns:
          coredns:                     # <- DNS-027
            replicas: 2
        ",
    ),
    passing: Example::three_masters("dns: {coredns: {replicas: 3}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let domains = &lint.topology.domains;
    for kind in domains.kinds() {
        let survive = lint.survive(kind);
        let Some(witness) = lint.stops("coredns", kind, survive) else { continue };
        let message =
            format!("{} {} may take every replica of CoreDNS at once", domains.words(kind), witness.join(" with "));
        findings
            .at(at!(lint.topology.coredns.spec), message)
            .see(lint.survive_place(kind), "the loss that must be survived")
            .severity(lint.redundancy(RULE.severity));
    }
}

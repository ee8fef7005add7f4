use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-027",
    name: "single-gateway",
    severity: Severity::Warn,
    reason: "Services are promised to the outside, and everything to and from there passes one router.",
    remedy: "Write `gateway_redundant: true` where the router is a pair (VRRP, anycast), or `targets: {external: \
             false}`.",
    source: "engineering judgement: one router is a single point of failure",
    failing: Example::three_masters(
        "
        targets: {external: true}
        sites: {vienna: {uplinks: [provider-a, provider-b]}}
        networks:
          lan:
            gateway: 10.0.10.1         # <- NET-027
        ",
    ),
    passing: Example::three_masters(
        "
        targets: {external: true}
        sites: {vienna: {uplinks: [provider-a, provider-b]}}
        networks: {lan: {gateway_redundant: true}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let targets = &lint.topology.targets;
    for network in lint.topology.networks.iter().filter(|network| targets.external && !network.spec.gateway_redundant) {
        let Some(gateway) = network.spec.gateway else { continue };
        findings
            .at(at!(network.spec, gateway), format!("network `{}` has {gateway} as its only router", network.name))
            .see(at!(targets, external), "services are promised to the outside")
            .severity(lint.redundancy(Severity::Warn));
    }
}

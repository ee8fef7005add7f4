use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-002",
    name: "balancers-lost-together",
    severity: Severity::Error,
    reason: "A loss that must be survived takes every host that can hold the address of the API. Nobody is left to \
             take it over.",
    remedy: "Put at least one of these hosts on other ground, or lower the target.",
    source: "engineering judgement: the address needs one host that outlives each loss of `targets.survive`",
    failing: Example::three_masters(
        "
        nodes:
          cp1: {roles: [control_plane, load_balancer]}
          cp2:
            roles: [control_plane, load_balancer]
            hypervisor: pve1           # <- LB-002
        ",
    ),
    passing: Example::three_masters(
        "nodes: {cp1: {roles: [control_plane, load_balancer]}, cp2: {roles: [control_plane, load_balancer]}}",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let hosts = &lint.topology.load_balancer.nodes;
    let (Some(vip), [_, .., last]) = (lint.topology.api_vip(), &hosts[..]) else { return };
    for kind in lint.topology.domains.kinds() {
        let Some(breaking) = lint.takes_nodes(kind, lint.survive(kind), hosts.len(), hosts) else { continue };
        let message = format!(
            "{} {} takes every host that can hold {}: {}",
            lint.topology.domains.words(kind),
            lint.failed(&breaking),
            vip.address,
            lint.names(hosts)
        );
        findings
            .at(lint.standing_place(&lint.topology.nodes[*last], kind), message)
            .see(lint.survive_place(kind), "the loss that must be survived")
            .severity(lint.redundancy(Severity::Error));
    }
}

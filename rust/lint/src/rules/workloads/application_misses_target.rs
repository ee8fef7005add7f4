use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "WL-040",
    name: "application-misses-target",
    severity: Severity::Error,
    reason: "The pillar declares that this loss is survived. The application stays away after it, because what it needs is \
             bound to what was lost, or it loses what it has acknowledged.",
    remedy: "See `k8s-ha fix --suggest` for a change that mends it; give it storage that outlives the loss, do not bind it to one \
             node, or accept it under `acknowledge`.",
    source: "Kubernetes documentation, Specifying a Disruption Budget for your Application; computed by the failure model",
    failing: Example::three_masters(
        "
        targets: {survive: {node: 1}}
        apps:
          shop:                        # <- WL-040
            node: w1
        ",
    ),
    passing: Example::three_masters("apps: {shop: {replicas: 2}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(apps) = &lint.topology.pillar.apps else { return };
    for miss in lint.missed().iter().filter(|miss| apps.contains_key(&miss.service)) {
        findings
            .at(miss.place(), miss.sentence())
            .see(lint.survive_place(miss.kind), "the loss that must be survived")
            .severity(lint.redundancy(RULE.severity));
    }
}

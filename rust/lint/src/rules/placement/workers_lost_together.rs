use crate::prelude::*;
use topology::NodeIndex;

pub(super) static RULE: Rule = Rule {
    code: "PLACE-022",
    name: "workers-lost-together",
    severity: Severity::Error,
    reason: "A loss that must be survived takes every worker. The API answers, and nothing runs.",
    remedy: "Put at least one worker on other ground, or lower the target.",
    source: "engineering judgement: workloads need one worker that outlives each loss of `targets.survive`",
    failing: Example::three_masters(
        "
        nodes:
          w2:
            hypervisor: pve1           # <- PLACE-022
        ",
    ),
    passing: Example::three_masters("nodes: {w2: {hypervisor: pve3}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let workers: Vec<NodeIndex> = lint.topology.with_role(Role::Worker).map(|(index, _)| index).collect();
    let Some(last) = workers.last().map(|index| &lint.topology.nodes[*index]) else { return };
    // That too many single nodes may be lost is another finding.
    for kind in lint.topology.domains.kinds().filter(|kind| *kind != Kind::Node && lint.survive(*kind) > 0) {
        if let Some(breaking) = lint.takes_nodes(kind, lint.survive(kind), workers.len(), &workers) {
            findings
                .at(
                    lint.standing_place(last, kind),
                    format!(
                        "{} {} takes all {} workers",
                        lint.topology.domains.words(kind),
                        lint.failed(&breaking),
                        workers.len()
                    ),
                )
                .see(lint.survive_place(kind), "the loss that must be survived")
                .severity(lint.redundancy(Severity::Error));
        }
    }
}

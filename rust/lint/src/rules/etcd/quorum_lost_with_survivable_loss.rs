use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-005",
    name: "quorum-lost-with-survivable-loss",
    severity: Severity::Error,
    reason: "Without a majority of its members etcd accepts no write, so the API stops. The pillar declares that this loss \
             is survived.",
    remedy: "Spread the members over more hypervisors, racks or sites, add members, or lower the count under \
             `targets.survive`.",
    source: "etcd FAQ, failure tolerance",
    failing: Example::three_masters(
        "
        targets:
          survive:
            hypervisor: 1              # <- ETCD-005
        nodes:
          cp2: {hypervisor: pve1}
        ",
    ),
    passing: Example::three_masters("targets: {survive: {hypervisor: 1}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let members = &lint.topology.etcd.members;
    // ETCD-001 says of fewer members that they survive nothing.
    if members.len() < 3 {
        return;
    }
    for kind in lint.topology.domains.kinds() {
        let need = lint.tolerated_members() + 1;
        let Some(breaking) = lint.takes_nodes(kind, lint.survive(kind), need, members) else { continue };
        let lost = lint.lost_among(&breaking, members);
        let message = format!(
            "the loss of {} {} takes {}: {} of {} members of etcd are left, {} are needed",
            lint.topology.domains.words(kind),
            lint.failed(&breaking),
            lint.names(&lost),
            members.len() - lost.len(),
            members.len(),
            members.len() / 2 + 1,
        );
        let mut finding = findings.at(lint.survive_place(kind), message).severity(lint.redundancy(RULE.severity));
        for index in lost {
            let node = &lint.topology.nodes[index];
            finding = finding.see(lint.standing_place(node, kind), format!("`{}` is lost with it", node.name));
        }
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-004",
    name: "no-loss-survived-during-maintenance",
    severity: Severity::Error,
    reason: "A node in maintenance counts as lost. The pillar asks that the declared losses are survived even then, and \
             together they take the majority of etcd's members.",
    remedy: "Declare two more members, which survive one more loss, or take back `targets.during_maintenance`.",
    source: "etcd FAQ, failure tolerance",
    failing: Example::three_masters(
        "
        targets:
          during_maintenance: true     # <- ETCD-004
        ",
    ),
    passing: Example::three_masters(
        "
        targets: {during_maintenance: true}
        nodes:
          cp4: {profile: master, ip: 10.0.10.14, hypervisor: pve4}
          cp5: {profile: master, ip: 10.0.10.15, hypervisor: pve5}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let (targets, members) = (&lint.topology.targets, &lint.topology.etcd.members);
    if !targets.during_maintenance || members.is_empty() {
        return;
    }
    let tolerated = lint.tolerated_members();
    for kind in lint.topology.domains.kinds() {
        let takes = |need| lint.takes_nodes(kind, lint.survive(kind), need, members);
        // Where the loss alone takes the majority, ETCD-005 speaks.
        if let (Some(breaking), None) = (takes(tolerated), takes(tolerated + 1)) {
            let message = format!(
                "with one more node in maintenance, the {} loss to be survived leaves {} of {} members of etcd",
                lint.topology.domains.words(kind),
                members.len() - lint.lost_among(&breaking, members).len() - 1,
                members.len(),
            );
            findings
                .at(at!(targets, during_maintenance), message)
                .see(lint.survive_place(kind), "the loss")
                .severity(lint.redundancy(RULE.severity));
        }
    }
}

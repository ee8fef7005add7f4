use crate::prelude::*;
use std::collections::HashMap;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-006",
    name: "etcd-members-share-hypervisor",
    severity: Severity::Warn,
    reason: "A hypervisor that holds two members takes both with it. There are enough hypervisors for each member to have \
             its own.",
    remedy: "Give each member a hypervisor of its own.",
    source: "etcd FAQ, failure tolerance",
    failing: Example::three_masters(
        "
        targets: {survive: {hypervisor: 0}}
        nodes:
          cp2: {hypervisor: pve1}      # <- ETCD-006
        ",
    ),
    passing: Example::three_masters("targets: {survive: {hypervisor: 0}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let members = &lint.topology.etcd.members;
    let hypervisors = lint.topology.domains.of_kind(Kind::Hypervisor).count();
    let survive = lint.survive(Kind::Hypervisor);
    // ETCD-005 speaks where a declared loss takes the majority.
    let majority_lost = lint.takes_nodes(Kind::Hypervisor, survive, lint.tolerated_members() + 1, members).is_some();
    if hypervisors < members.len() || majority_lost {
        return;
    }
    let mut first_on: HashMap<&str, &Node> = HashMap::new();
    for node in members.iter().map(|index| &lint.topology.nodes[*index]) {
        let Some(hypervisor) = node.hypervisor.as_deref() else { continue };
        let Some(first) = first_on.get(hypervisor) else {
            first_on.insert(hypervisor, node);
            continue;
        };
        findings
            .at(
                at!(node, hypervisor),
                format!("`{}` and `{}` are members of etcd on one hypervisor, `{hypervisor}`", first.name, node.name),
            )
            .see(at!(first, hypervisor), "the other one");
    }
}

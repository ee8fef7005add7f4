use crate::prelude::*;
use topology::NodeIndex;

pub(super) static RULE: Rule = Rule {
    code: "PLACE-001",
    name: "voter-without-domain",
    severity: Severity::Error,
    reason: "A loss that must be survived can be judged only when it is known what it takes along. A node of the \
             control plane or of etcd that stands nowhere is counted as one that no such loss reaches.",
    remedy: "Say where the node stands: on the node, or on its hypervisor or rack.",
    source: "engineering judgement: an unknown place is no safe place",
    failing: Example::three_masters(
        "
        targets: {survive: {rack: 1}}
        hypervisors: {pve1: {rack: r1}, pve2: {rack: r2}, pve3: {rack: r3}}
        nodes:
          cp4: {profile: master, ip: 10.0.10.14}           # <- PLACE-001
          cp5: {profile: master, ip: 10.0.10.15, hypervisor: pve3}
        ",
    ),
    passing: Example::three_masters(
        "
        targets: {survive: {rack: 1}}
        hypervisors: {pve1: {rack: r1}, pve2: {rack: r2}, pve3: {rack: r3}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    let mut important: Vec<NodeIndex> = topology.control_plane();
    important.extend(&topology.etcd.members);
    important.sort_unstable();
    important.dedup();
    for kind in lint.topology.domains.kinds().filter(|kind| *kind != Kind::Node && lint.survive(*kind) > 0) {
        // That nothing is known of a kind at all is another finding.
        if topology.domains.of_kind(kind).next().is_none() {
            continue;
        }
        for node in important.iter().map(|index| &topology.nodes[*index]).filter(|node| !lint.stands_on(node, kind)) {
            // A host of its own stands on no hypervisor, and on everything else.
            let severity = if kind == Kind::Hypervisor { Severity::Warn } else { Severity::Error };
            findings
                .at(
                    Place::section(node.origin),
                    format!("`{}` stands on no {}", node.name, lint.topology.domains.words(kind)),
                )
                .see(lint.survive_place(kind), "the loss that must be survived")
                .severity(lint.redundancy(severity));
        }
    }
}

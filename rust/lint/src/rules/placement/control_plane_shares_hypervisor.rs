use crate::prelude::*;
use std::collections::{HashMap, HashSet};

pub(super) static RULE: Rule = Rule {
    code: "PLACE-006",
    name: "control-plane-shares-hypervisor",
    severity: Severity::Warn,
    reason: "Two API servers on one hypervisor are lost together while another hypervisor has none. With etcd on \
             nodes of its own no quorum rule looks at them.",
    remedy: "Move one of them to a hypervisor that has no node of the control plane.",
    source: "Kubernetes documentation, Options for Highly Available Topology",
    failing: Example::on(
        Base::ExternalEtcd,
        "
        nodes:
          cp3:
            hypervisor: pve1           # <- PLACE-006
        ",
    ),
    passing: Example::on(Base::ExternalEtcd, ""),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    let control_plane = topology.control_plane();
    // Where they are etcd's members, the rules about quorum look at them.
    if topology.etcd.members == control_plane {
        return;
    }
    let hosts: HashSet<&str> = topology.nodes.iter().filter_map(|node| node.hypervisor.as_deref()).collect();
    let mut first: HashMap<&str, &Node> = HashMap::new();
    let mut second = Vec::new();
    for node in control_plane.iter().map(|index| &topology.nodes[*index]) {
        let Some(host) = node.hypervisor.as_deref() else { continue };
        let other = *first.entry(host).or_insert(node);
        if other.name != node.name {
            second.push((host, node, other));
        }
    }
    if first.len() == hosts.len() {
        return;
    }
    for (host, node, other) in second {
        findings
            .at(at!(node, hypervisor), format!("`{}` and `{}` both run on `{host}`", other.name, node.name))
            .see(at!(other, hypervisor), "the other one")
            .severity(lint.redundancy(Severity::Warn));
    }
}

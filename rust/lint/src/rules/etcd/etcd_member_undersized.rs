use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-026",
    name: "etcd-member-undersized",
    severity: Severity::Warn,
    reason: "etcd keeps its database in the page cache and needs a processor at once for each heartbeat. Short of either, \
             a member is slow just when the cluster is busiest, after a failure.",
    remedy: "Give each member 2 processors and 8 GiB; 4 and 16 GiB above 50 nodes, 8 and 32 GiB above 250.",
    source: "etcd, hardware recommendations, example hardware configurations",
    failing: Example::three_masters(
        "
        nodes:
          cp3:
            memory: 4GiB               # <- ETCD-026
        ",
    ),
    passing: Example::three_masters("nodes: {cp3: {memory: 16GiB}}"),
    check,
};

/// Processors and memory of a member, as etcd's table has them by the number of nodes.
fn wanted(nodes: usize) -> (u32, Size) {
    match nodes {
        0..=50 => (2, Size::gib(8)),
        51..=250 => (4, Size::gib(16)),
        _ => (8, Size::gib(32)),
    }
}

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let nodes = lint.topology.nodes.len();
    let (wanted_cpus, wanted_memory) = wanted(nodes);
    for index in &lint.topology.etcd.members {
        let node = &lint.topology.nodes[*index];
        if let Some(cpus) = node.cpus.filter(|cpus| *cpus < wanted_cpus) {
            let needed = format!("the {wanted_cpus} processors that a member of etcd for {nodes} nodes needs");
            findings.at(at!(node, cpus), format!("`{}` has {cpus} of {needed}", node.name));
        }
        if let Some(memory) = node.memory.filter(|memory| *memory < wanted_memory) {
            let needed = format!("the {wanted_memory} of memory that a member of etcd for {nodes} nodes needs");
            findings.at(at!(node, memory), format!("`{}` has {memory} of {needed}", node.name));
        }
    }
}

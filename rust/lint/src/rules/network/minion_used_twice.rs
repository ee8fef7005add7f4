use crate::prelude::*;
use std::collections::HashMap;

pub(super) static RULE: Rule = Rule {
    code: "NET-036",
    name: "minion-used-twice",
    severity: Severity::Error,
    reason: "The minion id says which node a host is. With one id on two nodes a host would get the files and \
             certificates of another one.",
    remedy: "Give each node the id of its own minion.",
    source: "Salt documentation, `id` of the minion's configuration",
    failing: Example::three_masters(
        "
        nodes:
          cp1: {minion: cp1.prod1.lan}
          cp2:
            minion: cp1.prod1.lan      # <- NET-036
        ",
    ),
    passing: Example::three_masters("nodes: {cp1: {minion: cp1.prod1.lan}, cp2: {minion: cp2.prod1.lan}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<&str, &Node> = HashMap::with_capacity(lint.topology.nodes.len());
    for node in &lint.topology.nodes {
        let other = *first.entry(node.minion.as_str()).or_insert(node);
        if other.name != node.name {
            findings
                .at(
                    at!(node, minion),
                    format!("`{}` and `{}` are both minion `{}`", other.name, node.name, node.minion),
                )
                .see(at!(other, minion), "the other node");
        }
    }
}

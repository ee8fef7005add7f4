use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-027",
    name: "mixed-control-plane-systems",
    severity: Severity::Warn,
    reason: "Nodes of one role should behave alike. With different kernels, containerd and HAProxy a failover is the \
             first test of a combination that was never used.",
    remedy: "Reinstall one after another with the same release; accept the finding while that is under way.",
    source: "engineering judgement: alike nodes fail alike, and where it was seen before",
    failing: Example::three_masters(
        "
        nodes:
          cp3: {os: rocky-9}           # <- OS-027
        ",
    ),
    passing: Example::three_masters("profiles: {master: {os: rocky-10}, worker: {os: rocky-9}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (role, what) in [(Role::ControlPlane, "the control plane"), (Role::Etcd, "etcd")] {
        let mut nodes = lint.topology.with_role(role).map(|(_, node)| node);
        let Some(first) = nodes.next() else { continue };
        for node in nodes.filter(|node| node.os != first.os) {
            findings
                .at(
                    at!(node, os),
                    format!("`{}` runs {}, `{}` of {what} runs {}", node.name, node.os, first.name, first.os),
                )
                .see(at!(first, os), "the other one");
        }
    }
}

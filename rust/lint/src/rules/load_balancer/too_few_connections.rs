use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-035",
    name: "too-few-connections",
    severity: Severity::Warn,
    reason: "Each node keeps tens of connections open, and after a failover all of them come back at once. What is \
             above `maxconn` waits in the queue while nodes miss their heartbeats.",
    remedy: "Leave `maxconn` out, or write at least 1000 and 50 for each node.",
    source: "HAProxy configuration manual, `maxconn`; engineering judgement for 50 connections of a node",
    failing: Example::three_masters(
        "
        load_balancer:
          haproxy:
            maxconn: 500               # <- LB-035
        ",
    ),
    passing: Example::three_masters("load_balancer: {haproxy: {maxconn: 2000}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let balancer = &lint.topology.load_balancer;
    // A local balancer serves its own host alone.
    if balancer.keepalived().is_none() {
        return;
    }
    let nodes = lint.topology.nodes.len();
    let needed = nodes.saturating_mul(50).saturating_add(1000);
    if usize::try_from(balancer.maxconn).unwrap_or(usize::MAX) < needed {
        let message = format!("{} connections for {nodes} nodes, which may need {needed}", balancer.maxconn);
        findings
            .at(at!(balancer.haproxy, maxconn), message)
            .help(format!("leave `maxconn` out, or write at least {needed}"));
    }
}

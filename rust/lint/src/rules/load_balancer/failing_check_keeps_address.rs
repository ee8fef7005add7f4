use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-015",
    name: "failing-check-keeps-address",
    severity: Severity::Error,
    reason: "A weight changes the priority of a host whose check fails; the host goes on advertising. With \
             `nopreempt` no backup takes the address from a host that advertises, and a weight smaller than the \
             distance between two priorities changes no order. Either way the address stays where the API does not \
             answer, and `keepalived -t` says nothing.",
    remedy: "Write `weight: 0`: a host whose check fails gives the address up whatever the priorities are.",
    source: "keepalived.conf(5), `vrrp_script` and `nopreempt`; executed with keepalived 2.2.7",
    failing: Example::three_masters(
        "
        load_balancer:
          keepalived:
            check:
              weight: -60              # <- LB-015
        ",
    ),
    passing: Example::three_masters("load_balancer: {keepalived: {nopreempt: false, check: {weight: -60}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let balancer = &lint.topology.load_balancer;
    let Some(keepalived) = balancer.keepalived().filter(|keepalived| keepalived.check.weight != 0) else { return };
    let weight = keepalived.check.weight;
    let distance =
        u32::from(keepalived.priority_step) * u32::try_from(balancer.nodes.len().saturating_sub(1)).unwrap_or(0);
    if keepalived.nopreempt {
        let message =
            format!("a failing check changes the priority by {weight}, but with `nopreempt` the address never moves");
        findings.at(at!(keepalived.check, weight), message).see(at!(keepalived, nopreempt), "no backup takes over");
    } else if weight.unsigned_abs() <= distance {
        let message = format!(
            "a failing check changes the priority by {weight}, but the first and the last host are {distance} apart: \
             the address does not move to the last"
        );
        findings.at(at!(keepalived.check, weight), message).see(at!(keepalived, priority_step), "the distance");
    }
}

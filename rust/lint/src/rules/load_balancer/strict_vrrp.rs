use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-020",
    name: "strict-vrrp",
    severity: Severity::Error,
    reason: "Strict mode knows no unicast peers and no password, and its holder drops what clients send to the \
             moving address: the address is held, and the API does not answer. `keepalived -t` says nothing about \
             it.",
    remedy: "Leave `vrrp_strict` out.",
    source: "keepalived.conf(5), `vrrp_strict` and `accept`; executed with keepalived 2.2.7",
    failing: Example::three_masters(
        "
        load_balancer:
          keepalived:
            vrrp_strict: true          # <- LB-020
        ",
    ),
    passing: Example::three_masters("load_balancer: {keepalived: {vrrp_strict: false}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(keepalived) = lint.topology.load_balancer.keepalived().filter(|keepalived| keepalived.vrrp_strict) else {
        return;
    };
    let finding = findings.at(at!(keepalived, vrrp_strict), "strict mode drops what is sent to the moving address");
    if keepalived.unicast {
        finding.see(at!(keepalived, unicast), "unicast peers, which strict mode does not know");
    }
}

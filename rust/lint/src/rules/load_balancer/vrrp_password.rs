use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-021",
    name: "vrrp-password",
    severity: Severity::Warn,
    reason: "VRRP's password stands readable in every packet, and only eight characters of it count: whoever can \
             send on the network can read it. It exists in version 2 alone, which knows no IPv6 and no interval \
             below a second.",
    remedy: "Remove `auth_pass`; let the firewall of the hosts accept VRRP from their peers only.",
    source: "RFC 9568 section 9; keepalived.conf(5), `authentication`",
    failing: Example::three_masters(
        "
        load_balancer:
          keepalived:
            advert_int: 1s
            auth_pass: sdb://keys/vrrp           # <- LB-021
        ",
    ),
    passing: Example::three_masters("load_balancer: {keepalived: {unicast: true}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(keepalived) = lint.topology.load_balancer.keepalived().filter(|keepalived| keepalived.auth_pass.is_some())
    else {
        return;
    };
    let place = at!(keepalived, auth_pass);
    if let Some(vip) = lint.topology.api_vip().filter(|vip| vip.address.is_ipv6()) {
        let message = format!("VRRP knows no password for {}, an IPv6 address", vip.address);
        findings.at(place, message).severity(Severity::Error);
    } else {
        findings.at(place, "a password in every packet protects nothing");
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "SEC-024",
    name: "address-on-public-network",
    severity: Severity::Warn,
    reason: "keepalived believes an advertisement that comes with a higher priority. Whoever can send packets into this \
             network can take the address of the API away.",
    remedy: "Give the address a network that only the hosts of the cluster reach, or filter protocol 112 on every host.",
    source: "keepalived.conf(5), authentication; RFC 9568 section 9",
    failing: Example::three_masters(
        "
        networks:
          lan:
            public: true               # <- SEC-024
        ",
    ),
    passing: Example::three_masters(""),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    let Some(vip) = topology.api_vip().filter(|_| topology.load_balancer.keepalived().is_some()) else { return };
    let Some(network) = vip.network.and_then(|index| topology.networks.get(index)) else { return };
    if network.spec.public && topology.manage.firewall == Managed::No {
        let message = format!("keepalived moves {} in network `{}`, which strangers reach", vip.address, network.name);
        findings.at(at!(network.spec, public), message).see(at!(topology.manage, firewall), "no firewall is managed");
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-034",
    name: "node-outside-network",
    severity: Severity::Error,
    reason: "The gateway, the prefix and the resolvers of a node are those of its network. With an address from \
             elsewhere the host reaches nobody, and no neighbour finds it.",
    remedy: "Correct the address, or declare and name the network in which it is.",
    source: "RFC 1122 section 3.3.1.1",
    failing: Example::three_masters(
        "
        nodes:
          w3: {profile: worker, network: lan, hypervisor: pve3, ip: 10.0.11.23}    # <- NET-034
        ",
    ),
    passing: Example::three_masters("nodes: {w3: {profile: worker, network: lan, hypervisor: pve3, ip: 10.0.10.23}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let networks = &lint.topology.networks;
    for node in lint.topology.nodes.iter().filter(|_| !networks.is_empty()) {
        let Some(network) = node.network.map(|index| &networks[index]) else {
            let message = format!("`{}` has {}, which is in none of the networks", node.name, node.ip);
            findings.at(at!(node, ip), message).severity(Severity::Warn);
            continue;
        };
        if !network.spec.cidr.contains(&node.ip) {
            let message = format!(
                "`{}` has {}, outside of its network `{}`, {}",
                node.name, node.ip, network.name, network.spec.cidr
            );
            findings.at(at!(node, ip), message).see(at!(network.spec, cidr), "the network");
        }
    }
}

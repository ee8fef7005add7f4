use crate::prelude::*;
use topology::pillar::Encapsulation;

pub(super) static RULE: Rule = Rule {
    code: "NET-028",
    name: "public-network-unencrypted",
    severity: Severity::Error,
    reason: "Traffic between pods crosses networks that others control. Kubernetes encrypts what its own parts say \
             to each other; what pods say to each other it does not.",
    remedy: "Write `network: {cni: {type: cilium, encapsulation: wireguard}}`, or move the nodes to a network of \
             their own.",
    source: "NSA and CISA, Kubernetes Hardening Guide, section Network separation",
    failing: Example::three_masters(
        "
        networks:
          lan:
            public: true               # <- NET-028
        network: {cni: {type: calico}}
        ",
    ),
    passing: Example::three_masters(
        "
        networks: {lan: {public: true}}
        network: {cni: {type: calico, encapsulation: wireguard}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    let cni = topology.network.cni.as_ref();
    if cni.is_some_and(|cni| cni.encapsulation == Encapsulation::Wireguard) {
        return;
    }
    let mut nodes = vec![0usize; topology.networks.len()];
    topology
        .nodes
        .iter()
        .filter(|node| node.runs_kubelet())
        .filter_map(|node| node.network)
        .for_each(|index| nodes[index] += 1);
    for (network, count) in
        topology.networks.iter().zip(nodes).filter(|(network, count)| network.spec.public && *count > 0)
    {
        let message = format!("pods of {count} nodes talk unencrypted through network `{}`", network.name);
        let finding = findings.at(at!(network.spec, public), message);
        if let Some(cni) = cni {
            finding.see(at!(cni, encapsulation), "how packets are wrapped");
        } else {
            let help = "declare the network plugin under `network.cni`, so that this can be judged";
            finding.severity(Severity::Warn).help(help);
        }
    }
}

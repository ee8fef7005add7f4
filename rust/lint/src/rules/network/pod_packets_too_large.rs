use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-009",
    name: "pod-packets-too-large",
    severity: Severity::Error,
    reason: "Between nodes a pod's packet travels inside another one. When both do not fit into a packet of the \
             network, small answers arrive and large ones vanish: it shows only under load.",
    remedy: "Leave `mtu` out, or write at most what the network of the nodes leaves.",
    source: "Calico documentation, Configure MTU; RFC 7348 section 4.3",
    failing: Example::three_masters(
        "
        network:
          cni:
            type: calico
            mtu: 1500                  # <- NET-009
        ",
    ),
    passing: Example::three_masters("network: {cni: {type: calico, mtu: 1450}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    let Some(cni) = &topology.network.cni else { return };
    let Some(mtu) = cni.mtu else { return };
    let Some(narrowest) = topology.networks.iter().min_by_key(|network| network.spec.mtu) else { return };
    let overhead = cni.encapsulation.overhead(topology.nodes.iter().any(|node| node.ip.is_ipv6()));
    let room = narrowest.spec.mtu.saturating_sub(overhead);
    if mtu > room {
        let message = format!(
            "packets of pods have {mtu} bytes; network `{}` carries {}, of which the wrapping takes {overhead}",
            narrowest.name, narrowest.spec.mtu
        );
        findings
            .at(at!(cni, mtu), message)
            .see(at!(narrowest.spec, mtu), "the network of the nodes")
            .help(format!("write `mtu: {room}` or less"));
    }
}

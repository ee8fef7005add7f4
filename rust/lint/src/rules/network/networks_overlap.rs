use crate::prelude::*;
use ipnet::IpNet;

pub(super) static RULE: Rule = Rule {
    code: "NET-001",
    name: "networks-overlap",
    severity: Severity::Error,
    reason: "Of two ranges that share addresses only one gets the packets. It shows when a pod or a host gets one of \
             those addresses: after the first failover rather than at installation. kubeadm does not look for it.",
    remedy: "Choose ranges that share no address.",
    source: "kubespray, roles/validate_inventory; executed: `kubeadm config validate` accepts ranges that overlap",
    failing: Example::three_masters(
        "
        network:
          service_cidrs: [10.244.128.0/20]       # <- NET-001
        ",
    ),
    passing: Example::three_masters("network: {pod_cidrs: [172.20.0.0/14], service_cidrs: [172.24.0.0/16]}"),
    check,
};

/// A range, what it is for, and how readily it is changed: the more readily, the higher.
struct Range {
    cidr: IpNet,
    what: String,
    place: Place,
    changeable: u8,
}

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let mut ranges = ranges(lint);
    ranges.sort_by_key(|range| (range.cidr.network(), range.cidr.prefix_len()));
    // Two CIDRs share nothing, or one holds the other: in this order each is held by one that is still open, or by none.
    let mut open: Vec<&Range> = Vec::new();
    for range in &ranges {
        while open.last().is_some_and(|outer| !outer.cidr.contains(&range.cidr)) {
            open.pop();
        }
        if let Some(outer) = open.last() {
            let (at, see) = if outer.changeable > range.changeable { (*outer, range) } else { (range, *outer) };
            let message = format!("{}, {}, and {}, {}, share addresses", at.what, at.cidr, see.what, see.cidr);
            findings.at(at.place.clone(), message).see(see.place.clone(), "the other range");
        }
        open.push(range);
    }
}

fn ranges(lint: &Lint<'_>) -> Vec<Range> {
    let topology = lint.topology;
    let hosts = topology.networks.iter().map(|network| Range {
        cidr: network.spec.cidr.trunc(),
        what: format!("network `{}`", network.name),
        place: at!(network.spec, cidr),
        changeable: 0,
    });
    let mut ranges: Vec<Range> = hosts.collect();
    if topology.is_kubeadm() {
        let inside = &topology.network;
        let cluster_range = |cidr: &IpNet, what: &str, place, changeable| Range {
            cidr: cidr.trunc(),
            what: what.to_owned(),
            place,
            changeable,
        };
        let pods = inside.pod_cidrs.iter().enumerate();
        ranges.extend(pods.map(|(item, cidr)| cluster_range(cidr, "the pod range", at!(inside, pod_cidrs[item]), 1)));
        let services = inside.service_cidrs.iter().enumerate();
        ranges.extend(
            services.map(|(item, cidr)| cluster_range(cidr, "the service range", at!(inside, service_cidrs[item]), 2)),
        );
    }
    ranges
}

//! firewalld on Enterprise Linux: policies and address sets of our own. A policy judges before the zones and leaves to
//! them what it does not name, so that no interface or source has to move to a zone of ours.

use super::openings::{Allowed, Limited, limited, members, openings, vrrp_hosts};
use crate::file::{Activation, File};
use crate::files::Context;
use crate::template::{Error, fill};
use serde::Serialize;
use std::net::IpAddr;

#[derive(Serialize)]
struct AddressSet<'n> {
    short: &'n str,
    family: &'static str,
    addresses: Vec<IpAddr>,
}

#[derive(Serialize)]
struct Policy {
    vrrp_sets: Vec<String>,
    member_sets: Vec<String>,
    pod_ranges: Vec<Range>,
    limited: Vec<Limited>,
    open: Vec<Open>,
}

#[derive(Serialize)]
struct Range {
    family: &'static str,
    cidr: String,
}

#[derive(Serialize)]
struct Open {
    protocol: &'static str,
    ports: String,
}

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let (vrrp_sets, mut files) = address_sets("k8s-ha-balancers", &vrrp_hosts(context))?;
    let (member_sets, more) = address_sets("k8s-ha-members", &members(context))?;
    files.extend(more);
    let openings = openings(context);
    let open = openings.iter().filter(|opening| opening.from == Allowed::Anyone);
    let policy = Policy {
        vrrp_sets,
        member_sets,
        pod_ranges: pod_ranges(context),
        limited: limited(&openings),
        open: open.map(|opening| Open { protocol: opening.protocol, ports: opening.ports.clone() }).collect(),
    };
    let host = fill("policy.xml", include_str!("../../../templates/firewall/policy.xml"), &policy)?;
    files.push(file("policies/k8s-ha.xml", "who reaches Kubernetes, etcd and VRRP on this host", host));
    if context.runs_kubelet() {
        let forward =
            fill("policy-forward.xml", include_str!("../../../templates/firewall/policy-forward.xml"), &policy)?;
        files.push(file("policies/k8s-ha-forward.xml", "packets of pods pass this host", forward));
    }
    Ok(files)
}

fn file(path: &str, purpose: &str, text: String) -> File {
    let file = File::new(format!("/etc/firewalld/{path}"), purpose, text);
    file.activation(Activation::Reload("firewalld.service".to_owned()))
}

/// A set for each address family that has addresses, by name.
fn address_sets(name: &str, addresses: &[IpAddr]) -> Result<(Vec<String>, Vec<File>), Error> {
    let mut names = Vec::new();
    let mut files = Vec::new();
    for (family, suffix, ipv6) in [("inet", "", false), ("inet6", "-ipv6", true)] {
        let addresses: Vec<IpAddr> = addresses.iter().filter(|address| address.is_ipv6() == ipv6).copied().collect();
        if addresses.is_empty() {
            continue;
        }
        let name = format!("{name}{suffix}");
        let set = AddressSet { short: &name, family, addresses };
        let text = fill("ipset.xml", include_str!("../../../templates/firewall/ipset.xml"), set)?;
        files.push(file(&format!("ipsets/{name}.xml"), "addresses of hosts of the cluster", text));
        names.push(name);
    }
    Ok((names, files))
}

fn pod_ranges(context: Context<'_>) -> Vec<Range> {
    let family = |ipv6| if ipv6 { "ipv6" } else { "ipv4" };
    let ranges = context.topology.network.pod_cidrs.iter();
    ranges.map(|range| Range { family: family(range.addr().is_ipv6()), cidr: range.to_string() }).collect()
}

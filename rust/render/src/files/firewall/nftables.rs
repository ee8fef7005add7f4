//! nftables on Debian: a table of our own, loaded by a unit of our own, because the distribution's unit flushes all
//! tables.

use super::openings::{Limited, limited, members, openings, vrrp_hosts};
use crate::file::{Activation, File};
use crate::files::Context;
use crate::template::{Error, fill};
use ipnet::IpNet;
use serde::Serialize;
use std::net::IpAddr;

#[derive(Serialize)]
struct Table {
    sets: Vec<Set>,
    vrrp: bool,
    limited: Vec<Limited>,
}

#[derive(Serialize)]
struct Set {
    name: String,
    kind: &'static str,
    addresses: Vec<String>,
}

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let reload = || Activation::Reload("k8s-ha-firewall.service".to_owned());
    let text = fill("k8s-ha.nft", include_str!("../../../templates/firewall/k8s-ha.nft"), table(context))?;
    let unit = include_str!("../../../templates/firewall/k8s-ha-firewall.service");
    Ok(vec![
        File::new("/etc/nftables.d/k8s-ha.nft", "who reaches Kubernetes, etcd and VRRP on this host", text)
            .activation(reload())
            .check("nft -c -f {file}"),
        File::new("/etc/systemd/system/k8s-ha-firewall.service", "loads the table of the packet filter", unit)
            .activation(reload()),
    ])
}

fn table(context: Context<'_>) -> Table {
    let members: Vec<IpNet> = members(context).into_iter().map(IpNet::from).collect();
    let balancers: Vec<IpNet> = vrrp_hosts(context).into_iter().map(IpNet::from).collect();
    let mut sets = pair("members", &members);
    sets.extend(pair("pods", &context.topology.network.pod_cidrs));
    if !balancers.is_empty() {
        sets.extend(pair("balancers", &balancers));
    }
    Table { sets, vrrp: !balancers.is_empty(), limited: limited(&openings(context)) }
}

/// A set for each address family; an empty one holds nobody.
fn pair(name: &str, ranges: &[IpNet]) -> Vec<Set> {
    let set = |suffix: &str, kind, ipv6: bool| Set {
        name: format!("{name}{suffix}"),
        kind,
        addresses: ranges.iter().filter(|range| range.addr().is_ipv6() == ipv6).map(shortest).collect(),
    };
    vec![set("4", "ipv4_addr", false), set("6", "ipv6_addr", true)]
}

/// A range, or an address alone.
fn shortest(range: &IpNet) -> String {
    let alone: Option<IpAddr> = (range.prefix_len() == range.max_prefix_len()).then(|| range.addr());
    alone.map_or_else(|| range.to_string(), |address| address.to_string())
}

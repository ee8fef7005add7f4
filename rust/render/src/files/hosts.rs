//! `/etc/hosts`: the name of the API and of every node, so that the cluster finds itself while DNS is down.

use super::{Context, haproxy};
use crate::file::File;
use crate::template::{Error, fill};
use serde::Serialize;
use std::net::IpAddr;
use topology::pillar::LoadBalancerType;

#[derive(Serialize)]
struct Block {
    lines: String,
}

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let nodes = context.topology.nodes.iter().map(|node| line(node.ip, &node.name));
    // Every node has every node's line: made here, 500 of them take a tenth of the time.
    let lines = api(context).into_iter().chain(nodes).collect::<Vec<_>>().join("\n");
    let text = fill("hosts", include_str!("../../templates/hosts"), Block { lines })?;
    Ok(vec![File::new("/etc/hosts", "names of the API and of the nodes", text).component("hosts").block()])
}

fn line(address: IpAddr, name: &str) -> String {
    format!("{address} {name}")
}

/// The name of the API, where the endpoint is a name and its address is ours to say.
fn api(context: Context<'_>) -> Option<String> {
    let endpoint = &context.topology.cluster.control_plane_endpoint;
    if !context.topology.is_kubeadm() || endpoint.address().is_some() {
        return None;
    }
    let address = match context.topology.load_balancer.r#type {
        LoadBalancerType::HaproxyKeepalived | LoadBalancerType::KubeVip => {
            context.topology.api_vip().map(|vip| vip.address)
        }
        LoadBalancerType::Local => haproxy::runs(context).then(|| haproxy::loopback(context)),
        LoadBalancerType::External => None,
    };
    address.map(|address| line(address, &endpoint.host))
}

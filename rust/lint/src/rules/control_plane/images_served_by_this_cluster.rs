use crate::prelude::*;
use std::net::IpAddr;

pub(super) static RULE: Rule = Rule {
    code: "CP-032",
    name: "images-served-by-this-cluster",
    severity: Severity::Warn,
    reason: "A node that is made anew, or all of them after a power loss, needs the images before the cluster runs. A \
             registry on hosts of this very cluster may be down just then.",
    remedy: "Take the images from a registry elsewhere, or bring them to each node as `images.archives`.",
    source: "kubeadm, running kubeadm without an internet connection",
    failing: Example::three_masters(
        r#"
        images:
          repository: "10.0.10.21:5000/k8s"    # <- CP-032
        "#,
    ),
    passing: Example::three_masters("images: {repository: registry.lan/k8s}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let (topology, images) = (lint.topology, &lint.topology.images);
    if !topology.is_kubeadm() || !images.archives.is_empty() {
        return;
    }
    let registry = images.repository.split('/').next().unwrap_or_default();
    let host = registry.rsplit_once(':').map_or(registry, |(host, _)| host);
    let address: Option<IpAddr> = host.parse().ok();
    let is_node = |node: &Node| node.name == host || node.minion == host || Some(node.ip) == address;
    let is_vip = topology.vips.iter().any(|vip| Some(vip.address) == address);
    if is_vip || topology.cluster.control_plane_endpoint.host == host || topology.nodes.iter().any(is_node) {
        let message = format!("images come from {registry}, which is a host of this cluster");
        findings.at(at!(images, repository), message);
    }
}

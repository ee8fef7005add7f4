//! KubeProxyConfiguration, the same on every node.

use super::document::merge;
use serde_json::{Value, json};
use topology::Topology;
use topology::pillar::KubeProxyMode;

/// The document; `None` where the network plugin does kube-proxy's work.
///
/// The mode is always written: before 1.37 kubeadm writes an empty one, 1.37 writes `iptables`.
pub(super) fn document(topology: &Topology) -> Option<Value> {
    let mode = match topology.kubeadm.kube_proxy_mode {
        KubeProxyMode::Nftables => "nftables",
        KubeProxyMode::Iptables => "iptables",
        KubeProxyMode::Ipvs => "ipvs",
        KubeProxyMode::Disabled => return None,
    };
    let mut document = json!({
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": mode,
    });
    if mode == "ipvs" {
        // Else every node answers ARP for the addresses of services, among them those that move.
        merge(&mut document, &json!({ "ipvs": { "strictARP": true } }));
    }
    merge(&mut document, &json!(topology.kubeadm.kube_proxy_config));
    Some(document)
}

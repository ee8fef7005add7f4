//! ClusterConfiguration: the same on every control-plane node.

use super::document::Section;
use super::{api_server, controllers, etcd, node};
use ipnet::IpNet;
use serde_json::{Value, json};
use topology::Topology;
use topology::pillar::KubeProxyMode;

/// The document.
pub(super) fn document(topology: &Topology) -> Value {
    let cluster = &topology.cluster;
    let kubeadm = &topology.kubeadm;
    let section = Section::default()
        .with("apiVersion", node::API_VERSION)
        .with("kind", "ClusterConfiguration")
        .with("clusterName", cluster.name.as_str())
        .with("kubernetesVersion", cluster.kubernetes_version.to_string())
        .with("controlPlaneEndpoint", cluster.control_plane_endpoint.to_string())
        .with("imageRepository", topology.images.repository.as_str())
        .with("certificatesDir", "/etc/kubernetes/pki")
        .with("encryptionAlgorithm", kubeadm.encryption_algorithm.as_str())
        .with("certificateValidityPeriod", kubeadm.certificate_validity.go())
        .with("caCertificateValidityPeriod", kubeadm.ca_certificate_validity.go());
    let section = if kubeadm.feature_gates.is_empty() {
        section
    } else {
        section.with("featureGates", json!(kubeadm.feature_gates))
    };
    section
        .with("networking", networking(topology))
        .with("apiServer", api_server::section(topology))
        .with("controllerManager", controllers::controller_manager(topology))
        .with("scheduler", controllers::scheduler(topology))
        .with("etcd", etcd::section(topology))
        .with("dns", json!({ "disabled": false }))
        .with("proxy", json!({ "disabled": kubeadm.kube_proxy_mode == KubeProxyMode::Disabled }))
        .into()
}

/// Ranges of both families stand in one text, the cluster's first family first.
fn networking(topology: &Topology) -> Value {
    let joined = |ranges: &[IpNet]| ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    json!({
        "dnsDomain": topology.cluster.dns_domain,
        "podSubnet": joined(&topology.network.pod_cidrs),
        "serviceSubnet": joined(&topology.network.service_cidrs),
    })
}

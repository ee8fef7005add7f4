//! KubeletConfiguration: the cluster's, which kubeadm hands to every node that joins, and a node's own.

use super::document::merge;
use serde_json::{Value, json};
use topology::pillar::{Kubelet, Managed};
use topology::values::{ProcessorTime, Size};
use topology::{Node, Topology};

/// What `kubeadm init` uploads and each joining node downloads.
pub(in crate::files) fn cluster_configuration(topology: &Topology) -> Value {
    configuration(topology, &topology.kubeadm.kubelet)
}

/// What is meant for one node; where it differs from the cluster's, a patch makes the difference.
pub(in crate::files) fn node_configuration(topology: &Topology, node: &Node) -> Value {
    configuration(topology, &node.kubelet)
}

fn configuration(topology: &Topology, kubelet: &Kubelet) -> Value {
    let mut document = json!({
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "clusterDNS": cluster_dns(topology),
        "clusterDomain": topology.cluster.dns_domain,
        "resolvConf": "/etc/resolv.conf",
        "cgroupDriver": "systemd",
        "failCgroupV1": true,
        "failSwapOn": true,
        // The kubelet does not start where this is set and the sysctls are not what it wants.
        "protectKernelDefaults": topology.manage.kernel == Managed::Yes,
        "maxPods": kubelet.max_pods,
        "nodeStatusUpdateFrequency": kubelet.node_status_update_frequency.go(),
        "shutdownGracePeriod": kubelet.shutdown_grace_period.go(),
        "shutdownGracePeriodCriticalPods": kubelet.shutdown_grace_period_critical_pods.go(),
        "enforceNodeAllocatable": ["pods"],
        "systemReserved": reserved(kubelet.system_reserved_cpu, kubelet.system_reserved_memory),
        "kubeReserved": reserved(kubelet.kube_reserved_cpu, kubelet.kube_reserved_memory),
        "evictionHard": {
            "memory.available": "200Mi",
            "nodefs.available": "10%",
            "nodefs.inodesFree": "5%",
            "imagefs.available": "15%",
            "imagefs.inodesFree": "5%",
        },
        "imageGCHighThresholdPercent": 80,
        "imageGCLowThresholdPercent": 70,
        "serializeImagePulls": false,
        "maxParallelImagePulls": 5,
        "containerLogMaxSize": "50Mi",
        "containerLogMaxFiles": 3,
        "readOnlyPort": 0,
        "authentication": { "anonymous": { "enabled": false }, "webhook": { "enabled": true } },
        "authorization": { "mode": "Webhook" },
        "rotateCertificates": true,
        "serverTLSBootstrap": kubelet.server_tls_bootstrap,
        "tlsMinVersion": topology.security.tls_min_version,
        "eventRecordQPS": 50,
    });
    merge(&mut document, &json!(kubelet.extra_config));
    document
}

/// The tenth address of the first service range, the one that kubeadm gives to the cluster's DNS service, which has one
/// family only.
fn cluster_dns(topology: &Topology) -> Vec<String> {
    let first = topology.network.service_cidrs.first();
    let tenth = first.and_then(|range| match range.network() {
        std::net::IpAddr::V4(network) => {
            u32::from(network).checked_add(10).map(|bits| std::net::Ipv4Addr::from(bits).to_string())
        }
        std::net::IpAddr::V6(network) => {
            u128::from(network).checked_add(10).map(|bits| std::net::Ipv6Addr::from(bits).to_string())
        }
    });
    tenth.into_iter().collect()
}

fn reserved(cpu: ProcessorTime, memory: Size) -> Value {
    json!({ "cpu": cpu.to_string(), "memory": quantity(memory), "ephemeral-storage": "1Gi" })
}

/// A size as Kubernetes writes quantities: `512Mi`, or bytes.
fn quantity(size: Size) -> String {
    if size.0.is_multiple_of(1 << 20) { format!("{}Mi", size.as_mib()) } else { size.0.to_string() }
}

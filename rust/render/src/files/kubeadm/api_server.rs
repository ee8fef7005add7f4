//! kube-apiserver: arguments that a balanced API server needs, names in its certificate, and files that it reads.

use super::super::security;
use super::arguments::{DefaultArgument, component};
use serde_json::Value;
use topology::pillar::{ExtraVolume, LoadBalancerType};
use topology::values::Duration;
use topology::{Timing, Topology};

/// Where the audit log is written.
const AUDIT_LOGS: &str = "/var/log/kubernetes/audit";

/// The longest `shutdown-delay-duration` that a static pod survives: kubeadm writes no grace period, so the kubelet kills
/// after 30 seconds, and the server needs some of them to finish what it has begun.
pub(in crate::files) const LONGEST_DELAY: u64 = 20;

/// The section of ClusterConfiguration.
pub(super) fn section(topology: &Topology) -> Value {
    let spec = &topology.kubeadm.api_server;
    let mut ours =
        vec![("profiling", "false".to_owned()), ("tls-min-version", topology.security.tls_min_version.clone())];
    ours.extend(balancing(topology));
    ours.extend(security_arguments(topology));
    ours.sort();
    component(spec, ours, &volumes(topology)).with("certSANs", names(topology)).into()
}

/// What moves clients between several API servers. A single one has it too: kubeadm has those that join later take their
/// arguments from what it recorded when the cluster began.
fn balancing(topology: &Topology) -> Vec<DefaultArgument> {
    let mut arguments = vec![("shutdown-delay-duration", shutdown_delay(topology).go())];
    // A client that is sent away comes back to the same server where an address leads to one of them only.
    if topology.load_balancer.r#type != LoadBalancerType::KubeVip {
        arguments.push(("goaway-chance", "0.001".to_owned()));
    }
    arguments
}

/// A server that stops is not ready at once and serves on for this long: until the balancer has left it, and 5 seconds more.
fn shutdown_delay(topology: &Topology) -> Duration {
    const MARGIN: u64 = 5;
    const WHEN_UNKNOWN: u64 = 15;
    let balancer = &topology.load_balancer;
    let promised = balancer.external.failover.filter(|_| balancer.r#type == LoadBalancerType::External);
    let detection = Timing::of(topology).backend_removed().or(promised);
    let seconds = detection.map_or(WHEN_UNKNOWN, |time| time.as_millis().div_ceil(1000) + MARGIN);
    Duration::seconds(seconds.min(LONGEST_DELAY))
}

fn security_arguments(topology: &Topology) -> Vec<DefaultArgument> {
    let mut arguments = Vec::new();
    let audit = &topology.security.audit;
    if audit.enabled {
        arguments.extend([
            ("audit-policy-file", security::AUDIT_POLICY.to_owned()),
            ("audit-log-path", format!("{AUDIT_LOGS}/audit.log")),
            ("audit-log-maxage", audit.max_age.to_string()),
            ("audit-log-maxbackup", audit.max_backup.to_string()),
            ("audit-log-maxsize", audit.max_size.to_string()),
        ]);
    }
    if security::restricts_anonymous(topology) {
        arguments.push(("authentication-config", security::AUTHENTICATION.to_owned()));
    }
    if topology.security.encryption_at_rest.is_some() {
        arguments.push(("encryption-provider-config", security::ENCRYPTION.to_owned()));
        arguments.push(("encryption-provider-config-automatic-reload", "true".to_owned()));
    }
    arguments
}

/// The directory is mounted, not its files: a file that is replaced would stay the old one inside the pod.
fn volumes(topology: &Topology) -> Vec<ExtraVolume> {
    let mut volumes = Vec::new();
    if security::has_files(topology) {
        volumes.push(volume("api-server-configuration", security::DIRECTORY, true, "Directory"));
    }
    if topology.security.audit.enabled {
        volumes.push(volume("audit-logs", AUDIT_LOGS, false, "DirectoryOrCreate"));
    }
    volumes
}

fn volume(name: &str, path: &str, read_only: bool, path_type: &str) -> ExtraVolume {
    ExtraVolume {
        name: name.to_owned(),
        host_path: path.to_owned(),
        mount_path: path.to_owned(),
        read_only,
        path_type: Some(path_type.to_owned()),
    }
}

/// Every name by which a client may reach the API, whichever server answers, each once. The loopback address is among them
/// because checks of a host, and its own clients where the balancer is local, ask there.
fn names(topology: &Topology) -> Vec<String> {
    let control_plane: Vec<_> = topology.control_plane().into_iter().map(|index| &topology.nodes[index]).collect();
    let derived = std::iter::once(topology.cluster.control_plane_endpoint.host.clone())
        .chain(topology.api_vip().map(|vip| vip.address.to_string()))
        .chain(control_plane.iter().map(|node| node.name.clone()))
        .chain(control_plane.iter().map(|node| node.ip.to_string()))
        .chain(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
    let mut names: Vec<String> = Vec::new();
    for name in derived.chain(topology.kubeadm.api_server.cert_sans.iter().cloned()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

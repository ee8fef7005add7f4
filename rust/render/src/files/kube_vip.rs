//! kube-vip: a static pod of the control plane that holds the API's address while it holds a lease.

use super::Context;
use super::kubeadm::text;
use crate::file::{Activation, File};
use crate::template::Error;
use serde_json::{Value, json};
use std::net::IpAddr;
use topology::pillar::LoadBalancerType;
use topology::values::Duration;

/// Its kubeconfig, also on the first node. `super-admin.conf` exists on that node only and passes every role by, and it is
/// not needed: `kubeadm init` talks to the local API server and gives this one its rights without the address. Until then
/// kube-vip tries again.
const KUBECONFIG: &str = "/etc/kubernetes/admin.conf";

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let balancer = &context.topology.load_balancer;
    let Some(address) = context.topology.api_vip().map(|vip| vip.address) else { return Ok(Vec::new()) };
    if !context.is_control_plane() || balancer.r#type != LoadBalancerType::KubeVip {
        return Ok(Vec::new());
    }
    let contents = text("kube-vip.yaml", &[pod(context, address)])?;
    let file = File::new("/etc/kubernetes/manifests/kube-vip.yaml", "static pod of kube-vip", contents);
    Ok(vec![file.mode("0600").activation(Activation::OnWrite)])
}

fn pod(context: Context<'_>, address: IpAddr) -> Value {
    // It asks the API server of its own host, under a name that the certificate has.
    let local = if context.node.ip.is_ipv4() { "127.0.0.1" } else { "::1" };
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": { "name": "kube-vip", "namespace": "kube-system", "labels": { "app.kubernetes.io/name": "kube-vip" } },
        "spec": {
            "hostNetwork": true,
            "hostAliases": [{ "ip": local, "hostnames": ["kubernetes"] }],
            "priorityClassName": "system-node-critical",
            "containers": [{
                "name": "kube-vip",
                "image": context.topology.load_balancer.kube_vip.image,
                "imagePullPolicy": "IfNotPresent",
                "args": ["manager"],
                "env": environment(context, address),
                "securityContext": { "capabilities": { "add": ["NET_ADMIN", "NET_RAW"], "drop": ["ALL"] } },
                "volumeMounts": [{ "name": "kubeconfig", "mountPath": KUBECONFIG, "readOnly": true }],
            }],
            "volumes": [{ "name": "kubeconfig", "hostPath": { "path": KUBECONFIG, "type": "File" } }],
        },
    })
}

/// One mode only: ARP, with an election, so that one host answers for the address. No balancing and no services.
fn environment(context: Context<'_>, address: IpAddr) -> Vec<Value> {
    let lease = &context.topology.load_balancer.kube_vip;
    let host_only = if address.is_ipv4() { "32" } else { "128" };
    let settings = [
        ("address", address.to_string()),
        ("port", context.topology.kubeadm.bind_port.to_string()),
        ("vip_interface", context.node.interface.clone()),
        ("vip_subnet", host_only.to_owned()),
        ("vip_arp", "true".to_owned()),
        ("cp_enable", "true".to_owned()),
        ("cp_namespace", "kube-system".to_owned()),
        ("svc_enable", "false".to_owned()),
        ("lb_enable", "false".to_owned()),
        ("vip_leaderelection", "true".to_owned()),
        ("vip_leasename", "plndr-cp-lock".to_owned()),
        ("vip_leaseduration", seconds(lease.lease_duration)),
        ("vip_renewdeadline", seconds(lease.renew_deadline)),
        ("vip_retryperiod", seconds(lease.retry_period)),
        ("prometheus_server", ":2112".to_owned()),
        ("vip_nodename", context.node.name.clone()),
    ];
    settings.into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

/// kube-vip knows whole seconds only.
fn seconds(duration: Duration) -> String {
    duration.as_millis().div_ceil(1000).to_string()
}

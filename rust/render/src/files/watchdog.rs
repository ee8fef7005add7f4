//! A watchdog for what does not feed systemd's own: HAProxy, keepalived, containerd, and the static pods of which a hung one
//! takes more than itself away. The kubelet feeds it.

use super::{Context, etcd, haproxy, managed};
use crate::file::{Activation, File};
use crate::template::{Error, fill};
use serde::Serialize;
use serde_json::json;
use std::net::SocketAddr;
use topology::pillar::Managed;

/// Under SELinux, programs of this folder may be run by systemd (`bin_t`).
const SCRIPT: &str = "/usr/libexec/k8s-ha/watchdog";

/// Where the check of keepalived says that it was run; gone with each boot.
pub(super) const RUN: &str = "/run/k8s-ha";

/// keepalived begins a check once in an interval, which is longer than any check may take: when so much more has passed
/// without one, in milliseconds, it hangs.
const KEEPALIVED_LATE: u64 = 900;

#[derive(Serialize)]
struct Watched {
    run: &'static str,
    haproxy: bool,
    monitor: &'static str,
    keepalived: bool,
    keepalived_hundredths: u64,
    containerd: bool,
    static_pods: Vec<StaticPod>,
}

/// A static pod that is asked over the host's network.
#[derive(Serialize)]
struct StaticPod {
    function: &'static str,
    name: &'static str,
    url: String,
    port: u16,
}

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let topology = context.topology;
    let balances = haproxy::runs(context) && managed(topology, "load_balancer") == Managed::Yes;
    let keepalived = topology.load_balancer.keepalived().filter(|_| balances);
    let watched = Watched {
        run: RUN,
        haproxy: balances,
        monitor: haproxy::MONITOR,
        keepalived: keepalived.is_some(),
        keepalived_hundredths: keepalived
            .map_or(0, |settings| (settings.check.interval.as_millis() + KEEPALIVED_LATE).div_ceil(10)),
        containerd: context.runs_kubelet() && managed(topology, "containerd") == Managed::Yes,
        static_pods: static_pods(context),
    };
    if !watched.haproxy && !watched.containerd {
        return Ok(Vec::new());
    }
    let component = if watched.haproxy { "load_balancer" } else { "containerd" };
    let script = fill("watchdog", include_str!("../../templates/watchdog/watchdog"), watched)?;
    let unit = include_str!("../../templates/watchdog/k8s-ha-watchdog.service");
    let unit = fill("k8s-ha-watchdog.service", unit, json!({ "script": SCRIPT }))?;
    let restart = || Activation::Restart("k8s-ha-watchdog.service".to_owned());
    let files = [
        File::new(SCRIPT, "kills services that hang", script).mode("0755").check("sh -n {file}"),
        File::new("/etc/systemd/system/k8s-ha-watchdog.service", "runs the watchdog", unit),
    ];
    Ok(files.into_iter().map(|file| file.activation(restart()).component(component)).collect())
}

/// kube-apiserver, and etcd where it is stacked. Either hung holds clients until they give up, and the kubelet kills a static
/// pod only after its probe has failed eight times of up to 15 seconds (kubeadm's `livenessProbe`).
fn static_pods(context: Context<'_>) -> Vec<StaticPod> {
    let mut pods = Vec::new();
    if !context.is_control_plane() {
        return pods;
    }
    let server = SocketAddr::new(context.node.ip, context.topology.kubeadm.bind_port);
    let url = format!("https://{server}/livez");
    pods.push(StaticPod { function: "kube_apiserver", name: "kube-apiserver", url, port: server.port() });
    if !context.topology.etcd.is_external() {
        // Where kubeadm has the member serve its health to the kubelet.
        let url = format!("http://127.0.0.1:{}/health", etcd::METRICS_PORT);
        pods.push(StaticPod { function: "etcd", name: "etcd", url, port: etcd::METRICS_PORT });
    }
    pods
}

//! The kubelet's host side: its unit, the time that systemd gives it to shut pods down, and the client of its runtime.

use super::kubeadm::{CRI_SOCKET, node_kubelet, text};
use super::{Context, etcd_guard};
use crate::file::{Activation, File};
use crate::template::{Error, fill};
use serde_json::json;
use topology::values::Duration;

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    if !context.runs_kubelet() {
        return Ok(Vec::new());
    }
    let mut files = vec![unit(context)?];
    files.extend(shutdown(context)?);
    files.push(client()?);
    Ok(files)
}

/// The path lies behind that of kubeadm's own drop-in, `10-kubeadm.conf`.
fn unit(context: Context<'_>) -> Result<File, Error> {
    let data_dir = etcd_guard::runs(context).then_some(context.topology.etcd.spec.data_dir.as_str());
    let contents = fill(
        "kubelet.service.conf",
        include_str!("../../templates/kubelet/kubelet.service.conf"),
        json!({ "data_dir": data_dir, "guard": etcd_guard::SCRIPT }),
    )?;
    let file = File::new(
        "/etc/systemd/system/kubelet.service.d/20-k8s-ha.conf",
        "watchdog and mounts of the kubelet",
        contents,
    );
    // kubeadm makes it and starts the kubelet.
    let file = file.needs("/var/lib/kubelet/config.yaml");
    Ok(file.activation(Activation::Restart("kubelet.service".to_owned())))
}

/// systemd-logind must hold a shutdown back for as long as the kubelet needs to end its pods; its own limit is 5 seconds.
/// Without this the kubelet writes `99-kubelet.conf` there, which sorts before this file. None where the pillar switches the
/// graceful shutdown off.
fn shutdown(context: Context<'_>) -> Result<Option<File>, Error> {
    let configuration = node_kubelet(context.topology, context.node);
    let period = configuration.get("shutdownGracePeriod").and_then(|period| period.as_str());
    let seconds =
        period.and_then(|text| text.parse::<Duration>().ok()).map_or(0, |period| period.as_millis().div_ceil(1000));
    if seconds == 0 {
        return Ok(None);
    }
    let contents =
        fill("logind.conf", include_str!("../../templates/kubelet/logind.conf"), json!({ "seconds": seconds }))?;
    let path = "/etc/systemd/logind.conf.d/99-kubernetes.conf";
    let file = File::new(path, "time for the kubelet to end pods before a shutdown", contents);
    Ok(Some(file.activation(Activation::Restart("systemd-logind.service".to_owned()))))
}

fn client() -> Result<File, Error> {
    let settings = json!({ "runtime-endpoint": CRI_SOCKET, "image-endpoint": CRI_SOCKET, "timeout": 10 });
    Ok(File::new("/etc/crictl.yaml", "where crictl finds the container runtime", text("crictl.yaml", &[settings])?))
}

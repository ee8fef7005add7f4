//! Kernel modules and sysctl.

use super::{Context, haproxy};
use crate::file::{Activation, File};
use crate::template::{Error, fill};
use serde::Serialize;
use topology::pillar::KubeProxyMode;

#[derive(Serialize)]
struct Modules {
    modules: Vec<&'static str>,
}

#[derive(Serialize)]
struct Sysctl<'t> {
    kubelet: bool,
    ipv6_pods: bool,
    interface: &'t str,
    nonlocal_bind: bool,
}

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let modules = modules(context);
    let mut files = Vec::new();
    if !modules.is_empty() {
        files.push(modules_file(modules)?);
    }
    files.push(sysctl_file(context)?);
    Ok(files)
}

/// What containers and services need; the sysctl of bridges exists only once its module is there.
fn modules(context: Context<'_>) -> Vec<&'static str> {
    if !context.runs_kubelet() {
        return Vec::new();
    }
    let mut modules = vec!["overlay", "br_netfilter", "nf_conntrack"];
    if context.topology.kubeadm.kube_proxy_mode == KubeProxyMode::Ipvs {
        modules.extend(["ip_vs", "ip_vs_rr", "ip_vs_wrr", "ip_vs_sh"]);
    }
    modules
}

fn modules_file(modules: Vec<&'static str>) -> Result<File, Error> {
    let text = fill("modules.conf", include_str!("../../templates/kernel/modules.conf"), Modules { modules })?;
    let file = File::new("/etc/modules-load.d/k8s-ha.conf", "kernel modules", text);
    Ok(file.activation(Activation::Restart("systemd-modules-load.service".to_owned())).component("kernel"))
}

fn sysctl_file(context: Context<'_>) -> Result<File, Error> {
    let settings = Sysctl {
        kubelet: context.runs_kubelet(),
        ipv6_pods: context.topology.network.pod_cidrs.iter().any(|range| range.addr().is_ipv6()),
        interface: &context.node.interface,
        nonlocal_bind: haproxy::shares_port(context),
    };
    let text = fill("sysctl.conf", include_str!("../../templates/kernel/sysctl.conf"), settings)?;
    let file = File::new("/etc/sysctl.d/99-zz-k8s-ha.conf", "kernel settings", text);
    Ok(file.activation(Activation::Restart("systemd-sysctl.service".to_owned())).component("kernel"))
}

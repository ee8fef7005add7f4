//! kubeadm: what it reads at `init` and `join`, and what it keeps afterwards.
//!
//! `init.yaml` holds all that `kubeadm init` configures in one file, because kubeadm decodes strictly only what stands beside
//! a ClusterConfiguration. It is on every control-plane node: any of them may be the first one. `join.yaml` is on every node
//! that runs a kubelet, the possible first one included, because that node joins like any other when it is replaced.

mod api_server;
mod arguments;
mod cluster;
mod controllers;
mod document;
mod etcd;
mod init;
mod join;
mod kept;
mod kube_proxy;
mod kubelet;
mod node;
mod phases;
mod quoting;

use super::Context;
use crate::file::File;
use crate::template::Error;

pub(super) use api_server::LONGEST_DELAY;
pub(super) use document::{HEADER, difference, merge, text};
pub(super) use etcd::tls_min_version as etcd_tls_min_version;
pub(super) use kept::kept;
pub(super) use kubelet::{cluster_configuration as cluster_kubelet, node_configuration as node_kubelet};

/// Where kubeadm reads its configuration.
const DIRECTORY: &str = "/etc/kubernetes/kubeadm";

/// Directory of patches, as in `patches.directory`.
pub(super) const PATCHES: &str = "/etc/kubernetes/patches";

/// The container runtime.
pub(super) const CRI_SOCKET: &str = "unix:///run/containerd/containerd.sock";

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    if context.is_control_plane() {
        let contents = text("init.yaml", &init::documents(context))?;
        let file = File::new(format!("{DIRECTORY}/init.yaml"), "what kubeadm init configures", contents);
        files.push(file.mode("0600").check("kubeadm config validate --config {file}"));
    }
    if context.runs_kubelet() {
        // No check: kubeadm refuses a discovery file that is not there, and it is there only while the node joins.
        let contents = text("join.yaml", &[join::document(context)])?;
        let file = File::new(format!("{DIRECTORY}/join.yaml"), "what kubeadm join configures", contents);
        files.push(file.mode("0600"));
    }
    Ok(files)
}

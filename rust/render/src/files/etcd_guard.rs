//! Before each start of the kubelet of a stacked member: etcd is not started on an empty directory by a host that has had data.

use super::Context;
use crate::file::File;
use crate::template::{Error, fill};
use serde_json::json;

/// Under SELinux, programs of this folder may be run by systemd (`bin_t`).
pub(super) const SCRIPT: &str = "/usr/libexec/k8s-ha/etcd-guard";

/// The identity of the host, on its root disk; the state `k8s_ha.joined` writes it.
const IDENTITY: &str = "/var/lib/k8s-ha/identity.json";

/// Whether etcd runs here as a static pod.
pub(super) fn runs(context: Context<'_>) -> bool {
    context.is_control_plane() && !context.topology.etcd.is_external()
}

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    if !runs(context) {
        return Ok(Vec::new());
    }
    let spec = &context.topology.etcd.spec;
    let wal_dir = spec.extra_args.iter().rev().find(|argument| argument.name == "wal-dir");
    let wal_dir = wal_dir.map_or_else(|| format!("{}/member/wal", spec.data_dir), |argument| argument.value.clone());
    let variables = json!({
        "identity": IDENTITY,
        "data_dir": spec.data_dir,
        "wal_dir": wal_dir,
        "node": context.node.name,
        "minion": context.node.minion,
        "cluster": context.topology.cluster.name,
    });
    let script = fill("etcd-guard", include_str!("../../templates/kubelet/etcd-guard"), variables)?;
    let purpose = "keeps etcd from starting over lost data";
    Ok(vec![File::new(SCRIPT, purpose, script).mode("0755").check("sh -n {file}")])
}

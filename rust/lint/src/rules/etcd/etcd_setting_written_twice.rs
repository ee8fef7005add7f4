use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-052",
    name: "etcd-setting-written-twice",
    severity: Severity::Error,
    reason: "The pillar has a place of its own for this value, and fills it in for each member. A second one that is the \
             same for all members contradicts it, and no rule judges it.",
    remedy: "Remove the setting, and write the field of the pillar that is named here.",
    source: "etcd, configuration options; kubeadm, ClusterConfiguration etcd.local.extraArgs",
    failing: Example::three_masters(
        r#"
        etcd:
          extra_args:
            - {name: heartbeat-interval, value: "500"}    # <- ETCD-052
            - {name: name, value: cp1}                    # <- ETCD-052
        "#,
    ),
    passing: Example::three_masters("etcd: {heartbeat_interval: 100ms, extra_args: [{name: max-wals, value: '10'}]}"),
    check,
};

/// Setting, and where its value comes from.
const WRITTEN: [(&str, &str); 14] = [
    ("auto-compaction-retention", "etcd.auto_compaction_retention"),
    ("data-dir", "etcd.data_dir"),
    ("election-timeout", "etcd.election_timeout"),
    ("heartbeat-interval", "etcd.heartbeat_interval"),
    ("initial-advertise-peer-urls", "nodes"),
    ("initial-cluster", "nodes"),
    ("initial-cluster-state", "nodes"),
    ("initial-cluster-token", "etcd.initial_cluster_token"),
    ("listen-client-urls", "nodes"),
    ("listen-peer-urls", "nodes"),
    ("name", "nodes"),
    ("quota-backend-bytes", "etcd.quota_backend_bytes"),
    ("snapshot-count", "etcd.snapshot_count"),
    ("tls-min-version", "security.tls_min_version"),
];

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let is_external = lint.topology.etcd.is_external();
    for setting in super::settings(lint) {
        let written = WRITTEN.iter().find(|(name, _)| *name == setting.name).map(|(_, field)| *field);
        let from_nodes = (is_external && setting.name == "advertise-client-urls").then_some("nodes");
        if let Some(field) = written.or(from_nodes) {
            findings.at(setting.place, format!("`{}` comes from `{field}` of the pillar", setting.name));
        }
    }
}

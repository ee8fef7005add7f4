use crate::prelude::*;
use crate::rules::control_plane::argument;

pub(super) static RULE: Rule = Rule {
    code: "SEC-002",
    name: "etcd-backup-holds-plain-secrets",
    severity: Severity::Warn,
    reason: "Without encryption at rest every Secret of the cluster stands in etcd as it is. A backup carries them to wherever \
             it is kept, and past whoever keeps it.",
    remedy: "Write `security: {encryption_at_rest: {encryption_key: \"sdb://…\"}}`, and keep the key apart from the backups.",
    source: "Kubernetes, encrypting confidential data at rest; CIS Kubernetes Benchmark 1.2.27",
    failing: Example::three_masters(
        r#"
        dr:
          destinations: {s3: {type: s3, url: "s3://backups", off_site: true, encrypted: true}}
          backups:
            hourly: {of: etcd, interval: 1h, to: [s3]}    # <- SEC-002
        "#,
    ),
    passing: Example::three_masters(
        r#"
        security: {encryption_at_rest: {encryption_key: "sdb://keys/etcd"}}
        dr:
          destinations: {s3: {type: s3, url: "s3://backups", off_site: true, encrypted: true}}
          backups: {hourly: {of: etcd, interval: 1h, to: [s3]}}
        "#,
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let is_own = argument(&lint.topology.kubeadm.api_server, "encryption-provider-config").is_some();
    if lint.topology.etcd.members.is_empty() || lint.topology.security.encryption_at_rest.is_some() || is_own {
        return;
    }
    for (name, backup) in lint.topology.pillar.dr.iter().flat_map(|dr| &dr.backups) {
        if backup.of.as_deref() == Some("etcd") {
            findings.at(at!(backup, of), format!("backup `{name}` of etcd holds every Secret in plain text"));
        }
    }
}

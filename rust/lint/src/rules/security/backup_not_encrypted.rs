use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "SEC-026",
    name: "backup-not-encrypted",
    severity: Severity::Warn,
    reason: "A backup of the cluster's data holds its Secrets and its users' data. Who can read the destination can read \
             all of it, without ever touching the cluster.",
    remedy: "Encrypt before the data leaves the node, and write `encrypted: true`; keep the key elsewhere.",
    source: "CIS Controls 11.3; Kubernetes, operating etcd clusters, securing etcd backups",
    failing: Example::three_masters(
        r#"
        storage: {longhorn: {}}
        dr:
          destinations:
            s3: {type: s3, url: "s3://backups", encrypted: false}    # <- SEC-026
          backups: {data: {of: longhorn, interval: 24h, to: [s3]}}
        "#,
    ),
    passing: Example::three_masters(
        r#"
        storage: {longhorn: {}}
        dr:
          destinations: {s3: {type: s3, url: "s3://backups", encrypted: true}}
          backups: {data: {of: longhorn, interval: 24h, to: [s3]}}
        "#,
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(dr) = &lint.topology.pillar.dr else { return };
    for (name, destination) in dr.destinations.iter().filter(|(_, destination)| !destination.encrypted) {
        let used = dr.backups.iter().filter(|(_, backup)| backup.to.contains(name));
        let backups: Vec<&str> = used.map(|(backup, _)| backup.as_str()).collect();
        if !backups.is_empty() {
            let message = format!("destination `{name}` keeps backups unencrypted: {}", backups.join(", "));
            findings.at(at!(destination, encrypted), message);
        }
    }
}

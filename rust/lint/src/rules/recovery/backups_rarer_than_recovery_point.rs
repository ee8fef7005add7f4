use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "DR-012",
    name: "backups-rarer-than-recovery-point",
    severity: Severity::Error,
    reason: "A disaster takes all that was written since the last backup: as much as lies between two of them. When that is \
             longer than `targets.recovery_point`, the target is missed in any disaster but one just after a backup.",
    remedy: "Back up more often, or say in `targets.recovery_point` what may be lost.",
    source: "engineering judgement: arithmetic",
    failing: Example::three_masters(
        r#"
        targets: {recovery_point: 1h}
        dr:
          destinations: {s3: {type: s3, url: "s3://backups", encrypted: true}}
          backups:
            etcd:
              of: etcd
              interval: 24h            # <- DR-012
              to: [s3]
        "#,
    ),
    passing: Example::three_masters(
        r#"
        targets: {recovery_point: 24h}
        dr:
          destinations: {s3: {type: s3, url: "s3://backups", encrypted: true}}
          backups: {etcd: {of: etcd, interval: 24h, to: [s3]}}
        "#,
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let targets = &lint.topology.targets;
    for (name, backup) in lint.topology.pillar.dr.iter().flat_map(|dr| &dr.backups) {
        let Some(interval) = backup.interval else { continue };
        if interval > targets.recovery_point {
            let message = format!(
                "backup `{name}` is made every {interval}: so much may be lost, and no more than {} may",
                targets.recovery_point
            );
            findings.at(at!(backup, interval), message).see(at!(targets, recovery_point), "what a disaster may take");
        }
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "SEC-004",
    name: "audit-log-too-short",
    severity: Severity::Warn,
    reason: "The audit log is the only record of who changed what. It is asked for weeks later, after an intrusion or a \
             deletion that nobody remembers.",
    remedy: "Leave `security.audit` out: it is on, for 30 days, with 10 files of 100 megabytes.",
    source: "CIS Kubernetes Benchmark 1.2.16 to 1.2.19",
    failing: Example::three_masters(
        "
        security:
          audit:
            max_age: 7                 # <- SEC-004
        ",
    ),
    passing: Example::three_masters("security: {audit: {max_age: 90}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let audit = &lint.topology.security.audit;
    if !lint.topology.is_kubeadm() {
        return;
    }
    if !audit.enabled {
        findings.at(at!(audit, enabled), "the API servers keep no audit log");
        return;
    }
    let limits = [
        (audit.max_age, 30, "days", at!(audit, max_age)),
        (audit.max_backup, 10, "files", at!(audit, max_backup)),
        (audit.max_size, 100, "megabytes in a file", at!(audit, max_size)),
    ];
    for (written, fewest, what, place) in limits {
        if written < fewest {
            findings.at(place, format!("the audit log keeps {written} {what}, {fewest} are the usual minimum"));
        }
    }
}

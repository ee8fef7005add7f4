use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-015",
    name: "election-timeout-below-etcd-minimum",
    severity: Severity::Error,
    reason: "etcd checks its own timing before it starts, and exits when the election timeout is shorter than five \
             heartbeats or the heartbeat is zero.",
    remedy: "Write an election timeout of ten heartbeats, such as 1s with a heartbeat of 100ms.",
    source: "etcd, server/embed/config.go, Config.Validate",
    failing: Example::three_masters(
        "
        etcd:
          heartbeat_interval: 300ms
          election_timeout: 1s         # <- ETCD-015
        ",
    ),
    passing: Example::three_masters("etcd: {heartbeat_interval: 300ms, election_timeout: 3s}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    let (heartbeat, election) = (etcd.spec.heartbeat_interval, etcd.spec.election_timeout);
    if heartbeat.as_millis() == 0 {
        findings.at(at!(etcd.spec, heartbeat_interval), "etcd does not start with a heartbeat of 0s");
    } else if election.as_millis() < heartbeat.as_millis().saturating_mul(5) {
        let message = format!("etcd does not start: {election} is shorter than five heartbeats of {heartbeat}");
        findings.at(at!(etcd.spec, election_timeout), message).see(at!(etcd.spec, heartbeat_interval), "the heartbeat");
    }
}

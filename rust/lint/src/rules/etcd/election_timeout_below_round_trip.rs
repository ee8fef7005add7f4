use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-017",
    name: "election-timeout-below-round-trip",
    severity: Severity::Error,
    reason: "Where an answer between members takes a tenth of the election timeout, ordinary delay looks like a dead \
             leader. Elections then follow one another, and each of them stops all writes.",
    remedy: "Raise `etcd.election_timeout` to ten round trips, and `etcd.heartbeat_interval` to about one.",
    source: "etcd, tuning guide, time parameters",
    failing: Example::three_masters(
        "
        etcd:
          round_trip: 150ms
          heartbeat_interval: 100ms
          election_timeout: 1s         # <- ETCD-017
        ",
    ),
    passing: Example::three_masters("etcd: {round_trip: 150ms, heartbeat_interval: 150ms, election_timeout: 1500ms}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    let (Some(round_trip), election) = (etcd.spec.round_trip, etcd.spec.election_timeout) else { return };
    if election.as_millis() < round_trip.as_millis().saturating_mul(10) {
        let message = format!("{election} is less than ten times the round trip of {round_trip} between members");
        findings.at(at!(etcd.spec, election_timeout), message).see(at!(etcd.spec, round_trip), "the round trip");
    }
}

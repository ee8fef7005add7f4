use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-018",
    name: "heartbeat-far-from-round-trip",
    severity: Severity::Warn,
    reason: "Heartbeats much closer together than the round trip only cost traffic; much farther apart, they delay the \
             moment at which a dead leader is noticed.",
    remedy: "Write a heartbeat of about the slowest round trip between two members, and an election timeout of ten of it.",
    source: "etcd, tuning guide, time parameters",
    failing: Example::three_masters(
        "
        etcd:
          round_trip: 1ms
          heartbeat_interval: 500ms    # <- ETCD-018
          election_timeout: 5s
        ",
    ),
    passing: Example::three_masters("etcd: {round_trip: 1ms, heartbeat_interval: 100ms}"),
    check,
};

/// etcd's default, which is right for every network that is faster.
const DEFAULT: Duration = Duration::millis(100);

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    let (Some(round_trip), heartbeat) = (etcd.spec.round_trip, etcd.spec.heartbeat_interval) else { return };
    let slowest = round_trip.as_millis().saturating_mul(3).div_ceil(2).max(DEFAULT.as_millis());
    if heartbeat.as_millis() < round_trip.as_millis() / 2 || heartbeat.as_millis() > slowest {
        let message =
            format!("a heartbeat each {heartbeat} does not suit a round trip of {round_trip} between members");
        findings.at(at!(etcd.spec, heartbeat_interval), message).see(at!(etcd.spec, round_trip), "the round trip");
    }
}

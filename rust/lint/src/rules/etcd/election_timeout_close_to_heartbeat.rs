use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-016",
    name: "election-timeout-close-to-heartbeat",
    severity: Severity::Warn,
    reason: "A few late heartbeats, from a slow disk or a busy host, already start an election, during which nothing is \
             written. etcd's own defaults leave room for ten.",
    remedy: "Raise `etcd.election_timeout` to ten heartbeats.",
    source: "etcd, tuning guide, time parameters",
    failing: Example::three_masters(
        "
        etcd:
          heartbeat_interval: 100ms
          election_timeout: 600ms      # <- ETCD-016
        ",
    ),
    passing: Example::three_masters("etcd: {heartbeat_interval: 100ms, election_timeout: 1s}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    let (heartbeat, election) = (etcd.spec.heartbeat_interval, etcd.spec.election_timeout);
    let ratio = election.as_millis().checked_div(heartbeat.as_millis()).unwrap_or(0);
    if (5..10).contains(&ratio) {
        let message = format!("an election starts after {election} of silence, {ratio} heartbeats of {heartbeat}");
        findings.at(at!(etcd.spec, election_timeout), message).see(at!(etcd.spec, heartbeat_interval), "the heartbeat");
    }
}

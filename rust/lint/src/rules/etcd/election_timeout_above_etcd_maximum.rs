use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-019",
    name: "election-timeout-above-etcd-maximum",
    severity: Severity::Error,
    reason: "etcd refuses to start with an election timeout above 50 seconds.",
    remedy: "Write an election timeout of ten round trips; 5s is enough around the world.",
    source: "etcd, server/embed/config.go, maxElectionMs",
    failing: Example::three_masters(
        "
        etcd:
          heartbeat_interval: 100ms
          election_timeout: 1m         # <- ETCD-019
        ",
    ),
    passing: Example::three_masters("etcd: {election_timeout: 5s}"),
    check,
};

const LONGEST: Duration = Duration::seconds(50);

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    let election = etcd.spec.election_timeout;
    if election > LONGEST {
        findings
            .at(at!(etcd.spec, election_timeout), format!("etcd does not start: {election} is longer than {LONGEST}"));
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-010",
    name: "too-few-time-sources",
    severity: Severity::Warn,
    reason: "With one source nobody notices that it is wrong; with two nobody knows which one is. Hosts whose clocks \
             differ refuse each other's certificates and leases.",
    remedy: "Name at least three servers, or a pool: `sources: [\"pool pool.ntp.org\"]`.",
    source: "chrony FAQ, How many servers should I use; RFC 8633 section 3.2",
    failing: Example::three_masters(
        "
        chrony:
          sources: [ntp1.lan, ntp2.lan]          # <- OS-010
        ",
    ),
    passing: Example::three_masters("chrony: {sources: [ntp1.lan, ntp2.lan, ntp3.lan]}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let chrony = &lint.topology.chrony;
    if lint.topology.manage.chrony == Managed::No {
        return;
    }
    let sources = chrony.sources.len();
    if sources == 0 {
        findings.at(at!(chrony, sources), "the hosts have no source of time").severity(Severity::Error);
    } else if sources < 3 && !chrony.sources.iter().any(|source| source.starts_with("pool ")) {
        findings.at(at!(chrony, sources), format!("the hosts have {sources} sources of time, and no pool"));
    }
}

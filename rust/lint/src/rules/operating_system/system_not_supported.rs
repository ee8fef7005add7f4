use super::systems;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-002",
    name: "system-not-supported",
    severity: Severity::Error,
    reason: "The kubelet of every maintained minor stops at once on a host with cgroup v1, and nothing is known of \
             packages and programs of other systems, so no files can be rendered for them.",
    remedy: "Choose CentOS Stream, RHEL, Rocky or Alma 9 or 10, or Debian 12 or 13.",
    source: "Kubernetes enhancement 5573, Remove cgroup v1; kubernetes/system-validators",
    failing: Example::three_masters(
        "
        profiles:
          worker:
            os: rocky-8                # <- OS-002
        ",
    ),
    passing: Example::three_masters("profiles: {worker: {os: rocky-10}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for system in systems(lint).into_iter().filter(|_| lint.topology.is_kubeadm()) {
        let why = match lint.facts.platform(system.os) {
            Some(platform) if platform.supported => continue,
            Some(platform) => platform.why_not.as_str(),
            None => "nothing is known of its packages",
        };
        findings.at(system.place, format!("{} of {}: {why}", system.os, lint.some_names(&system.nodes)));
    }
}

use super::systems;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-032",
    name: "containerd-1-abandoned",
    severity: Severity::Warn,
    reason: "Its own project maintains containerd 1 no longer, and it does not tell the kubelet its cgroup driver. \
             Maintained minors of Kubernetes still run with it and warn; a later one stops.",
    remedy: "Bring containerd 2 from a repository of its own, and write `containerd: {major: 2}`.",
    source: "Kubernetes documentation, Container Runtimes; containerd, RELEASES.md",
    failing: Example::three_masters(
        "
        profiles:
          worker:
            os: debian-13              # <- OS-032
        ",
    ),
    passing: Example::three_masters(
        "profiles: {master: {os: debian-13}, worker: {os: debian-13}}\ncontainerd: {major: 2}",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let is_rendered =
        |os| lint.topology.is_kubeadm() && lint.facts.platform(os).is_some_and(|platform| platform.supported);
    for system in systems(lint).into_iter().filter(|system| is_rendered(system.os)) {
        if lint.topology.nodes[system.nodes[0]].containerd == 1 {
            findings.at(system.place, format!("{} has containerd 1: {}", system.os, lint.some_names(&system.nodes)));
        }
    }
}

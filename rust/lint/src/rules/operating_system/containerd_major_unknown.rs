use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-018",
    name: "containerd-major-unknown",
    severity: Severity::Error,
    reason: "Version 1 and 2 read different files. One that gets the file of the other starts without an error, with \
             its own defaults: another cgroup driver than the kubelet's, and pods that die under load.",
    remedy: "Leave `major` out, or write 1 or 2: the one that is installed.",
    source: "containerd documentation, config.toml versions; executed with containerd 1.6.20 and 2.2.0",
    failing: Example::three_masters(
        "
        containerd:
          major: 3                     # <- OS-018
        ",
    ),
    passing: Example::three_masters("containerd: {major: 2}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let containerd = &lint.topology.pillar.containerd;
    if let Some(major) = containerd.major.filter(|major| !(1..=2).contains(major) && lint.topology.is_kubeadm()) {
        findings.at(at!(containerd, major), format!("containerd {major} is not known; 1 and 2 are"));
    }
}

use super::systems;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-001",
    name: "system-end-of-life",
    severity: Severity::Error,
    reason: "Nobody mends the kernel, the C library and OpenSSL of this release any more, and its package \
             repositories move away: a lost node cannot be installed anew as the others are.",
    remedy: "Reinstall the nodes one after another with a maintained release.",
    source: "endoflife.date, CentOS Stream, Debian; kept in the version facts",
    failing: Example::three_masters(
        "
        cluster: {distribution: microk8s}
        profiles:
          worker:
            os: centos-stream-8        # <- OS-001
        ",
    ),
    passing: Example::three_masters("profiles: {worker: {os: rocky-9}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for system in systems(lint) {
        let ended = lint.facts.platform(system.os).filter(|platform| platform.end_of_life < lint.today);
        // That kubeadm cannot run there at all is another finding.
        let Some(platform) = ended.filter(|platform| platform.supported || !lint.topology.is_kubeadm()) else {
            continue;
        };
        let message = format!(
            "{} of {} is without support since {}",
            system.os,
            lint.some_names(&system.nodes),
            platform.end_of_life
        );
        findings.at(system.place, message).dated();
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-012",
    name: "selinux-disabled",
    severity: Severity::Warn,
    reason: "Files that are written while it is off have no label. Turning it on again later means to relabel every \
             host, and until then a process that breaks out of its container meets nothing.",
    remedy: "Write `selinux: enforcing`; `permissive` reports what would be denied and denies nothing.",
    source: "Red Hat Enterprise Linux documentation, Using SELinux, Changing SELinux states and modes",
    failing: Example::three_masters(
        "
        security:
          selinux: disabled            # <- OS-012
        ",
    ),
    passing: Example::three_masters("security: {selinux: permissive}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let security = &lint.topology.security;
    let hosts = lint.topology.nodes.iter().filter(|node| node.os.is_enterprise_linux()).count();
    if security.selinux == SelinuxMode::Disabled && hosts > 0 {
        findings.at(at!(security, selinux), format!("SELinux is off on {hosts} hosts"));
    }
}

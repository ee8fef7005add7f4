use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "SEC-018",
    name: "proxmox-root-account",
    severity: Severity::Warn,
    reason: "Whoever gets the token of root gets every virtual machine, host and backup of the hypervisors, far beyond this \
             cluster.",
    remedy: "Make a user of its own, such as `salt@pve`, with a token that has separate privileges and a role for the pool \
             of this cluster.",
    source: "Proxmox VE administration guide, user management, API tokens",
    failing: Example::proxmox(
        "
        proxmox:
          connection:
            user: root@pam             # <- SEC-018
        ",
    ),
    passing: Example::proxmox("proxmox: {connection: {user: salt@pve}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(connection) = lint.topology.proxmox.as_ref().map(|proxmox| &proxmox.connection) else { return };
    if let Some(user) = connection.user.as_deref().filter(|user| user.starts_with("root@")) {
        findings.at(at!(connection, user), format!("{user} may do everything on all hypervisors"));
    }
}

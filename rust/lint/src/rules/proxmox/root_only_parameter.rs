use super::{version, written};
use crate::prelude::*;
use topology::pve::Parameters;

const ROOT: &str = "root@pam";

pub(super) static RULE: Rule = Rule {
    code: "PVE-036",
    name: "root-only-parameter",
    severity: Severity::Error,
    reason: "Some parameters may be set by root@pam with a password alone. No API token can, not even one of root, whatever its \
             privileges: the whole call is refused.",
    remedy: "Leave the parameter out, or set it by hand on the hypervisor.",
    source: "Proxmox VE, permission check of the virtual machine's configuration: \"only root can set\"",
    failing: Example::proxmox("nodes: {w1: {vm: {raw: {hookscript: 'local:snippets/hook.pl'}}}}   # <- PVE-036"),
    passing: Example::proxmox("nodes: {w1: {vm: {raw: {watchdog: 'model=i6300esb,action=reset'}}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Ok(parameters) = Parameters::built_in() else { return };
    let connection = lint.topology.proxmox.as_ref().map(|proxmox| &proxmox.connection);
    let with_token = connection.is_some_and(|connection| connection.token.is_some());
    let user = connection.and_then(|connection| connection.user.as_deref());
    if !with_token && user.is_none_or(|user| user == ROOT) {
        return;
    }
    let who = if with_token { "an API token" } else { user.unwrap_or_default() };
    for (whose, vm, shared) in written(lint) {
        for key in vm
            .raw
            .keys()
            .filter(|key| !vm.leaves_out(key) && !shared.is_some_and(|shared| shared.raw.contains_key(*key)))
        {
            if parameters.find(version(lint), key).is_ok_and(|parameter| parameter.root_only) {
                findings.at(at!(vm, raw), format!("{whose}: `{key}` can be set by {ROOT} alone, not by {who}"));
            }
        }
    }
}

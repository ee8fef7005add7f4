use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-030",
    name: "one-proxmox-url",
    severity: Severity::Warn,
    reason: "A machine is made anew when its hypervisor was lost. If that is the only hypervisor whose API is known, nothing \
             can be repaired until it is back.",
    remedy: "Write the URLs of at least two hypervisors under `proxmox.connection.urls`.",
    source: "Proxmox VE Administration Guide, chapter Cluster Manager: every node of a cluster answers for all of them",
    failing: Example::proxmox(
        r#"
        proxmox:
          connection:
            urls: ["https://pve1.lan:8006"]   # <- PVE-030
        "#,
    ),
    passing: Example::proxmox(r#"proxmox: {connection: {urls: ["https://pve1.lan:8006", "https://pve3.lan:8006"]}}"#),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(proxmox) = &lint.topology.proxmox else { return };
    let mut urls = proxmox.connection.urls.clone();
    urls.dedup();
    if let [only] = urls.as_slice() {
        let message = format!("{only} is the only way to the API of Proxmox");
        findings.at(at!(proxmox.connection, urls), message).severity(lint.redundancy(Severity::Warn));
    }
}

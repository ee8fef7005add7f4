use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-040",
    name: "proxmox-without-authority",
    severity: Severity::Info,
    reason: "A machine that has moved goes down with another hypervisor than the pillar says. Where the machines run is asked \
             only of a Proxmox VE whose certificate can be checked; of another one the pillar is taken at its word.",
    remedy: "Write the certificate of the authority that signs for the hypervisors, `/etc/pve/pve-root-ca.pem` on each of \
             them, as `proxmox.connection.ca`.",
    source: "Proxmox VE Administration Guide, chapter Certificate Management: a cluster has an authority of its own",
    failing: Example::proxmox(
        "
        proxmox:
          connection:
            token: sdb://keys/proxmox   # <- PVE-040
            ca: null
        ",
    ),
    passing: Example::proxmox(
        "
        proxmox:
          connection:
            token: sdb://keys/proxmox
            ca: |
              -----BEGIN CERTIFICATE-----
              MIIBoDCCAUegAwIBAgIUYA6KhAuJmBQoxTlVjp3CYwiF9JowCgYIKoZIzj0EAwIw
              -----END CERTIFICATE-----
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(proxmox) = &lint.topology.proxmox else { return };
    let connection = &proxmox.connection;
    if connection.token.is_some() && !connection.urls.is_empty() && connection.ca.is_none() {
        let message = "nobody asks this Proxmox VE where the machines run: its certificate cannot be checked";
        findings.at(at!(proxmox.connection, token), message);
    }
}

use crate::prelude::*;
use std::collections::HashSet;
use topology::pillar::VirtualMachine;
use topology::values::Secret;

pub(super) static RULE: Rule = Rule {
    code: "SEC-001",
    name: "literal-secret",
    severity: Severity::Error,
    reason: "Every member of the cluster gets the pillar, and so do the job cache, the event bus and whoever reads the \
             repository. A secret that stands in it is known to all of them.",
    remedy: "Write a reference that only the master resolves: `sdb://profile/key`, `vault://path/key`, \
             `file:///path/on/the/master`, or a PGP message. Then change the secret itself.",
    source: "Salt, pillar, storing sensitive data; Salt, SDB",
    failing: Example::proxmox(
        "
        images: {registry_password: letmein}                       # <- SEC-001
        security:
          encryption_at_rest: {encryption_key: letmein}            # <- SEC-001
          authorities: {kubernetes: {key: letmein}}                # <- SEC-001
        load_balancer: {keepalived: {auth_pass: letmein}}          # <- SEC-001
        kubeadm:
          api_server:
            extra_envs:
              - {name: PROXY_PASSWORD, value: letmein}             # <- SEC-001
        proxmox:
          connection: {token: letmein}                             # <- SEC-001
          vm:
            cloud_init: {password: letmein}                        # <- SEC-001
            raw: {cipassword: letmein}                             # <- SEC-001
        dr:
          destinations: {s3: {secret_key: letmein}}                # <- SEC-001
        ",
    ),
    passing: Example::proxmox(
        r#"
        images: {registry_password: "sdb://keys/registry"}
        security: {encryption_at_rest: {encryption_key: "vault://keys/etcd"}}
        proxmox: {vm: {cloud_init: {password: "file:///srv/keys/cloud-init"}}}
        "#,
    ),
    check,
};

/// A secret that may be there, where it stands, and what it is.
type Found<'a> = (Option<&'a Secret>, Place, &'static str);

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (secret, place, what) in typed(lint.topology).into_iter().chain(of_machines(lint.topology)) {
        if secret.is_some_and(Secret::is_literal) {
            findings.at(place, format!("{what} stands in the pillar itself"));
        }
    }
    for (name, place) in named(lint.topology) {
        findings.at(place, format!("the value of `{name}` is a secret and stands in the pillar itself"));
    }
}

fn typed(topology: &Topology) -> Vec<Found<'_>> {
    let (keepalived, images) = (&topology.load_balancer.keepalived, &topology.images);
    let mut found = vec![
        (keepalived.auth_pass.as_ref(), at!(keepalived, auth_pass), "the password of VRRP"),
        (images.registry_password.as_ref(), at!(images, registry_password), "the password of the registry"),
    ];
    if let Some(encryption) = &topology.security.encryption_at_rest {
        let place = at!(encryption, encryption_key);
        found.push((encryption.encryption_key.as_ref(), place, "the key that encrypts Secrets in etcd"));
    }
    for (_, authority) in topology.security.authorities.all() {
        found.push((authority.key.as_ref(), at!(authority, key), "the key of a certificate authority"));
    }
    if let Some(proxmox) = &topology.proxmox {
        let connection = &proxmox.connection;
        found.push((connection.token.as_ref(), at!(connection, token), "the API token of Proxmox VE"));
    }
    for destination in topology.pillar.dr.iter().flat_map(|dr| dr.destinations.values()) {
        found.push((destination.secret_key.as_ref(), at!(destination, secret_key), "the key of a backup account"));
    }
    found
}

/// Virtual machines: what all have in common, then each; a section that several share is looked at once.
fn machines(topology: &Topology) -> impl Iterator<Item = &VirtualMachine> {
    let common = topology.proxmox.iter().map(|proxmox| &proxmox.vm);
    common.chain(topology.nodes.iter().filter_map(|node| node.vm.as_ref()))
}

fn of_machines(topology: &Topology) -> Vec<Found<'_>> {
    let mut seen = HashSet::new();
    let sections = machines(topology).filter_map(|machine| machine.cloud_init.as_ref());
    let own = sections.filter(|section| seen.insert(section.origin.0));
    own.map(|section| (section.password.as_ref(), at!(section, password), "the password of cloud-init's user"))
        .collect()
}

/// Values without a type whose name says that they are secret.
fn named(topology: &Topology) -> Vec<(&str, Place)> {
    let is_literal = |text: &str| text.parse::<Secret>().is_ok_and(|secret| secret.is_literal());
    let kubeadm = &topology.kubeadm;
    let mut found = Vec::new();
    for component in [&kubeadm.api_server, &kubeadm.controller_manager, &kubeadm.scheduler] {
        for (index, variable) in component.extra_envs.iter().enumerate() {
            if tree::is_secret_key(&variable.name) && is_literal(&variable.value) {
                found.push((variable.name.as_str(), at!(component, extra_envs[index])));
            }
        }
    }
    let mut seen = HashSet::new();
    for machine in machines(topology) {
        for (key, value) in &machine.raw {
            let is_secret = tree::is_secret_key(key) && value.as_str().is_none_or(is_literal);
            // What all machines have in common stands under each of them again.
            if is_secret && seen.insert((key, value.to_string())) {
                found.push((key.as_str(), at!(machine, raw)));
            }
        }
    }
    found
}

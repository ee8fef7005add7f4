use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "SEC-027",
    name: "encryption-without-key",
    severity: Severity::Error,
    reason: "All API servers must have the same key, or one cannot read what another wrote. Nothing makes one up: a key that \
             is lost takes every Secret with it, so it must be kept where the pillar says.",
    remedy: "Write where the key is kept: `encryption_key: \"sdb://…\"`, `vault://…` or `file:///…`.",
    source: "Kubernetes, encrypting confidential data at rest",
    failing: Example::three_masters(
        "
        security:
          encryption_at_rest:
            provider: secretbox
            encryption_key:            # <- SEC-027
        ",
    ),
    passing: Example::three_masters(r#"security: {encryption_at_rest: {encryption_key: "sdb://keys/etcd"}}"#),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(encryption) = &lint.topology.security.encryption_at_rest else { return };
    if encryption.encryption_key.is_none() {
        findings.at(at!(encryption, encryption_key), "Secrets are to be encrypted in etcd, and there is no key");
    }
}

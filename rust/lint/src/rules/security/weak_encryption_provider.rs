use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "SEC-028",
    name: "weak-encryption-provider",
    severity: Severity::Warn,
    reason: "aescbc is open to padding oracles. aesgcm picks a random nonce for each write, so its key must be replaced \
             after some 200,000 of them, and nothing does that here.",
    remedy: "Leave `provider` out: it is secretbox. Data that exists is written anew by \
             `kubectl get secrets -A -o json | kubectl replace -f -` once both keys are known.",
    source: "Kubernetes, encrypting confidential data at rest, providers",
    failing: Example::three_masters(
        r#"
        security:
          encryption_at_rest:
            provider: aescbc           # <- SEC-028
            encryption_key: "sdb://keys/etcd"
        "#,
    ),
    passing: Example::three_masters(
        r#"security: {encryption_at_rest: {provider: secretbox, encryption_key: "sdb://keys/etcd"}}"#,
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(encryption) = &lint.topology.security.encryption_at_rest else { return };
    let weakness = match encryption.provider {
        EncryptionProvider::Secretbox => return,
        EncryptionProvider::Aescbc => "aescbc is open to padding oracles",
        EncryptionProvider::Aesgcm => "the key of aesgcm must be replaced after some 200,000 writes",
    };
    findings.at(at!(encryption, provider), weakness);
}

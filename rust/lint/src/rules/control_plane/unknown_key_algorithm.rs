use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-037",
    name: "unknown-key-algorithm",
    severity: Severity::Error,
    reason: "kubeadm makes keys of five kinds and stops at any other name.",
    remedy: "Write RSA-2048, RSA-3072, RSA-4096, ECDSA-P256 or ECDSA-P384.",
    source: "kubeadm v1beta4, encryptionAlgorithm",
    failing: Example::three_masters(
        "
        kubeadm:
          encryption_algorithm: ED25519    # <- CP-037
        ",
    ),
    passing: Example::three_masters("kubeadm: {encryption_algorithm: ECDSA-P256}"),
    check,
};

const KNOWN: [&str; 5] = ["RSA-2048", "RSA-3072", "RSA-4096", "ECDSA-P256", "ECDSA-P384"];

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let algorithm = kubeadm.encryption_algorithm.as_str();
    if !KNOWN.contains(&algorithm) {
        findings.at(at!(kubeadm, encryption_algorithm), format!("kubeadm makes no keys of the kind `{algorithm}`"));
    }
}

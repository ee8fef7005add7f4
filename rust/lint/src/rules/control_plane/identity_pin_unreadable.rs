use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-042",
    name: "identity-pin-unreadable",
    severity: Severity::Error,
    reason: "A pinned identity is compared with the one of the running cluster, and everything is refused when they differ. \
             A pin of another form never equals any identity.",
    remedy: "Write the UID as `kubectl get namespace kube-system` prints it, and the fingerprint as kubeadm does: `sha256:` \
             and 64 lower-case hexadecimal digits.",
    source: "RFC 9562 section 4; kubeadm join, discovery-token-ca-cert-hash",
    failing: Example::three_masters(
        r#"
        cluster:
          identity:
            ca_fingerprint: "AB:CD:EF"    # <- CP-042
        "#,
    ),
    passing: Example::three_masters("cluster: {identity: {kube_system_uid: 5c9f9e0e-51f3-4a1c-9f3b-3f4f6c9f0a11}}"),
    check,
};

fn is_hexadecimal(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn is_uid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 5 && parts.iter().zip([8, 4, 4, 4, 12]).all(|(part, length)| is_hexadecimal(part, length))
}

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let identity = &lint.topology.cluster.identity;
    if let Some(uid) = identity.kube_system_uid.as_deref().filter(|uid| !is_uid(uid)) {
        findings.at(at!(identity, kube_system_uid), format!("`{uid}` is no UID of a namespace"));
    }
    let is_fingerprint = |text: &str| text.strip_prefix("sha256:").is_some_and(|digits| is_hexadecimal(digits, 64));
    if let Some(text) = identity.ca_fingerprint.as_deref().filter(|text| !is_fingerprint(text)) {
        findings.at(at!(identity, ca_fingerprint), format!("`{text}` is no fingerprint of a CA"));
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "SEC-011",
    name: "tls-version-too-low",
    severity: Severity::Warn,
    reason: "TLS 1.0 and 1.1 are withdrawn, and nothing that speaks with a cluster of today needs them. A name that \
             Kubernetes does not know stops its components.",
    remedy: "Write VersionTLS12 or VersionTLS13.",
    source: "RFC 8996; kube-apiserver, tls-min-version; CIS Kubernetes Benchmark 1.2.29",
    failing: Example::three_masters(
        "
        security:
          tls_min_version: VersionTLS10    # <- SEC-011
        ",
    ),
    passing: Example::three_masters("security: {tls_min_version: VersionTLS13}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let security = &lint.topology.security;
    let (version, place) = (security.tls_min_version.as_str(), at!(security, tls_min_version));
    match version {
        "VersionTLS12" | "VersionTLS13" => {}
        "VersionTLS10" | "VersionTLS11" => {
            findings.at(place, format!("clients may still use {version}"));
        }
        _ => {
            let message = format!("Kubernetes knows no TLS version `{version}`; its components do not start");
            findings.at(place, message).severity(Severity::Error);
        }
    }
}

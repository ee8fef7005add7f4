use crate::prelude::*;
use crate::rules::control_plane::{argument, kubeadm};

pub(super) static RULE: Rule = Rule {
    code: "SEC-006",
    name: "anonymous-requests-misjudged",
    severity: Severity::Error,
    reason: "Health checks of HAProxy and the kubelet ask without credentials. Anonymous requests must reach the health \
             endpoints, or every backend is taken out at once, and they should reach nothing else.",
    remedy: "Remove the argument, and leave `security.anonymous_auth` at false: the health endpoints stay open, and nothing \
             else does.",
    source: "Kubernetes, authenticating, anonymous authenticator configuration; kube-apiserver, anonymous-auth",
    failing: Example::three_masters(
        r#"
        kubeadm:
          api_server:
            extra_args:
              - {name: anonymous-auth, value: "false"}    # <- SEC-006
        "#,
    ),
    passing: Example::three_masters("security: {anonymous_auth: false}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let (Some(kubeadm), security) = (kubeadm(lint), &lint.topology.security) else { return };
    let open = "anonymous requests reach more than the health endpoints";
    match argument(&kubeadm.api_server, "anonymous-auth") {
        Some(("false", place)) => {
            findings.at(place, "every health check of the API servers is answered with 401");
        }
        Some((_, place)) => {
            findings.at(place, open).severity(Severity::Warn);
        }
        None if security.anonymous_auth => {
            findings.at(at!(security, anonymous_auth), open).severity(Severity::Warn);
        }
        None => {}
    }
}

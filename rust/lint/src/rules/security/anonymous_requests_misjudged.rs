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
    if security.anonymous_auth {
        let place = at!(security, anonymous_auth);
        findings.at(place, "anonymous requests reach more than the health endpoints").severity(Severity::Warn);
    }
    let Some((value, place)) = argument(&kubeadm.api_server, "anonymous-auth") else { return };
    if !security.anonymous_auth {
        let message = "kube-apiserver does not start: `anonymous-auth` and its authentication file exclude each other";
        findings.at(place, message);
    } else if value == "false" {
        findings.at(place, "every health check of the API servers is answered with 401").see(
            at!(security, anonymous_auth),
            "contradicts this",
        );
    }
}

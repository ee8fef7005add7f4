use crate::prelude::*;
use crate::rules::control_plane::{argument, kubeadm};

pub(super) static RULE: Rule = Rule {
    code: "SEC-005",
    name: "authorization-weakened",
    severity: Severity::Error,
    reason: "Node limits each kubelet to the objects of its own pods, and RBAC limits everybody else. Without them a single \
             worker, or any client at all, may read every Secret.",
    remedy: "Remove the argument: kubeadm writes Node,RBAC.",
    source: "CIS Kubernetes Benchmark 1.2.6 to 1.2.8",
    failing: Example::three_masters(
        "
        kubeadm:
          api_server:
            extra_args:
              - {name: authorization-mode, value: AlwaysAllow}    # <- SEC-005
        ",
    ),
    passing: Example::three_masters(
        r#"kubeadm: {api_server: {extra_args: [{name: authorization-mode, value: "Node,RBAC,Webhook"}]}}"#,
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = kubeadm(lint) else { return };
    let Some((value, place)) = argument(&kubeadm.api_server, "authorization-mode") else { return };
    let modes: Vec<&str> = value.split(',').map(str::trim).collect();
    if modes.contains(&"AlwaysAllow") {
        findings.at(place, format!("with `{value}` every client may do everything"));
    } else if let Some(missing) = ["Node", "RBAC"].into_iter().find(|mode| !modes.contains(mode)) {
        findings.at(place, format!("`{value}` lacks {missing}"));
    }
}

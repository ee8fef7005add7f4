use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-025",
    name: "endpoint-reconciler-off",
    severity: Severity::Error,
    reason: "Pods reach the API through the service `kubernetes`, whose endpoints the API servers keep by leases. Without \
             leases a dead API server stays among them, and a part of all pods' requests fails.",
    remedy: "Remove the argument: `lease` is the default.",
    source: "kube-apiserver, endpoint-reconciler-type",
    failing: Example::three_masters(
        "
        kubeadm:
          api_server:
            extra_args:
              - {name: endpoint-reconciler-type, value: none}    # <- CP-025
        ",
    ),
    passing: Example::three_masters(
        "kubeadm: {api_server: {extra_args: [{name: endpoint-reconciler-type, value: lease}]}}",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    if let Some((value, place)) = super::argument(&kubeadm.api_server, "endpoint-reconciler-type")
        && value != "lease"
    {
        findings.at(place, format!("with `{value}` a dead API server stays in the service `kubernetes`"));
    }
}

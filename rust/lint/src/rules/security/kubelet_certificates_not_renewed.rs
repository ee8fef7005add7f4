use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "SEC-010",
    name: "kubelet-certificates-not-renewed",
    severity: Severity::Warn,
    reason: "A kubelet whose client certificate expires is a lost node. A serving certificate that the cluster signs waits \
             for somebody's approval; while nobody approves, logs, exec and metrics of the node fail.",
    remedy: "Leave `rotateCertificates` on; with `server_tls_bootstrap`, declare the program that approves under `apps` with \
             type `kubelet-csr-approver`.",
    source: "Kubernetes, certificate management with kubeadm, signed kubelet serving certificates; CIS 4.2.10",
    failing: Example::three_masters(
        "
        kubeadm:
          kubelet:
            server_tls_bootstrap: true    # <- SEC-010
        ",
    ),
    passing: Example::three_masters(
        "
        kubeadm: {kubelet: {server_tls_bootstrap: true}}
        apps: {approver: {type: kubelet-csr-approver, replicas: 2}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    if !lint.topology.is_kubeadm() {
        return;
    }
    let mut apps = lint.topology.pillar.apps.iter().flat_map(|apps| apps.values());
    let is_approved = apps.any(|app| app.r#type.as_deref().is_some_and(|kind| kind.contains("approver")));
    for kubelet in lint.kubelets().iter().map(|shared| shared.settings) {
        if kubelet.server_tls_bootstrap && !is_approved {
            let message = "kubelets ask for serving certificates, and nothing is declared that approves them";
            findings.at(at!(kubelet, server_tls_bootstrap), message);
        }
        if kubelet.extra_config.get("rotateCertificates").is_some_and(|flag| *flag == false) {
            findings.at(at!(kubelet, extra_config), "the kubelet's client certificate expires (`rotateCertificates`)");
        }
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-021",
    name: "kube-proxy-ipvs",
    severity: Severity::Warn,
    reason: "The mode is deprecated since Kubernetes 1.35 and will be removed: the upgrade that drops it takes the \
             services of every node with it.",
    remedy: "Write `kube_proxy_mode: nftables`, or `iptables`.",
    source: "Kubernetes enhancement 5495, Deprecate ipvs mode in kube-proxy",
    failing: Example::three_masters(
        "
        kubeadm:
          kube_proxy_mode: ipvs        # <- NET-021
        ",
    ),
    passing: Example::three_masters("kubeadm: {kube_proxy_mode: iptables}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let kubeadm = &lint.topology.kubeadm;
    if kubeadm.kube_proxy_mode == KubeProxyMode::Ipvs {
        findings
            .at(at!(kubeadm, kube_proxy_mode), "kube-proxy works through IPVS, which Kubernetes is about to remove");
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-033",
    name: "kube-proxy-not-replaced",
    severity: Severity::Error,
    reason: "Addresses of services are served by kube-proxy, or by a plugin that can replace it: Cilium, or Calico \
             with eBPF. With neither no pod reaches the API or DNS.",
    remedy: "Write `kube_proxy_mode: nftables`, or declare `network: {cni: {type: cilium, kube_proxy_replacement: \
             true}}`.",
    source: "Cilium documentation, Kubernetes Without kube-proxy; Calico documentation, Enable the eBPF data plane",
    failing: Example::three_masters(
        "
        kubeadm:
          kube_proxy_mode: disabled              # <- NET-033
        ",
    ),
    passing: Example::three_masters(
        "
        kubeadm: {kube_proxy_mode: disabled}
        network: {cni: {type: cilium, kube_proxy_replacement: true}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let kubeadm = &lint.topology.kubeadm;
    match &lint.topology.network.cni {
        None if kubeadm.kube_proxy_mode == KubeProxyMode::Disabled => {
            findings.at(
                at!(kubeadm, kube_proxy_mode),
                "kube-proxy is disabled, and no network plugin is declared that replaces it",
            );
        }
        Some(cni) if cni.kube_proxy_replacement && matches!(cni.r#type, CniType::Flannel | CniType::Bridge) => {
            findings
                .at(at!(cni, kube_proxy_replacement), "this network plugin cannot replace kube-proxy")
                .see(at!(cni, r#type), "the plugin");
        }
        _ => {}
    }
}

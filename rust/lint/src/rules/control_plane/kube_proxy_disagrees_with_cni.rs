use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-030",
    name: "kube-proxy-disagrees-with-cni",
    severity: Severity::Error,
    reason: "Either kube-proxy or the network plugin turns the address of a service into that of a pod. With both of them, \
             rules of one hide those of the other; with neither, no service can be reached, DNS among them.",
    remedy: "Write `kubeadm: {kube_proxy_mode: disabled}` exactly where `network.cni.kube_proxy_replacement` is true.",
    source: "Cilium, Kubernetes without kube-proxy; kubeadm v1beta4, proxy.disabled",
    failing: Example::three_masters(
        "
        network:
          cni:
            type: cilium
            kube_proxy_replacement: true    # <- CP-030
        ",
    ),
    passing: Example::three_masters(
        "
        network: {cni: {type: cilium, kube_proxy_replacement: true}}
        kubeadm: {kube_proxy_mode: disabled}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    // NET-033 speaks where no plugin is declared, and of one that cannot replace kube-proxy.
    let can_replace = |kind| matches!(kind, CniType::Calico | CniType::Cilium);
    let plugin = lint.topology.network.cni.as_ref();
    let Some(cni) = plugin.filter(|cni| !cni.kube_proxy_replacement || can_replace(cni.r#type)) else { return };
    let is_skipped = kubeadm.skip_phases.iter().any(|phase| matches!(phase.as_str(), "addon" | "addon/kube-proxy"));
    let runs = kubeadm.kube_proxy_mode != KubeProxyMode::Disabled && !is_skipped;
    let message = match (cni.kube_proxy_replacement, runs) {
        (true, true) => "the network plugin replaces kube-proxy, and kube-proxy is installed, too",
        (false, false) => "the network plugin does not replace kube-proxy, and kube-proxy is not installed",
        _ => return,
    };
    findings.at(at!(cni, kube_proxy_replacement), message).see(at!(kubeadm, kube_proxy_mode), "kube-proxy");
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-029",
    name: "node-grace-period-too-short",
    severity: Severity::Warn,
    reason: "A node that is silent for the grace period counts as dead, and its pods are evicted. When that is only a few \
             reports of its kubelet, one lost packet too many evicts healthy pods.",
    remedy: "Keep four reports within `node-monitor-grace-period` (50s by default): lower \
             `kubeadm.kubelet.node_status_update_frequency`, or raise the grace period.",
    source: "kube-controller-manager, node-monitor-grace-period; kubelet, nodeStatusUpdateFrequency",
    failing: Example::three_masters(
        "
        kubeadm:
          kubelet:
            node_status_update_frequency: 20s    # <- CP-029
        ",
    ),
    passing: Example::three_masters("kubeadm: {kubelet: {node_status_update_frequency: 10s}}"),
    check,
};

const REPORTS: u64 = 4;

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let written = super::argument(&kubeadm.controller_manager, "node-monitor-grace-period");
    let grace = written.as_ref().map_or(Some(Duration::seconds(50)), |(text, _)| text.parse().ok());
    let Some(grace) = grace else { return };
    for kubelet in lint.kubelets().iter().map(|shared| shared.settings) {
        let frequency = kubelet.node_status_update_frequency;
        if grace.as_millis() >= frequency.as_millis().saturating_mul(REPORTS) {
            continue;
        }
        let message = format!("a node counts as dead after {grace}, its kubelet reports each {frequency}");
        let kubelet = at!(kubelet, node_status_update_frequency);
        match &written {
            Some((_, place)) => findings.at(place.clone(), message).see(kubelet, "the kubelet's reports"),
            None => findings.at(kubelet, message),
        };
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-028",
    name: "workloads-moved-too-late",
    severity: Severity::Error,
    reason: "Pods of a dead node are replaced only after the node was found dead and their toleration has run out. The \
             declared recovery time is over by then, before the first of them has started elsewhere.",
    remedy: "Lower `default-unreachable-toleration-seconds` of kube-apiserver (300 by default), or raise \
             `targets.recovery_time`.",
    source: "kube-controller-manager, node-monitor-grace-period; kube-apiserver, default-unreachable-toleration-seconds",
    failing: Example::three_masters(
        "
        targets:
          recovery_time: 2m            # <- CP-028
        ",
    ),
    passing: Example::three_masters(
        r#"
        targets: {recovery_time: 2m}
        kubeadm: {api_server: {extra_args: [{name: default-unreachable-toleration-seconds, value: "30"}]}}
        "#,
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let grace = kubeadm.controller_manager.argument("node-monitor-grace-period");
    let toleration = kubeadm.api_server.argument("default-unreachable-toleration-seconds");
    let grace = grace.map_or(Some(Duration::seconds(50)), |text| text.parse().ok());
    let toleration = toleration.map_or(Some(300), |text| text.parse().ok()).map(Duration::seconds);
    let (Some(grace), Some(toleration), targets) = (grace, toleration, &lint.topology.targets) else { return };
    let moved = Duration(grace.0.saturating_add(toleration.0));
    if moved >= targets.recovery_time {
        let message = format!(
            "pods of a dead node are replaced after {moved} ({grace} until it is found, {toleration} of toleration), \
             the target is {}",
            targets.recovery_time,
        );
        findings.at(at!(targets, recovery_time), message);
    }
}

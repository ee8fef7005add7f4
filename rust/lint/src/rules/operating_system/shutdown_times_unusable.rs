use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-020",
    name: "shutdown-times-unusable",
    severity: Severity::Error,
    reason: "When a host shuts down, pods get the first part of the time and critical pods the rest. The kubelet \
             does not start with a rest longer than the whole; with none, pods are killed and volumes stay attached.",
    remedy: "Write `shutdown_grace_period` longer than `shutdown_grace_period_critical_pods`, both at least 1s.",
    source: "Kubernetes documentation, Node Shutdowns; kubelet, validation of KubeletConfiguration",
    failing: Example::three_masters(
        "
        kubeadm:
          kubelet:
            shutdown_grace_period: 30s
            shutdown_grace_period_critical_pods: 60s           # <- OS-020
        ",
    ),
    passing: Example::three_masters(
        "kubeadm: {kubelet: {shutdown_grace_period: 2m, shutdown_grace_period_critical_pods: 30s}}",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let second = Duration::seconds(1);
    for kubelet in lint.kubelets() {
        let settings = kubelet.settings;
        let (whole, critical) = (settings.shutdown_grace_period, settings.shutdown_grace_period_critical_pods);
        let names = lint.some_names(&kubelet.nodes);
        if whole.0.is_zero() {
            findings
                .at(
                    at!(settings, shutdown_grace_period),
                    format!("pods on {names} get no time when the host shuts down"),
                )
                .severity(Severity::Warn);
        } else if whole < second {
            findings.at(
                at!(settings, shutdown_grace_period),
                format!("{whole} on {names}, the kubelet asks for 1s at least"),
            );
        }
        let place = at!(settings, shutdown_grace_period_critical_pods);
        if critical > whole {
            findings
                .at(place, format!("critical pods on {names} get {critical} of {whole}"))
                .see(at!(settings, shutdown_grace_period), "the whole time");
        } else if critical < second && !whole.0.is_zero() {
            let severity = if critical.0.is_zero() { Severity::Warn } else { Severity::Error };
            findings.at(place, format!("critical pods on {names} get {critical}")).severity(severity);
        } else if critical == whole && !whole.0.is_zero() {
            findings
                .at(place, format!("critical pods on {names} get all of the {whole}, other pods nothing"))
                .severity(Severity::Warn);
        }
    }
}

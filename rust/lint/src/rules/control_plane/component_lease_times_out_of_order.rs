use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-012",
    name: "component-lease-times-out-of-order",
    severity: Severity::Error,
    reason: "The component checks these times and exits: a lease must outlast the time in which its holder tries to renew \
             it, and that must leave room for more than one try.",
    remedy: "Keep lease duration > renew deadline > 1.2 retry periods, as in 15s, 10s, 2s, which are the defaults.",
    source: "client-go, tools/leaderelection, NewLeaderElector",
    failing: Example::three_masters(
        "
        kubeadm:
          scheduler:
            extra_args:                # <- CP-012
              - {name: leader-elect-lease-duration, value: 8s}
        ",
    ),
    passing: Example::three_masters(
        "
        kubeadm:
          scheduler:
            extra_args:
              - {name: leader-elect-lease-duration, value: 8s}
              - {name: leader-elect-renew-deadline, value: 5s}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let components = [("kube-controller-manager", &kubeadm.controller_manager), ("kube-scheduler", &kubeadm.scheduler)];
    for (name, component) in components {
        let time = |argument: &str, default| {
            let written = component.argument(argument);
            written.map_or(Some(Duration::seconds(default)), |text| text.parse::<Duration>().ok())
        };
        let times = time("leader-elect-lease-duration", 15)
            .zip(time("leader-elect-renew-deadline", 10))
            .zip(time("leader-elect-retry-period", 2));
        let Some(((lease, renew), retry)) = times else { continue };
        if lease <= renew || renew.as_millis() * 5 <= retry.as_millis() * 6 {
            let message =
                format!("{name} does not start with lease {lease}, renew deadline {renew}, retry period {retry}");
            findings.at(at!(component, extra_args), message);
        }
    }
}

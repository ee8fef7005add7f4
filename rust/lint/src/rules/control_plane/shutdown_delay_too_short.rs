use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-024",
    name: "shutdown-delay-too-short",
    severity: Severity::Warn,
    reason: "For this time a stopping API server answers requests while its readiness already fails, so that the balancer \
             leaves it in peace. When it is over before the balancer has noticed, clients see errors at each restart.",
    remedy: "Remove the argument: the delay is derived from the balancer's checks, with five seconds more.",
    source: "kube-apiserver, shutdown-delay-duration",
    failing: Example::three_masters(
        "
        kubeadm:
          api_server:
            extra_args:
              - {name: shutdown-delay-duration, value: 2s}    # <- CP-024
        ",
    ),
    passing: Example::three_masters(
        "kubeadm: {api_server: {extra_args: [{name: shutdown-delay-duration, value: 15s}]}}",
    ),
    check,
};

const MARGIN: Duration = Duration::seconds(5);

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let Some((value, place)) = super::argument(&kubeadm.api_server, "shutdown-delay-duration") else { return };
    let (Ok(delay), Some(removed)) = (value.parse::<Duration>(), lint.timing().backend_removed()) else { return };
    if delay.0 < removed.0.saturating_add(MARGIN.0) {
        let message = format!("a delay of {delay} is too short: HAProxy leaves the API server only after {removed}");
        let check = &lint.topology.load_balancer.haproxy.check;
        findings.at(place, message).see(at!(check, interval), "HAProxy's check");
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-024",
    name: "shutdown-delay-out-of-range",
    severity: Severity::Warn,
    reason: "For this time a stopping API server answers requests while its readiness already fails, so that the balancer \
             leaves it in peace. Shorter than the balancer's check, clients see errors; above 20s the kubelet kills it, \
             30s after the stop, in the middle of its work.",
    remedy: "Write the balancer's detection time and five seconds, at most 20s; for more, set \
             `terminationGracePeriodSeconds` in a patch `kube-apiserver`.",
    source: "kube-apiserver, shutdown-delay-duration; Kubernetes, pod lifecycle, terminationGracePeriodSeconds",
    failing: Example::three_masters(
        "
        kubeadm:
          api_server:
            extra_args:
              - {name: shutdown-delay-duration, value: 60s}    # <- CP-024
        ",
    ),
    passing: Example::three_masters(
        "kubeadm: {api_server: {extra_args: [{name: shutdown-delay-duration, value: 15s}]}}",
    ),
    check,
};

/// The kubelet's 30 seconds, less ten for requests that are still open.
const LONGEST: Duration = Duration::seconds(20);
const MARGIN: Duration = Duration::seconds(5);

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let Some((value, place)) = super::argument(&kubeadm.api_server, "shutdown-delay-duration") else { return };
    let Ok(delay) = value.parse::<Duration>() else { return };
    let sets_grace = |(name, patch): (&String, _)| {
        name.starts_with("kube-apiserver") && format!("{patch}").contains("terminationGracePeriodSeconds")
    };
    if delay > LONGEST && !kubeadm.patches.iter().any(sets_grace) {
        findings.at(place, format!("the kubelet kills the API server 30s after the stop, a delay of {delay} leaves it no time"));
    } else if let Some(removed) = lint.timing().backend_removed().filter(|removed| delay.0 < removed.0 + MARGIN.0) {
        let check = &lint.topology.load_balancer.haproxy.check;
        findings
            .at(place, format!("a delay of {delay} is too short: HAProxy leaves the API server only after {removed}"))
            .see(at!(check, interval), "HAProxy's check");
    }
}

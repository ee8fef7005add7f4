use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-055",
    name: "failover-slower-than-target",
    severity: Severity::Error,
    reason: "After the loss of the host or the process that serves the API, clients have none until every clock has \
             run out: missed advertisements, failed checks, leases. The target that the pillar declares is missed.",
    remedy: "Shorten the advertisements or the checks, or raise `targets.api_failover`.",
    source: "RFC 9568 section 6.1; HAProxy configuration manual, `inter` and `fall`; keepalived.conf(5), \
             `vrrp_script`",
    failing: Example::three_masters(
        "
        targets: {api_failover: 5s}
        load_balancer:
          keepalived:
            advert_int: 2s             # <- LB-055
        ",
    ),
    passing: Example::three_masters("load_balancer: {keepalived: {advert_int: 1s}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let target = lint.topology.targets.api_failover;
    let balancer = &lint.topology.load_balancer;
    let timing = lint.timing();
    let promised = balancer.external.failover.filter(|_| balancer.r#type == LoadBalancerType::External);
    let clocks = [
        (timing.address_takeover(), "the address of a lost host moves", at!(balancer.keepalived, advert_int)),
        (
            timing.hung_balancer(),
            "the address leaves a host whose HAProxy hangs",
            at!(balancer.keepalived.check, interval),
        ),
        (timing.backend_removed(), "HAProxy leaves a lost API server", at!(balancer.haproxy.check, interval)),
        (timing.lease_takeover(), "kube-vip's lease is taken over", at!(balancer.kube_vip, lease_duration)),
        (promised, "the external balancer fails over", at!(balancer.external, failover)),
    ];
    for (worst, what, place) in clocks {
        if let Some(worst) = worst.filter(|worst| *worst > target) {
            findings
                .at(place, format!("{what} only after {worst} at worst, the target is {target}"))
                .see(at!(lint.topology.targets, api_failover), "the target");
        }
    }
}

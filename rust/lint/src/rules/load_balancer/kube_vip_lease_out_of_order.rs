use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-040",
    name: "kube-vip-lease-out-of-order",
    severity: Severity::Error,
    reason: "The holder must be able to try again before its deadline, and must give up before the lease runs out; \
             otherwise two hosts hold the address. kube-vip reads whole seconds and stops at once when the order is \
             wrong.",
    remedy: "Write `lease_duration` > `renew_deadline` > 1.2 x `retry_period`, such as 5s, 3s and 1s.",
    source: "kube-vip documentation, flags; client-go, leaderelection.NewLeaderElector",
    failing: Example::on(
        Base::KubeVip,
        "
        load_balancer:
          kube_vip:
            lease_duration: 5s
            renew_deadline: 6s         # <- LB-040
        ",
    ),
    passing: Example::on(
        Base::KubeVip,
        "load_balancer: {kube_vip: {lease_duration: 6s, renew_deadline: 4s, retry_period: 2s}}",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let balancer = &lint.topology.load_balancer;
    if balancer.r#type != LoadBalancerType::KubeVip {
        return;
    }
    let lease = &balancer.kube_vip;
    let (duration, deadline, retry) = (lease.lease_duration, lease.renew_deadline, lease.retry_period);
    let times = [
        (duration, at!(lease, lease_duration)),
        (deadline, at!(lease, renew_deadline)),
        (retry, at!(lease, retry_period)),
    ];
    for (time, place) in times {
        if time.as_millis() == 0 || !time.as_millis().is_multiple_of(1000) {
            findings.at(place, format!("{time} is not a number of whole seconds"));
        }
    }
    if deadline >= duration {
        let message = format!("the holder tries to renew for {deadline}, its lease holds for {duration}");
        findings.at(at!(lease, renew_deadline), message).see(at!(lease, lease_duration), "the lease");
    }
    if u128::from(deadline.as_millis()) * 5 <= u128::from(retry.as_millis()) * 6 {
        let message = format!("the holder tries every {retry}, and for {deadline} only");
        findings.at(at!(lease, retry_period), message).see(at!(lease, renew_deadline), "the deadline");
    }
}

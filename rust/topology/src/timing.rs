//! How long a failover takes at worst, from the same settings that the rendered files print.

use crate::model::{LoadBalancer, Topology};
use crate::pillar::LoadBalancerType;
use crate::values::Duration;
use std::time;

/// Worst-case times of the address and the API, computed from a topology.
#[derive(Clone, Copy, Debug)]
pub struct Timing<'t> {
    topology: &'t Topology,
}

impl<'t> Timing<'t> {
    /// Timing of a topology.
    #[must_use]
    pub fn of(topology: &'t Topology) -> Self {
        Self { topology }
    }

    /// The balancer, where this program sets it up.
    fn balancer(self) -> Option<&'t LoadBalancer> {
        self.topology.is_kubeadm().then_some(&self.topology.load_balancer)
    }

    /// Until a backup takes the address of a holder that fell silent: VRRP's `Active_Down_Interval` of the backup with the
    /// lowest priority, 3 x advertisement + (256 - priority) x advertisement / 256.
    ///
    /// Source: RFC 9568 section 6.1. `None` where no address is moved by VRRP.
    #[must_use]
    pub fn address_takeover(self) -> Option<Duration> {
        let balancer = self.balancer()?;
        let keepalived = balancer.keepalived()?;
        Some(Duration(keepalived.advert_int.0 * 3 + self.skew()?))
    }

    /// Until a backup takes the address that its holder gave up: VRRP's `Skew_Time` of the backup with the lowest priority.
    fn skew(self) -> Option<time::Duration> {
        let balancer = self.balancer()?;
        let keepalived = balancer.keepalived()?;
        let last = balancer.nodes.len().checked_sub(1)?;
        let below = u32::try_from(256 - balancer.priority(last).clamp(1, 254)).unwrap_or(256);
        Some(keepalived.advert_int.0 * below / 256)
    }

    /// Until the address leaves a host whose HAProxy, or way to the API, no longer answers: the last good check may be one
    /// interval old, then `fall` checks fail, the last of them after its timeout, and a backup takes over after its skew.
    /// `None` where no address is moved by VRRP, or where the failing check cannot move it: a lowered priority takes nothing
    /// from a holder that is not preempted.
    #[must_use]
    pub fn hung_balancer(self) -> Option<Duration> {
        let keepalived = self.balancer()?.keepalived()?;
        let check = &keepalived.check;
        if check.weight != 0 && keepalived.nopreempt {
            return None;
        }
        Some(Duration(check.interval.0 * check.fall + check.timeout.0 + self.skew()?))
    }

    /// Until HAProxy sends nothing more to an API server that no longer answers: `fall` checks fail, each of them `interval`
    /// after the end of the one before. A check without connection ends after the shorter of `timeout connect` and the
    /// interval, one without answer after `timeout check`.
    ///
    /// Source: measured with HAProxy 2.6: 3.9 s with the default settings, for which this gives 4 s.
    #[must_use]
    pub fn backend_removed(self) -> Option<Duration> {
        let haproxy = self.balancer()?.haproxy()?;
        let check = &haproxy.check;
        let longest = haproxy.timeouts.connect.0.min(check.interval.0).max(check.timeout.0);
        Some(Duration((check.interval.0 + longest) * check.fall))
    }

    /// Until kube-vip's address is served by another host: the lease must run out, and the others look once per retry period.
    #[must_use]
    pub fn lease_takeover(self) -> Option<Duration> {
        let balancer = self.balancer()?;
        let lease = &balancer.kube_vip;
        (balancer.r#type == LoadBalancerType::KubeVip).then(|| Duration(lease.lease_duration.0 + lease.retry_period.0))
    }

    /// The longest time for which clients may have no API after the loss of one host or one process. Several clocks run at
    /// the same time after a loss, so it is the longest of them. `None` when somebody else's balancer promises nothing.
    #[must_use]
    pub fn api_failover(self) -> Option<Duration> {
        let balancer = self.balancer()?;
        let promised = balancer.external.failover.filter(|_| balancer.r#type == LoadBalancerType::External);
        let clocks =
            [self.address_takeover(), self.hung_balancer(), self.backend_removed(), self.lease_takeover(), promised];
        clocks.into_iter().flatten().max()
    }
}

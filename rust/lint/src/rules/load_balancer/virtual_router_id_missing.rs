use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-056",
    name: "virtual-router-id-missing",
    severity: Severity::Error,
    reason: "keepalived does not start an instance without an id. None is derived: it must be one that no other \
             group of hosts on that network uses.",
    remedy: "Write an id from 1 to 255 that is free on that network; the one of examples, 51, is often taken.",
    source: "keepalived.conf(5), `virtual_router_id`",
    failing: Example::three_masters(
        "
        vips:
          api:
            virtual_router_id: null    # <- LB-056
        ",
    ),
    passing: Example::on(Base::KubeVip, ""),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let uses_vrrp = lint.topology.load_balancer.keepalived().is_some();
    if let Some(vip) = lint.topology.api_vip().filter(|vip| uses_vrrp && vip.virtual_router_id.is_none()) {
        findings.at(at!(vip, virtual_router_id), format!("vip `{}` has no virtual router id", vip.name));
    }
}

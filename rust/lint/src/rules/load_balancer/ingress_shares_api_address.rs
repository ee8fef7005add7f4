use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-050",
    name: "ingress-shares-api-address",
    severity: Severity::Warn,
    reason: "One address has one holder and one check. A broken reverse proxy then keeps serving, or takes the API \
             along when it moves.",
    remedy: "Declare a further address under `vips` with its own `virtual_router_id`, and name that one.",
    source: "engineering judgement: services that fail apart move apart",
    failing: Example::three_masters(
        "
        reverse_proxy:
          type: nginx
          nodes: [w1, w2]
          vip: api                     # <- LB-050
        ",
    ),
    passing: Example::three_masters(
        "
        vips: {ingress: {address: 10.0.10.6, virtual_router_id: 62}}
        reverse_proxy: {type: nginx, nodes: [w1, w2], vip: ingress}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let (Some(proxy), Some(vip)) = (&lint.topology.pillar.reverse_proxy, lint.topology.api_vip()) else { return };
    if proxy.vip.as_ref() == Some(&vip.name) {
        let message = format!("the reverse proxy is served at {}, the address of the API", vip.address);
        findings.at(at!(proxy, vip), message).see(at!(vip, address), "the address of the API");
    }
}

use crate::prelude::*;
use std::collections::HashMap;
use topology::Vip;

pub(super) static RULE: Rule = Rule {
    code: "LB-009",
    name: "virtual-router-id-taken",
    severity: Severity::Error,
    reason: "Two groups of hosts with one id on one network take each other for members: the address goes to whoever \
             has the highest priority, or is held twice.",
    remedy: "Choose an id that is free on that network; write those that others use under \
             `reserved_virtual_router_ids`.",
    source: "RFC 9568 section 5.2.3; keepalived.conf(5), `virtual_router_id`",
    failing: Example::three_masters(
        "
        networks: {lan: {reserved_virtual_router_ids: [51, 61]}}
        vips:
          api:
            virtual_router_id: 61      # <- LB-009
        ",
    ),
    passing: Example::three_masters(
        "
        networks: {lan: {reserved_virtual_router_ids: [51]}}
        vips: {ingress: {address: 10.0.10.6, virtual_router_id: 62}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<(usize, bool, u16), &Vip> = HashMap::new();
    for vip in &lint.topology.vips {
        let (Some(home), Some(id)) = (vip.network, vip.virtual_router_id) else { continue };
        let network = &lint.topology.networks[home];
        let reserved = network.spec.reserved_virtual_router_ids.iter().position(|taken| u16::from(*taken) == id);
        if let Some(item) = reserved {
            let message = format!("vip `{}` has id {id}, which others use on network `{}`", vip.name, network.name);
            findings
                .at(at!(vip, virtual_router_id), message)
                .see(at!(network.spec, reserved_virtual_router_ids[item]), "used by others");
        }
        // Each family has its own group of hosts.
        let other = *first.entry((home, vip.address.is_ipv4(), id)).or_insert(vip);
        if other.name != vip.name {
            let message =
                format!("vips `{}` and `{}` both have id {id} on network `{}`", other.name, vip.name, network.name);
            findings.at(at!(vip, virtual_router_id), message).see(at!(other, virtual_router_id), "the other one");
        }
    }
}

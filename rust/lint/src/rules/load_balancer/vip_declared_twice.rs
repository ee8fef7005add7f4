use crate::prelude::*;
use std::collections::HashMap;
use topology::Vip;

pub(super) static RULE: Rule = Rule {
    code: "LB-053",
    name: "vip-declared-twice",
    severity: Severity::Error,
    reason: "Two groups of hosts then hold the same address independently of each other, on two hosts at once. \
             `keepalived -t` says nothing about it.",
    remedy: "Give each of them an address of its own, or remove one.",
    source: "executed with keepalived 2.2.7",
    failing: Example::three_masters(
        "
        vips:
          ingress:
            address: 10.0.10.5         # <- LB-053
            virtual_router_id: 62
        ",
    ),
    passing: Example::three_masters("vips: {ingress: {address: 10.0.10.6, virtual_router_id: 62}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<std::net::IpAddr, &Vip> = HashMap::new();
    for vip in &lint.topology.vips {
        let other = *first.entry(vip.address).or_insert(vip);
        if other.name != vip.name {
            findings
                .at(at!(vip, address), format!("vips `{}` and `{}` are both {}", other.name, vip.name, vip.address))
                .see(at!(other, address), "the other one");
        }
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-008",
    name: "virtual-router-id-out-of-range",
    severity: Severity::Error,
    reason: "The id is one byte of each advertisement. keepalived refuses the instance, and the address is held by \
             nobody.",
    remedy: "Choose an id from 1 to 255 that nobody else uses on that network.",
    source: "RFC 9568 section 5.2.3; keepalived.conf(5), `virtual_router_id`",
    failing: Example::three_masters(
        "
        vips:
          api:
            virtual_router_id: 300     # <- LB-008
        ",
    ),
    passing: Example::three_masters("vips: {api: {virtual_router_id: 255}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for vip in &lint.topology.vips {
        if let Some(id) = vip.virtual_router_id.filter(|id| !(1..=255).contains(id)) {
            findings.at(
                at!(vip, virtual_router_id),
                format!("vip `{}` has the virtual router id {id}, not 1 to 255", vip.name),
            );
        }
    }
}

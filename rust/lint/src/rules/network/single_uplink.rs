use crate::prelude::*;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    code: "NET-026",
    name: "single-uplink",
    severity: Severity::Warn,
    reason: "Services are promised to the outside, and one provider's fault cuts a site off from there, whatever \
             survives inside.",
    remedy: "Name two providers under `uplinks` of the site, or write `targets: {external: false}`.",
    source: "engineering judgement: one link is a single point of failure",
    failing: Example::three_masters(
        "
        targets: {external: true}
        networks: {lan: {gateway_redundant: true}}
        sites:
          vienna:
            uplinks: [provider-a, provider-a]    # <- NET-026
        ",
    ),
    passing: Example::three_masters(
        "
        targets: {external: true}
        networks: {lan: {gateway_redundant: true}}
        sites: {vienna: {uplinks: [provider-a, provider-b]}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let (targets, sites) = (&lint.topology.targets, &lint.topology.pillar.sites);
    if !targets.external {
        return;
    }
    if sites.is_empty() {
        findings
            .at(at!(targets, external), "services are promised to the outside, and no site names its uplinks")
            .severity(lint.redundancy(Severity::Warn));
    }
    for (name, site) in sites {
        let providers: BTreeSet<&str> = site.uplinks.iter().map(String::as_str).collect();
        if providers.len() < 2 {
            let message = match providers.first() {
                Some(only) => format!("site `{name}` has uplinks of `{only}` alone"),
                None => format!("site `{name}` names no uplinks"),
            };
            findings
                .at(at!(site, uplinks), message)
                .see(at!(targets, external), "services are promised to the outside")
                .severity(lint.redundancy(Severity::Warn));
        }
    }
}

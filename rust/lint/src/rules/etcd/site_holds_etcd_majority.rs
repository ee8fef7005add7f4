use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-007",
    name: "site-holds-etcd-majority",
    severity: Severity::Warn,
    reason: "Of two sites one always holds a majority or neither does: members at a second site survive no loss of the \
             first, and pay for the way between them with every write. Three sites are the fewest that help.",
    remedy: "Spread the members over three sites, or keep them at one and restore elsewhere from backups.",
    source: "etcd FAQ, failure tolerance; etcd, hardware recommendations",
    failing: Example::three_masters(
        "
        nodes:
          cp1: {site: a}               # <- ETCD-007
          cp2: {site: a}               # <- ETCD-007
          cp3: {site: b}
        ",
    ),
    passing: Example::three_masters("nodes: {cp1: {site: a}, cp2: {site: b}, cp3: {site: c}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let members = &lint.topology.etcd.members;
    // ETCD-005 speaks where the loss of a site must be survived.
    if members.len() < 3 || lint.survive(Kind::Site) > 0 {
        return;
    }
    let Some(breaking) = lint.takes_nodes(Kind::Site, 1, lint.tolerated_members() + 1, members) else { return };
    let lost = lint.lost_among(&breaking, members);
    if lost.len() == members.len() {
        return;
    }
    for index in &lost {
        let node = &lint.topology.nodes[*index];
        let message = format!(
            "{} of {} members of etcd are at site `{}`, `{}` among them: without this site the others stop, too",
            lost.len(),
            members.len(),
            lint.failed(&breaking),
            node.name,
        );
        findings.at(lint.standing_place(node, Kind::Site), message);
    }
}

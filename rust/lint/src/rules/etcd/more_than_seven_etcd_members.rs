use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-003",
    name: "more-than-seven-etcd-members",
    severity: Severity::Warn,
    reason: "The leader sends each write to every member and waits for a majority, so each further member costs time on \
             every write. Five survive two losses, seven survive three.",
    remedy: "Keep five or seven members. More API servers need no more members: use nodes of role `etcd`.",
    source: "etcd FAQ, maximum cluster size",
    failing: Example::three_masters(
        "
        nodes:
          cp4: {profile: master, ip: 10.0.10.14}
          cp5: {profile: master, ip: 10.0.10.15}
          cp6: {profile: master, ip: 10.0.10.16}
          cp7: {profile: master, ip: 10.0.10.17}
          cp8: {profile: master, ip: 10.0.10.18}    # <- ETCD-003
          cp9: {profile: master, ip: 10.0.10.19}    # <- ETCD-003
        ",
    ),
    passing: Example::three_masters(""),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let members = &lint.topology.etcd.members;
    for index in members.iter().skip(7) {
        let node = &lint.topology.nodes[*index];
        let message = format!(
            "`{}` is one of {} members of etcd; more than seven slow each write down",
            node.name,
            members.len()
        );
        findings.at(at!(node), message);
    }
}

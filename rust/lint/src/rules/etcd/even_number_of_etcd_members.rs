use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-002",
    name: "even-number-of-etcd-members",
    severity: Severity::Warn,
    reason: "A majority of four members is three, so four survive one loss, as three do. The further member is only one \
             more that can fail, and one more that each write may have to wait for.",
    remedy: "Add a member or remove one.",
    source: "etcd FAQ, why an odd number of cluster members",
    failing: Example::on(
        Base::Nothing,
        r#"
        cluster: {name: prod1, control_plane_endpoint: "api.prod1.lan:8443"}
        vips: {api: {address: 10.0.10.5, virtual_router_id: 61}}
        nodes:                         # <- ETCD-002
          cp1: {roles: [control_plane], ip: 10.0.10.11}
          cp2: {roles: [control_plane], ip: 10.0.10.12}
          cp3: {roles: [control_plane], ip: 10.0.10.13}
          cp4: {roles: [control_plane], ip: 10.0.10.14}
        "#,
    ),
    passing: Example::three_masters(""),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let members = &lint.topology.etcd.members;
    if members.len() >= 4 && members.len().is_multiple_of(2) {
        let (count, survived) = (members.len(), lint.tolerated_members());
        let message = format!("etcd has {count} members and survives the loss of {survived}, as {} would", count - 1);
        findings.at(at!(lint.topology.pillar, nodes), message);
    }
}

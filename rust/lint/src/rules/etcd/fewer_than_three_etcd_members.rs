use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-001",
    name: "fewer-than-three-etcd-members",
    severity: Severity::Error,
    reason: "etcd serves while a majority of its members lives. Of one or two members none may be lost; two are worse than \
             one, because the loss of either stops both.",
    remedy: "Declare three members: control-plane nodes where etcd is stacked, nodes of role `etcd` where it is external. \
             For a cluster whose outage does not hurt, write `cluster: {environment: test}`.",
    source: "etcd FAQ, failure tolerance; Kubernetes, operating etcd clusters",
    failing: Example::on(
        Base::Nothing,
        r#"
        cluster: {name: prod1, control_plane_endpoint: "api.prod1.lan:8443"}
        vips: {api: {address: 10.0.10.5, virtual_router_id: 61}}
        nodes:                         # <- ETCD-001
          cp1: {roles: [control_plane], ip: 10.0.10.11}
          w1: {roles: [worker], ip: 10.0.10.21}
        "#,
    ),
    passing: Example::three_masters(""),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let members = &lint.topology.etcd.members;
    if members.is_empty() || members.len() >= 3 {
        return;
    }
    let message = match members.len() {
        1 => format!("etcd has one member, {}: its loss stops the cluster", lint.names(members)),
        _ => format!("etcd has two members, {}: the loss of either stops the cluster", lint.names(members)),
    };
    findings.at(at!(lint.topology.pillar, nodes), message).severity(lint.redundancy(RULE.severity));
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-001",
    name: "fewer-than-two-api-servers",
    severity: Severity::Error,
    reason: "Nothing is scheduled, repaired or looked up without an API server. With one of them, each reboot of its node \
             is an outage.",
    remedy: "Give role `control_plane` to two nodes with an external etcd, to three with a stacked one.",
    source: "Kubernetes, options for highly available topology",
    failing: Example::on(
        Base::Nothing,
        r#"
        cluster: {name: prod1, control_plane_endpoint: "api.prod1.lan:8443"}
        vips: {api: {address: 10.0.10.5, virtual_router_id: 61}}
        etcd: {topology: external}
        nodes:                         # <- CP-001
          cp1: {roles: [control_plane], ip: 10.0.10.11}
          etcd1: {roles: [etcd], ip: 10.0.10.31}
          etcd2: {roles: [etcd], ip: 10.0.10.32}
          etcd3: {roles: [etcd], ip: 10.0.10.33}
        "#,
    ),
    passing: Example::on(Base::ExternalEtcd, ""),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    if !lint.topology.is_kubeadm() {
        return;
    }
    let servers = lint.topology.control_plane();
    let place = at!(lint.topology.pillar, nodes);
    if servers.is_empty() {
        findings.at(place, "no node has role `control_plane`");
    } else if servers.len() == 1 && lint.topology.etcd.is_external() {
        let message = format!("{} is the only API server", lint.names(&servers));
        findings.at(place, message).severity(lint.redundancy(RULE.severity));
    }
}

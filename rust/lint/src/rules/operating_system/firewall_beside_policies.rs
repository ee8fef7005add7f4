use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-013",
    name: "firewall-beside-policies",
    severity: Severity::Warn,
    reason: "Calico and Cilium write rules for pods into the same kernel tables as firewalld, and firewalld drops \
             what they let through: pods on different hosts do not reach each other, now or after its next reload.",
    remedy: "Write `manage: {firewall: false}` and protect the hosts with policies of the plugin, or use Debian \
             hosts, whose firewall is a table of its own.",
    source: "Calico documentation, System requirements; Cilium documentation, System requirements",
    failing: Example::three_masters(
        "
        manage:
          firewall: true               # <- OS-013
        network: {cni: {type: calico}}
        ",
    ),
    passing: Example::three_masters(
        "
        manage: {firewall: true}
        network: {cni: {type: flannel}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let manage = &lint.topology.manage;
    let Some(cni) = &lint.topology.network.cni else { return };
    let has_policies = matches!(cni.r#type, CniType::Calico | CniType::Cilium);
    let firewalld = lint.topology.nodes.iter().filter(|node| node.os.is_enterprise_linux()).count();
    if manage.firewall == Managed::Yes && has_policies && firewalld > 0 {
        let message = format!("firewalld on {firewalld} hosts, beside a network plugin with rules of its own");
        findings.at(at!(manage, firewall), message).see(at!(cni, r#type), "the plugin");
    }
}

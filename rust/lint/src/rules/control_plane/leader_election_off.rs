use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-011",
    name: "leader-election-off",
    severity: Severity::Error,
    reason: "Each control-plane node runs this component, and the election lets one of them act. Without it all of them \
             write to the same objects at once.",
    remedy: "Remove the argument: leader election is on by default.",
    source: "kube-controller-manager and kube-scheduler, leader-elect",
    failing: Example::three_masters(
        r#"
        kubeadm:
          controller_manager:
            extra_args:
              - {name: leader-elect, value: "false"}    # <- CP-011
        "#,
    ),
    passing: Example::three_masters(
        r#"kubeadm: {controller_manager: {extra_args: [{name: leader-elect, value: "true"}]}}"#,
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let components = [("kube-controller-manager", &kubeadm.controller_manager), ("kube-scheduler", &kubeadm.scheduler)];
    for (name, component) in components {
        if let Some((_, place)) = super::argument(component, "leader-elect").filter(|(value, _)| *value == "false") {
            let count = lint.topology.control_plane().len();
            findings.at(place, format!("{name} acts on {count} nodes at once"));
        }
    }
}

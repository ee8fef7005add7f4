use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-026",
    name: "control-plane-node-too-small",
    severity: Severity::Error,
    reason: "kubeadm refuses to make a control-plane node with fewer than 2 processors or 1700 MiB of memory.",
    remedy: "Give the node 2 processors and 4 GiB at least.",
    source: "kubeadm, constants ControlPlaneNumCPU and ControlPlaneMem, preflight NumCPU and Mem",
    failing: Example::three_masters(
        "
        nodes:
          cp3:
            cpus: 1                    # <- CP-026
            memory: 1GiB               # <- CP-026
        ",
    ),
    passing: Example::three_masters("nodes: {cp3: {cpus: 2, memory: 8GiB}}"),
    check,
};

const FEWEST_CPUS: u32 = 2;
const LEAST_MEMORY: Size = Size(1700 << 20);

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let ignored = |check: &str| {
        kubeadm
            .ignore_preflight_errors
            .iter()
            .any(|name| name.eq_ignore_ascii_case(check) || name.eq_ignore_ascii_case("all"))
    };
    let severity = |check: &str| if ignored(check) { Severity::Warn } else { RULE.severity };
    for (_, node) in lint.topology.with_role(Role::ControlPlane) {
        if let Some(cpus) = node.cpus.filter(|cpus| *cpus < FEWEST_CPUS) {
            let message = format!("`{}` has {cpus} of the {FEWEST_CPUS} processors that kubeadm wants", node.name);
            findings.at(at!(node, cpus), message).severity(severity("NumCPU"));
        }
        if let Some(memory) = node.memory.filter(|memory| *memory < LEAST_MEMORY) {
            let message = format!("`{}` has {memory} of the {LEAST_MEMORY} of memory that kubeadm wants", node.name);
            findings.at(at!(node, memory), message).severity(severity("Mem"));
        }
    }
}

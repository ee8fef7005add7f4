use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-034",
    name: "removed-kubeadm-feature-gate",
    severity: Severity::Error,
    reason: "kubeadm stops with an error at a gate that its release does not know any more, at init, join and upgrade.",
    remedy: "Remove the gate: what it switched is always on, or has a field of its own.",
    source: "kubeadm, features.InitFeatureGates of each minor; Kubernetes changelogs",
    failing: Example::three_masters(
        "
        kubeadm:
          feature_gates:               # <- CP-034
            EtcdLearnerMode: true
        ",
    ),
    passing: Example::three_masters("kubeadm: {feature_gates: {RootlessControlPlane: false}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    for gate in kubeadm.feature_gates.keys().filter(|gate| lint.topology.release.removed_kubeadm_gates.contains(*gate))
    {
        let version = lint.topology.cluster.kubernetes_version;
        findings
            .at(at!(kubeadm, feature_gates), format!("kubeadm of {version} does not know the gate `{gate}` any more"));
    }
}

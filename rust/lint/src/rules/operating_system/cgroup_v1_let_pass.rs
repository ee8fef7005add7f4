use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-023",
    name: "cgroup-v1-let-pass",
    severity: Severity::Warn,
    reason: "The kubelet starts on cgroup v1 only because it was told to. A later minor has no such switch: the \
             upgrade stops every node that still needs it.",
    remedy: "Remove `failCgroupV1`, and boot the hosts with the unified cgroup hierarchy.",
    source: "Kubernetes enhancement 5573, Remove cgroup v1",
    failing: Example::three_masters(
        "
        kubeadm:
          kubelet:
            extra_config:              # <- OS-023
              failCgroupV1: false
        ",
    ),
    passing: Example::three_masters("kubeadm: {kubelet: {extra_config: {failCgroupV1: true}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for kubelet in lint.kubelets() {
        if kubelet.settings.extra_config.get("failCgroupV1") == Some(&false.into()) {
            let message = format!("the kubelet on {} accepts cgroup v1", lint.some_names(&kubelet.nodes));
            findings.at(at!(kubelet.settings, extra_config), message);
        }
    }
}

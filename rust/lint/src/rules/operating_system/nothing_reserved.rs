use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-021",
    name: "nothing-reserved",
    severity: Severity::Warn,
    reason: "What is not reserved is given to pods. On a full node, which is what a survivor of a failover is, the \
             kubelet and etcd then have no memory and no processor time left, and the next node is lost.",
    remedy: "Reserve some of both for the system and for Kubernetes, and 1GiB of memory together on the control \
             plane.",
    source: "Kubernetes documentation, Reserve Compute Resources for System Daemons",
    failing: Example::three_masters(
        "
        kubeadm:
          kubelet:
            system_reserved_memory: 0B           # <- OS-021
            kube_reserved_cpu: 0m                # <- OS-021
        ",
    ),
    passing: Example::three_masters("kubeadm: {kubelet: {system_reserved_memory: 1GiB, kube_reserved_cpu: 0.5}}"),
    check,
};

const FOR_CONTROL_PLANE: Size = Size::gib(1);

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for kubelet in lint.kubelets() {
        let settings = kubelet.settings;
        let names = lint.some_names(&kubelet.nodes);
        let cpus = [
            (settings.system_reserved_cpu, "the system", at!(settings, system_reserved_cpu)),
            (settings.kube_reserved_cpu, "Kubernetes", at!(settings, kube_reserved_cpu)),
        ];
        for (_, for_whom, place) in cpus.into_iter().filter(|(time, _, _)| time.0 == 0) {
            findings.at(place, format!("no processor time is reserved for {for_whom} on {names}"));
        }
        let (system, kube) = (settings.system_reserved_memory, settings.kube_reserved_memory);
        let memories = [
            (system, "the system", at!(settings, system_reserved_memory)),
            (kube, "Kubernetes", at!(settings, kube_reserved_memory)),
        ];
        for (_, for_whom, place) in memories.into_iter().filter(|(size, _, _)| size.0 == 0) {
            findings.at(place, format!("no memory is reserved for {for_whom} on {names}"));
        }
        let together = Size(system.0.saturating_add(kube.0));
        let has_control_plane = kubelet.nodes.iter().any(|index| lint.topology.nodes[*index].has(Role::ControlPlane));
        if has_control_plane && together < FOR_CONTROL_PLANE && system.0 > 0 && kube.0 > 0 {
            let message = format!("{together} of memory are reserved on {names}, among them the control plane");
            findings.at(at!(settings, system_reserved_memory), message);
        }
    }
}

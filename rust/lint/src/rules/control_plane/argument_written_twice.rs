use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-040",
    name: "argument-written-twice",
    severity: Severity::Warn,
    reason: "The pillar has a field for this value, and other files are made from that field, too. The argument changes one \
             component behind its back, and no rule judges it.",
    remedy: "Remove the argument, and write the field of the pillar that is named here.",
    source: "kubeadm v1beta4, ClusterConfiguration, apiServer and controllerManager extraArgs",
    failing: Example::three_masters(
        "
        kubeadm:
          controller_manager:
            extra_args:
              - {name: cluster-cidr, value: 10.200.0.0/16}    # <- CP-040
        ",
    ),
    passing: Example::three_masters("network: {pod_cidrs: [10.200.0.0/16]}"),
    check,
};

/// Argument, and the field that it contradicts.
const WRITTEN: [(&str, &str); 12] = [
    ("audit-log-maxage", "security.audit.max_age"),
    ("audit-log-maxbackup", "security.audit.max_backup"),
    ("audit-log-maxsize", "security.audit.max_size"),
    ("cluster-cidr", "network.pod_cidrs"),
    ("cluster-name", "cluster.name"),
    ("etcd-servers", "etcd"),
    ("node-cidr-mask-size", "network.node_cidr_mask_size_ipv4"),
    ("node-cidr-mask-size-ipv4", "network.node_cidr_mask_size_ipv4"),
    ("node-cidr-mask-size-ipv6", "network.node_cidr_mask_size_ipv6"),
    ("secure-port", "kubeadm.bind_port"),
    ("service-cluster-ip-range", "network.service_cidrs"),
    ("tls-min-version", "security.tls_min_version"),
];

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    for component in [&kubeadm.api_server, &kubeadm.controller_manager, &kubeadm.scheduler] {
        for (index, argument) in component.extra_args.iter().enumerate() {
            if let Some((name, field)) = WRITTEN.iter().find(|(name, _)| *name == argument.name) {
                findings.at(at!(component, extra_args[index]), format!("`{name}` comes from `{field}` of the pillar"));
            }
        }
    }
}

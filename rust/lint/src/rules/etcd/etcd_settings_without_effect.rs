use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-053",
    name: "etcd-settings-without-effect",
    severity: Severity::Warn,
    reason: "A stacked member takes arguments from kubeadm, an external one reads a configuration file, and each of them \
             ignores what is written for the other.",
    remedy: "Move the settings: `etcd.extra_args` where etcd is stacked, `etcd.extra_config` where it is external.",
    source: "kubeadm, ClusterConfiguration etcd.local and etcd.external; etcd, configuration file",
    failing: Example::three_masters(
        "
        etcd:
          extra_config:                # <- ETCD-053
            max-request-bytes: 3145728
        ",
    ),
    passing: Example::three_masters("etcd: {extra_args: [{name: max-request-bytes, value: '3145728'}]}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    let spec = &etcd.spec;
    if etcd.is_external() && !spec.extra_args.is_empty() {
        findings.at(at!(spec, extra_args), "etcd is external: its members get no arguments from kubeadm");
    }
    if !etcd.is_external() && !spec.extra_config.is_empty() {
        findings.at(at!(spec, extra_config), "etcd is stacked: its members read no configuration file");
    }
}

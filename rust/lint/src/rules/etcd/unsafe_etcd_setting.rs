use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-040",
    name: "unsafe-etcd-setting",
    severity: Severity::Error,
    reason: "The setting removes a guard of the data: a write that is acknowledged may be lost, a second cluster may begin, \
             or anybody who reaches the port may read and write everything, which is full control of the cluster.",
    remedy: "Remove the setting.",
    source: "etcd, configuration options; CIS Kubernetes Benchmark, section 2",
    failing: Example::three_masters(
        r#"
        etcd:
          extra_args:
            - {name: unsafe-no-fsync, value: "true"}    # <- ETCD-040
            - {name: pre-vote, value: "false"}          # <- ETCD-040
        "#,
    ),
    passing: Example::three_masters(r#"etcd: {extra_args: [{name: unsafe-no-fsync, value: "false"}]}"#),
    check,
};

/// Name, the value that is unsafe, and what it brings.
const UNSAFE: [(&str, bool, &str); 8] = [
    ("unsafe-no-fsync", true, "acknowledged writes are lost when the power fails"),
    ("force-new-cluster", true, "each start of the member begins a cluster of its own"),
    ("strict-reconfig-check", false, "a change of members may take the majority away"),
    ("pre-vote", false, "a member that comes back from a partition unseats the leader"),
    ("client-cert-auth", false, "every client that reaches the port reads and writes all data"),
    ("peer-client-cert-auth", false, "everybody who reaches the port can be a member"),
    ("auto-tls", true, "clients cannot tell this member from any other program"),
    ("peer-auto-tls", true, "members cannot tell each other from any other program"),
];

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for setting in super::settings(lint) {
        let Ok(value) = setting.value.parse::<bool>() else { continue };
        let unsafe_as = UNSAFE.iter().find(|(name, unsafe_value, _)| *name == setting.name && *unsafe_value == value);
        if let Some((name, _, effect)) = unsafe_as {
            findings.at(setting.place, format!("`{name}: {value}`: {effect}"));
        }
    }
}

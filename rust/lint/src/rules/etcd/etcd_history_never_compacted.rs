use crate::prelude::*;
use crate::rules::control_plane::argument;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-021",
    name: "etcd-history-never-compacted",
    severity: Severity::Error,
    reason: "etcd keeps every version of every key until somebody compacts. Here neither the API server nor etcd does, so \
             the database grows to its quota and writes stop.",
    remedy: "Remove the argument, so that the API server compacts every five minutes, or write \
             `etcd.auto_compaction_retention`.",
    source: "etcd, maintenance, history compaction; kube-apiserver, etcd-compaction-interval",
    failing: Example::three_masters(
        r#"
        kubeadm:
          api_server:
            extra_args:
              - {name: etcd-compaction-interval, value: "0"}    # <- ETCD-021
        "#,
    ),
    passing: Example::three_masters(
        r#"
        etcd: {auto_compaction_retention: 8h}
        kubeadm: {api_server: {extra_args: [{name: etcd-compaction-interval, value: "0"}]}}
        "#,
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    let Some((interval, place)) = argument(&lint.topology.kubeadm.api_server, "etcd-compaction-interval") else {
        return;
    };
    let is_off = interval.chars().all(|letter| "0hms".contains(letter));
    if is_off && etcd.spec.auto_compaction_retention.as_millis() == 0 {
        findings
            .at(place, format!("the API server does not compact (`{interval}`), and etcd itself does not either"))
            .see(at!(etcd.spec, auto_compaction_retention), "etcd's own compaction");
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-012",
    name: "common-etcd-cluster-token",
    severity: Severity::Warn,
    reason: "The ids of a cluster and its members are made from this token and their addresses. Two clusters with the same \
             token, one of which takes over addresses of the other, can take each other's members for their own.",
    remedy: "Leave the token out: it is the name of the cluster then. It has no effect on members that already exist.",
    source: "etcd, clustering guide, initial-cluster-token",
    failing: Example::three_masters(
        "
        etcd:
          initial_cluster_token: etcd-cluster    # <- ETCD-012
        ",
    ),
    passing: Example::three_masters("etcd: {initial_cluster_token: prod1-9f3c}"),
    check,
};

/// etcd's default, and one that many instructions print.
const COMMON: [&str; 3] = ["", "etcd-cluster", "k8s_etcd"];

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    let token = etcd.initial_cluster_token.as_str();
    if COMMON.contains(&token) {
        findings.at(at!(etcd.spec, initial_cluster_token), format!("other clusters have the token `{token}`, too"));
    }
}

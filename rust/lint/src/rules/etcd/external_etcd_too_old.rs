use crate::prelude::*;
use crate::quorum::etcd_release;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-050",
    name: "external-etcd-too-old",
    severity: Severity::Error,
    reason: "kubeadm asks each endpoint for its version before it does anything, and stops when that is older than what \
             the release was tested with.",
    remedy: "Leave `etcd.version` out, or write the version that is named here or a newer one.",
    source: "kubeadm, constants MinExternalEtcdVersion, preflight ExternalEtcdVersion",
    failing: Example::on(
        Base::ExternalEtcd,
        "
        etcd:
          version: 3.5.21              # <- ETCD-050
        ",
    ),
    passing: Example::on(Base::ExternalEtcd, "etcd: {version: 3.5.33}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint).filter(|etcd| etcd.is_external()) else { return };
    let minimum = &lint.topology.release.minimum_external_etcd;
    if etcd_release(&etcd.version).zip(etcd_release(minimum)).is_some_and(|(version, minimum)| version < minimum) {
        let kubernetes = lint.topology.cluster.kubernetes_version;
        let message = format!("kubeadm of {kubernetes} refuses etcd {}; it wants {minimum} or newer", etcd.version);
        findings.at(at!(etcd.spec, version), message);
    }
}

use crate::prelude::*;
use crate::quorum::etcd_release;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-036",
    name: "unmaintained-etcd-release",
    severity: Severity::Error,
    reason: "Faults of etcd are faults of the cluster's data: members that came back from the dead, watches that showed what \
             they must not. They are mended in the newest patches of maintained minors only.",
    remedy: "Leave `etcd.version` out, or write a patch at least as new as the one named here.",
    source: "etcd changelogs and security advisories",
    failing: Example::on(
        Base::ExternalEtcd,
        "
        etcd:
          version: 3.4.44              # <- ETCD-036
        ",
    ),
    passing: Example::on(Base::ExternalEtcd, "etcd: {version: 3.6.14}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint) else { return };
    // What kubeadm itself chooses for a stacked member is not the user's to mend.
    if !etcd.is_external() && etcd.version == lint.topology.release.etcd {
        return;
    }
    let (version, known, place) = (&etcd.version, &lint.facts.etcd, at!(etcd.spec, version));
    let Some([major, minor, patch]) = etcd_release(version) else {
        findings.at(place, format!("`{version}` is not a release of etcd such as {}", known.default_external));
        return;
    };
    let series = format!("{major}.{minor}");
    if !known.supported_minors.contains(&series) {
        let maintained = known.supported_minors.join(", ");
        findings.at(place, format!("etcd {series} is not maintained; maintained minors: {maintained}"));
    } else if let Some(first) = known.minimum_patches.get(&series).filter(|first| patch < **first) {
        let message = format!("etcd {version} lacks fixes that {series}.{first} has");
        findings.at(place, message).severity(Severity::Warn);
    }
}

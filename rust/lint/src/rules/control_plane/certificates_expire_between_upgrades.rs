use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-018",
    name: "certificates-expire-between-upgrades",
    severity: Severity::Error,
    reason: "kubeadm renews its certificates when it upgrades a node, and not otherwise. When the next upgrade comes after \
             they have expired, the API servers cannot reach etcd, and the kubelets cannot reach the API servers.",
    remedy: "Upgrade more often (`upgrades.max_interval`), or raise `kubeadm.certificate_validity`; leave 30 days between \
             them.",
    source: "Kubernetes, certificate management with kubeadm, automatic renewal",
    failing: Example::three_masters(
        "
        upgrades: {max_interval: 365d}
        kubeadm:
          certificate_validity: 8760h    # <- CP-018
        ",
    ),
    passing: Example::three_masters("upgrades: {max_interval: 120d}"),
    check,
};

const MARGIN: Duration = Duration::seconds(30 * 24 * 3600);

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let Some(upgrades) = &lint.topology.pillar.upgrades else { return };
    let (Some(interval), validity) = (upgrades.max_interval, kubeadm.certificate_validity) else { return };
    if validity.as_millis() < interval.as_millis().saturating_add(MARGIN.as_millis()) {
        findings
            .at(
                at!(kubeadm, certificate_validity),
                format!("certificates are valid for {validity}, upgrades may be {interval} apart"),
            )
            .see(at!(upgrades, max_interval), "the longest time between upgrades");
    }
}

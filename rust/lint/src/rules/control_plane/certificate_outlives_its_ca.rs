use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-017",
    name: "certificate-outlives-its-ca",
    severity: Severity::Error,
    reason: "A certificate is worth nothing once its CA has expired, and a new CA reaches every node, kubeconfig and \
             service account only with much work. kubeadm merely prints a warning.",
    remedy: "Write a validity of the CA of at least five years, and a shorter one for the certificates.",
    source: "kubeadm v1beta4, certificateValidityPeriod and caCertificateValidityPeriod",
    failing: Example::three_masters(
        "
        kubeadm:
          certificate_validity: 8760h
          ca_certificate_validity: 4380h    # <- CP-017
        ",
    ),
    passing: Example::three_masters("kubeadm: {certificate_validity: 8760h, ca_certificate_validity: 87600h}"),
    check,
};

const SHORTEST_CA: Duration = Duration::seconds(5 * 365 * 24 * 3600);

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let (leaf, ca) = (kubeadm.certificate_validity, kubeadm.ca_certificate_validity);
    let place = at!(kubeadm, ca_certificate_validity);
    if leaf >= ca {
        let message = format!("the CA is valid for {ca}, the certificates that it signs for {leaf}");
        findings.at(place, message).see(at!(kubeadm, certificate_validity), "the certificates");
    } else if ca < SHORTEST_CA {
        findings.at(place, format!("the CA is valid for {ca} only")).severity(Severity::Warn);
    }
}

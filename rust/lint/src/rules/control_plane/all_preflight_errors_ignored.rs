use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-038",
    name: "all-preflight-errors-ignored",
    severity: Severity::Warn,
    reason: "The preflight checks find a running kubelet, files of another cluster and a port that is taken before \
             anything is changed. With all of them ignored, kubeadm goes on over any of these.",
    remedy: "Name the checks that are known to be wrong here, such as `SystemVerification`.",
    source: "kubeadm, init phase preflight, ignorePreflightErrors",
    failing: Example::three_masters(
        "
        kubeadm:
          ignore_preflight_errors:
            - all                      # <- CP-038
        ",
    ),
    passing: Example::three_masters("kubeadm: {ignore_preflight_errors: [SystemVerification]}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let names = kubeadm.ignore_preflight_errors.iter();
    if let Some(index) = names.clone().position(|name| name.eq_ignore_ascii_case("all")) {
        findings.at(at!(kubeadm, ignore_preflight_errors[index]), "kubeadm ignores whatever its preflight checks find");
    }
}

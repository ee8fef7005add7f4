use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-023",
    name: "goaway-chance-out-of-range",
    severity: Severity::Error,
    reason: "The argument makes a few clients connect anew, so that they spread over all API servers again after one was \
             away. Outside of 0 to 0.02 the API server does not start.",
    remedy: "Write 0.001 for one request in a thousand, or remove the argument.",
    source: "kube-apiserver, goaway-chance",
    failing: Example::three_masters(
        r#"
        kubeadm:
          api_server:
            extra_args:
              - {name: goaway-chance, value: "0.1"}    # <- CP-023
        "#,
    ),
    passing: Example::three_masters(r#"kubeadm: {api_server: {extra_args: [{name: goaway-chance, value: "0.001"}]}}"#),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let Some((value, place)) = super::argument(&kubeadm.api_server, "goaway-chance") else { return };
    if !value.parse::<f64>().is_ok_and(|chance| (0.0..=0.02).contains(&chance)) {
        findings.at(place, format!("kube-apiserver does not start: `{value}` is not from 0 to 0.02"));
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "SEC-009",
    name: "kubelet-open-to-everybody",
    severity: Severity::Error,
    reason: "Whoever may ask a kubelet runs commands in all containers of its node, and reads their files. Each of these \
             settings lets everybody ask who reaches its port.",
    remedy: "Remove the setting: the kubelet asks the API server who a client is and what it may do.",
    source: "CIS Kubernetes Benchmark 4.2.1 to 4.2.3 and 4.2.4",
    failing: Example::three_masters(
        "
        kubeadm:
          kubelet:
            extra_config:              # <- SEC-009
              readOnlyPort: 10255
        ",
    ),
    passing: Example::three_masters("kubeadm: {kubelet: {extra_config: {readOnlyPort: 0}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    if !lint.topology.is_kubeadm() {
        return;
    }
    for kubelet in lint.kubelets().iter().map(|shared| shared.settings) {
        let extra = &kubelet.extra_config;
        let at = |key: &str, pointer: &str| extra.get(key).and_then(|value| value.pointer(pointer));
        let port = at("readOnlyPort", "").filter(|port| **port != 0);
        if let Some(port) = port {
            let message = format!("the kubelet answers everybody on port {port} (`readOnlyPort`)");
            findings.at(at!(kubelet, extra_config), message);
        }
        if at("authentication", "/anonymous/enabled").is_some_and(|flag| *flag == true) {
            findings.at(at!(kubelet, extra_config), "the kubelet answers clients without credentials");
        }
        if at("authorization", "/mode").is_some_and(|mode| *mode == "AlwaysAllow") {
            findings.at(at!(kubelet, extra_config), "the kubelet lets every client do everything (`AlwaysAllow`)");
        }
    }
}

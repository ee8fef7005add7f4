use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-028",
    name: "backend-not-verified",
    severity: Severity::Warn,
    reason: "HAProxy then takes in whatever answers on the address of an API server: one of another cluster, or of \
             one that was created anew on a reinstalled host. Its clients fail on the certificate, one request in so \
             many.",
    remedy: "Write `verify: required`, which checks against the cluster's CA.",
    source: "HAProxy configuration manual, `verify` and `ca-file`; executed with HAProxy 2.6.12",
    failing: Example::three_masters(
        "
        load_balancer:
          haproxy:
            check:
              verify: none             # <- LB-028
        ",
    ),
    passing: Example::three_masters("load_balancer: {haproxy: {check: {verify: required}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(haproxy) = lint.topology.load_balancer.haproxy() else { return };
    if haproxy.check.verify == HaproxyVerify::None {
        findings.at(at!(haproxy.check, verify), "HAProxy does not check that an API server is one of this cluster");
    }
}

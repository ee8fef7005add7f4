use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-057",
    name: "advertisement-interval-impossible",
    severity: Severity::Error,
    reason: "VRRP version 3 counts in hundredths of a second up to 40.95 s, version 2 (which a password asks for) in \
             seconds up to 255. keepalived rounds anything else, so the failover time is not the one that was \
             computed.",
    remedy: "Write a multiple of 10ms up to 40s950ms; whole seconds with `auth_pass`.",
    source: "RFC 9568 section 5.2.7; RFC 3768 section 5.3.7; executed with keepalived 2.2.7",
    failing: Example::three_masters(
        "
        load_balancer:
          keepalived:
            advert_int: 505ms          # <- LB-057
        ",
    ),
    passing: Example::three_masters("load_balancer: {keepalived: {advert_int: 250ms}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(keepalived) = lint.topology.load_balancer.keepalived() else { return };
    let (version, step, longest) = if keepalived.auth_pass.is_some() { (2, 1000, 255_000) } else { (3, 10, 40_950) };
    let interval = keepalived.advert_int.as_millis();
    if !interval.is_multiple_of(step) || !(step..=longest).contains(&interval) {
        let message = format!(
            "{} between two advertisements; VRRP version {version} knows {} to {} in steps of {}",
            keepalived.advert_int,
            Duration::millis(step),
            Duration::millis(longest),
            Duration::millis(step),
        );
        let finding = findings.at(at!(keepalived, advert_int), message);
        if keepalived.auth_pass.is_some() {
            finding.see(at!(keepalived, auth_pass), "a password needs version 2");
        }
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-017",
    name: "address-check-impossible",
    severity: Severity::Error,
    reason: "keepalived reads whole seconds for the interval and counts from 1, and puts its own default in the \
             place of anything else. A check that may take longer than the interval is still running when the next \
             one is due.",
    remedy: "Write an interval in whole seconds, a timeout not longer than it, and counts of at least 1.",
    source: "keepalived.conf(5), `vrrp_script`; executed with keepalived 2.2.7",
    failing: Example::three_masters(
        "
        load_balancer:
          keepalived:
            check:
              interval: 500ms          # <- LB-017
              timeout: 400ms
              fall: 0                  # <- LB-017
        ",
    ),
    passing: Example::three_masters("load_balancer: {keepalived: {check: {interval: 2s, timeout: 1s, fall: 1}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(keepalived) = lint.topology.load_balancer.keepalived() else { return };
    let check = &keepalived.check;
    if check.interval.as_millis() == 0 || !check.interval.as_millis().is_multiple_of(1000) {
        findings.at(at!(check, interval), format!("{} between two checks, not whole seconds", check.interval));
    }
    if check.timeout.as_millis() == 0 {
        findings.at(at!(check, timeout), "the check gets no time to answer");
    } else if check.timeout > check.interval {
        let message = format!("the check may take {}, the next one begins after {}", check.timeout, check.interval);
        findings.at(at!(check, timeout), message).see(at!(check, interval), "the next one");
    }
    for (count, name, place) in [(check.fall, "fall", at!(check, fall)), (check.rise, "rise", at!(check, rise))] {
        if count == 0 {
            findings.at(place, format!("`{name}` is 0: no check decides anything"));
        }
    }
    if !(-253..=253).contains(&check.weight) {
        findings.at(at!(check, weight), format!("the priority changes by {}, not -253 to 253", check.weight));
    }
}

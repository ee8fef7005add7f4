use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-058",
    name: "backend-check-impossible",
    severity: Severity::Error,
    reason: "HAProxy does not start with a check whose interval or count is zero, and waits without end where a \
             timeout is zero.",
    remedy: "Write an interval, a timeout and counts above zero.",
    source: "HAProxy configuration manual, `inter`, `fall`, `rise`, `timeout check`; executed with HAProxy 2.6.12",
    failing: Example::three_masters(
        "
        load_balancer:
          haproxy:
            check:
              interval: 0s             # <- LB-058
              fall: 0                  # <- LB-058
        ",
    ),
    passing: Example::three_masters("load_balancer: {haproxy: {check: {interval: 500ms, fall: 1}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(haproxy) = lint.topology.load_balancer.haproxy() else { return };
    let (check, timeouts) = (&haproxy.check, &haproxy.timeouts);
    let values = [
        (check.interval.as_millis(), "interval", at!(check, interval)),
        (check.timeout.as_millis(), "timeout", at!(check, timeout)),
        (check.fall.into(), "fall", at!(check, fall)),
        (check.rise.into(), "rise", at!(check, rise)),
        (timeouts.connect.as_millis(), "connect", at!(timeouts, connect)),
    ];
    for (_, name, place) in values.into_iter().filter(|(value, _, _)| *value == 0) {
        findings.at(place, format!("`{name}` of HAProxy is zero"));
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-029",
    name: "streams-cut-short",
    severity: Severity::Warn,
    reason: "Watches, `kubectl logs -f`, exec and port-forward are silent for minutes. HAProxy closes a stream that \
             is silent for longer than its timeouts, and controllers that watch start over again and again.",
    remedy: "Write at least `10m` for `client` and `server`, and at most `5s` for `connect`.",
    source: "HAProxy configuration manual, `timeout client`, `timeout server`; kubespray, haproxy.cfg.j2",
    failing: Example::three_masters(
        "
        load_balancer:
          haproxy:
            timeouts:
              client: 35s              # <- LB-029
              server: 35s              # <- LB-029
        ",
    ),
    passing: Example::three_masters("load_balancer: {haproxy: {timeouts: {client: 10m, server: 10m}}}"),
    check,
};

const SHORTEST_SILENCE: Duration = Duration::seconds(600);
const LONGEST_CONNECT: Duration = Duration::seconds(5);

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(haproxy) = lint.topology.load_balancer.haproxy() else { return };
    let timeouts = &haproxy.timeouts;
    let silences =
        [("client", timeouts.client, at!(timeouts, client)), ("server", timeouts.server, at!(timeouts, server))];
    for (side, silence, place) in silences {
        if silence < SHORTEST_SILENCE {
            findings.at(place, format!("a stream on which the {side} is silent for {silence} is cut"));
        }
    }
    if timeouts.connect > LONGEST_CONNECT {
        let message = format!("a client waits {} for a lost API server before another one is tried", timeouts.connect);
        findings.at(at!(timeouts, connect), message);
    }
}

use crate::prelude::*;
use faults::{Circle, CircleKind, start_order};

pub(super) static RULE: Rule = Rule {
    code: "PLACE-018",
    name: "waits-for-itself",
    severity: Severity::Warn,
    reason: "After a total power loss nothing is there that could help: what needs itself to start, through however many \
             others, stays away until somebody breaks the circle by hand, at the worst possible time.",
    remedy: "Give one step of the circle another way: images on every node (`images_from: nowhere`, `images.archives`), \
             a resolver outside, a registry outside. See `k8s-ha faults --about start-order`.",
    source: "engineering judgement: a cold start has no help from outside; computed by the failure model",
    failing: Example::three_masters(
        "
        manage: {hosts: false}
        apps:
          blocky:                      # <- PLACE-018
            type: blocky
            replicas: 2
            spread: required
        ",
    ),
    passing: Example::three_masters("apps: {blocky: {type: blocky, replicas: 2, spread: required}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for circle in start_order(lint.topology).circles.iter().filter(|circle| !is_about_time(circle)) {
        let (severity, when) = match circle.kind {
            CircleKind::Closed => (Severity::Warn, ""),
            CircleKind::Conditional => (Severity::Info, " where it holds: "),
            CircleKind::AnotherWay => continue,
        };
        let condition = circle.path.iter().find_map(|edge| edge.only_if).filter(|_| !when.is_empty());
        let condition = condition.map(|condition| format!("{when}{condition}")).unwrap_or_default();
        let message = format!("after a total power loss nothing of this starts{condition}: {}", around(circle));
        findings.at(place(lint, circle), message).severity(severity);
    }
}

/// Another rule speaks of hosts that ask each other for the time.
fn is_about_time(circle: &Circle) -> bool {
    circle.path.iter().any(|edge| edge.step == "time")
}

/// `registry needs registry (its images come from it)`.
fn around(circle: &Circle) -> String {
    let edge = |edge: &faults::Edge| format!("{} needs {} ({})", edge.step, edge.needs, edge.because);
    circle.path.iter().map(edge).collect::<Vec<_>>().join(", ")
}

/// Where the pillar declares the first application of the circle.
fn place(lint: &Lint<'_>, circle: &Circle) -> Place {
    let pillar = &lint.topology.pillar;
    let app = |edge: &faults::Edge| {
        let name = edge.step.strip_prefix("application ").unwrap_or(&edge.step);
        pillar.apps.as_ref().and_then(|apps| apps.get(name)).map(|app| app.origin)
    };
    circle.path.iter().find_map(app).map_or_else(|| at!(pillar, nodes), Place::section)
}

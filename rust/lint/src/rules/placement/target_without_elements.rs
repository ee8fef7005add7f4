use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PLACE-021",
    name: "target-without-elements",
    severity: Severity::Error,
    reason: "A loss can be judged only when the pillar says what stands on what. Without elements of that kind the \
             target is met on paper, whatever stands where.",
    remedy: "Declare the elements and what stands on them, or lower the target.",
    source: "engineering judgement: a target that nothing is measured against promises nothing",
    failing: Example::three_masters(
        "
        targets:
          survive:
            rack: 1                    # <- PLACE-021
        ",
    ),
    passing: Example::three_masters(
        "
        targets: {survive: {rack: 1}}
        hypervisors: {pve1: {rack: r1}, pve2: {rack: r2}, pve3: {rack: r3}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    // Every node runs programs.
    for kind in lint.topology.domains.kinds().filter(|kind| *kind != Kind::Process) {
        let lost = lint.survive(kind);
        if lost > 0 && lint.topology.domains.of_kind(kind).next().is_none() {
            let key = lint.topology.domains.key(kind);
            findings
                .at(
                    lint.survive_place(kind),
                    format!("`{key}: {lost}` must be survived, and no {} is known", lint.topology.domains.words(kind)),
                )
                .help(format!("declare what stands on what under `{}`, or write `{key}: 0`", kind.section()))
                .severity(lint.redundancy(Severity::Error));
        }
    }
}

//! Judges a pillar that was read.

use crate::findings::Findings;
use crate::lint::Lint;
use crate::losses::FailureModel;
use crate::{acknowledge, rules};
use diagnostics::{Diagnostic, Severity};
use topology::values::Date;
use topology::{Facts, Reading};

/// Structural findings, every rule, and the accepted risks; all of them, in no particular order.
#[must_use]
pub fn run(reading: &Reading, facts: &Facts, today: Date) -> Vec<Diagnostic> {
    let mut found = reading.findings.clone();
    let Some(topology) = &reading.topology else {
        let message =
            format!("{} rules were not run: they would judge defaults that nobody wrote", rules::all().count());
        let mut note = Diagnostic::new("PILLAR-008", "rules-not-run", Severity::Info, message);
        note.help = Some("mend the findings above and run again".to_owned());
        found.push(note);
        return found;
    };
    let failures = FailureModel::of(topology);
    let lint = Lint { topology, failures: &failures, facts, today };
    for rule in rules::all() {
        (rule.check)(&lint, &mut Findings::new(rule, &reading.tree, &mut found));
    }
    acknowledge::apply(&mut found, topology, &reading.tree, today);
    found
}

/// Whether a finding refuses a render or an apply: an error that nobody accepted, and that no change of the date brought about.
#[must_use]
pub fn blocks(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error && finding.acknowledged.is_none() && !finding.dated
}

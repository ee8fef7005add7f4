//! What a rule carries.

use crate::example::Example;
use crate::findings::Findings;
use crate::lint::Lint;
use diagnostics::Severity;

/// A rule: what it finds, why that matters, what to write instead, and a pillar that it refuses beside one that it accepts.
#[derive(Debug)]
pub struct Rule {
    /// Family and number, such as `ETCD-023`. Never used again for anything else.
    pub code: &'static str,
    /// What it finds, in words joined by dashes.
    pub name: &'static str,
    /// `Error`: a program will not start, data or quorum is at risk, or a declared target is missed. `Warn`: good practice.
    pub severity: Severity,
    /// Why it matters, in a sentence or two.
    pub reason: &'static str,
    /// What to write instead.
    pub remedy: &'static str,
    /// Where the requirement comes from.
    pub source: &'static str,
    /// A pillar that it refuses. A line that ends in `# <- CODE` is a line to which it must point.
    pub failing: Example,
    /// A pillar that it accepts.
    pub passing: Example,
    /// Looks, and reports.
    pub check: fn(&Lint<'_>, &mut Findings<'_>),
}

impl Rule {
    /// The family: `ETCD` of `ETCD-023`.
    #[must_use]
    pub fn family(&self) -> &'static str {
        self.code.split_once('-').map_or(self.code, |(family, _)| family)
    }
}

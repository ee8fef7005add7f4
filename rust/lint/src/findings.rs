//! Where a rule reports.

use crate::rule::Rule;
use diagnostics::{Diagnostic, Label, Severity};
use topology::relative;
use tree::{Place, Tree};

/// Makes the [`Place`] of a section or of one of its fields; a field that the section does not have does not compile.
///
/// `at!(section)`, `at!(section, field)`, `at!(section, field[index])`.
#[macro_export]
macro_rules! at {
    ($section:expr) => {{
        let section = &$section;
        tree::Place::section(section.origin)
    }};
    ($section:expr, $field:ident) => {{
        let section = &$section;
        let _ = &section.$field;
        tree::Place::field(section.origin, stringify!($field).trim_start_matches("r#"))
    }};
    ($section:expr, $field:ident[$item:expr]) => {{
        let section = &$section;
        let _ = &section.$field;
        tree::Place::item(section.origin, stringify!($field).trim_start_matches("r#"), $item)
    }};
}

/// Where a rule reports.
#[derive(Debug)]
pub struct Findings<'a> {
    rule: &'static Rule,
    tree: &'a Tree,
    found: &'a mut Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(rule: &'static Rule, tree: &'a Tree, found: &'a mut Vec<Diagnostic>) -> Self {
        Self { rule, tree, found }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a place is made where it is given")]
    /// Reports a finding: where it is, and a sentence with the values in it.
    pub fn at(&mut self, place: Place, message: impl Into<String>) -> Pending<'_> {
        let target = self.tree.locate(&place);
        let rule = self.rule;
        let mut finding = Diagnostic::new(rule.code, rule.name, rule.severity, message);
        finding.path = relative(&target.path);
        finding.span = target.span;
        finding.help = Some(rule.remedy.to_owned());
        finding.why = Some(rule.reason.to_owned());
        Pending { finding, tree: self.tree, found: self.found }
    }
}

/// A finding that can still be added to; it is reported when dropped.
#[derive(Debug)]
pub struct Pending<'a> {
    finding: Diagnostic,
    tree: &'a Tree,
    found: &'a mut Vec<Diagnostic>,
}

#[expect(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "a finding is reported when it is dropped"
)]
#[expect(clippy::needless_pass_by_value, reason = "a place is made where it is given")]
impl Pending<'_> {
    /// Names another place that belongs to the finding.
    pub fn see(mut self, place: Place, message: impl Into<String>) -> Self {
        let target = self.tree.locate(&place);
        self.finding.labels.push(Label { span: target.span, path: relative(&target.path), message: message.into() });
        self
    }

    /// Says more exactly than the rule's remedy what to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.finding.help = Some(help.into());
        self
    }

    /// Weighs this finding differently from the rule's others.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.finding.severity = severity;
        self
    }

    /// The finding depends on the date, so it never refuses an apply.
    pub fn dated(mut self) -> Self {
        self.finding.dated = true;
        self
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        let empty = Diagnostic::new("", "", Severity::Info, "");
        self.found.push(std::mem::replace(&mut self.finding, empty));
    }
}

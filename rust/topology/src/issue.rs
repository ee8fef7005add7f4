//! What is wrong with a pillar before any rule can look at it.

use diagnostics::{Diagnostic, Severity};
use tree::{Place, Problem, ProblemKind, Tree};

/// A structural finding that has a code, a name and a page of its own.
#[derive(Debug)]
pub struct StructuralCode {
    /// Code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Why it is refused.
    pub reason: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// A key that the type does not know.
pub static UNKNOWN_KEY: StructuralCode = StructuralCode {
    code: "PILLAR-001",
    name: "unknown-key",
    reason: "A misspelt key would be ignored, and its default would be used without anybody knowing.",
    remedy: "Correct the spelling or remove the key.",
};

/// A value of the wrong type or out of range.
pub static WRONG_VALUE: StructuralCode = StructuralCode {
    code: "PILLAR-002",
    name: "wrong-value",
    reason: "The value is not of the kind that this key holds, as Salt reads it.",
    remedy: "Write a value of the expected kind; quote text that YAML 1.1 reads as something else.",
};

/// A key that must be there.
pub static MISSING_KEY: StructuralCode = StructuralCode {
    code: "PILLAR-003",
    name: "missing-key",
    reason: "Nothing can be derived without it, and no default would be right.",
    remedy: "Write the key.",
};

/// A name that is declared nowhere.
pub static UNKNOWN_NAME: StructuralCode = StructuralCode {
    code: "PILLAR-004",
    name: "unknown-name",
    reason: "The name refers to something that is not declared. Once a section of failure domains exists, each use must be declared there, so that a typo does not make a new domain.",
    remedy: "Correct the name, or declare it.",
};

/// A release that is not supported.
pub static UNSUPPORTED_RELEASE: StructuralCode = StructuralCode {
    code: "PILLAR-005",
    name: "unsupported-release",
    reason: "Files for a release that nobody maintains, or that is not known yet, cannot be rendered with confidence.",
    remedy: "Choose a release of a supported minor.",
};

/// Failure domains that need each other.
pub static CIRCLE: StructuralCode = StructuralCode {
    code: "PILLAR-006",
    name: "circular-failure-domains",
    reason: "An element that needs itself can never start, and no loss of it can be computed.",
    remedy: "Remove one of the dependencies.",
};

/// Values that exclude each other.
pub static CONTRADICTION: StructuralCode = StructuralCode {
    code: "PILLAR-007",
    name: "contradiction",
    reason: "The pillar says two things that cannot both hold, so nothing can be resolved from them.",
    remedy: "Decide for one of them.",
};

/// All structural codes, by code.
pub static STRUCTURAL_CODES: [&StructuralCode; 7] =
    [&UNKNOWN_KEY, &WRONG_VALUE, &MISSING_KEY, &UNKNOWN_NAME, &UNSUPPORTED_RELEASE, &CIRCLE, &CONTRADICTION];

/// A structural finding at a place.
#[derive(Clone, Debug)]
pub(crate) struct Issue {
    pub code: &'static StructuralCode,
    pub place: Place,
    pub message: String,
    pub help: Option<String>,
}

impl Issue {
    pub fn new(code: &'static StructuralCode, place: Place, message: impl Into<String>) -> Self {
        Self { code, place, message: message.into(), help: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn into_diagnostic(self, tree: &Tree) -> Diagnostic {
        let target = tree.locate(&self.place);
        let mut diagnostic = Diagnostic::new(self.code.code, self.code.name, Severity::Error, self.message);
        diagnostic.path = relative(&target.path);
        diagnostic.span = target.span;
        diagnostic.help = self.help.or_else(|| Some(self.code.remedy.to_owned()));
        diagnostic.why = Some(self.code.reason.to_owned());
        diagnostic
    }
}

/// A problem of reading, as a finding.
pub(crate) fn from_problem(problem: Problem, tree: &Tree) -> Diagnostic {
    let code = match problem.kind {
        ProblemKind::UnknownKey => &UNKNOWN_KEY,
        ProblemKind::WrongValue => &WRONG_VALUE,
        ProblemKind::MissingKey => &MISSING_KEY,
    };
    let mut diagnostic = Diagnostic::new(code.code, code.name, Severity::Error, problem.message);
    diagnostic.path = relative(&tree.path(problem.node));
    diagnostic.span = tree.node(problem.node).span;
    diagnostic.help = problem.help.or_else(|| Some(code.remedy.to_owned()));
    diagnostic.why = Some(code.reason.to_owned());
    diagnostic
}

/// A path as it is printed: below the root key, which is the same for all.
#[must_use]
pub fn relative(path: &str) -> String {
    path.strip_prefix("k8s_ha.").unwrap_or(path).to_owned()
}

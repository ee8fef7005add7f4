//! One finding.

use std::borrow::Cow;

use tree::Span;

use crate::Severity;

/// A finding: what is wrong, where, why it matters and what to write instead. It never holds a secret's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The code of the rule, such as `ETCD-023`.
    pub code: Cow<'static, str>,
    /// The name of the rule, such as `voter-on-shared-disk`.
    pub name: Cow<'static, str>,
    /// How grave it is.
    pub severity: Severity,
    /// One sentence with the values in it.
    pub message: String,
    /// Dotted path in the pillar, such as `k8s_ha.nodes.cp1.ip`; empty where there is none.
    pub path: String,
    /// Where it was written, if the pillar came from text.
    pub span: Option<Span>,
    /// Other places that belong to the finding, in the order in which they are to be read.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
    /// Why it matters.
    pub why: Option<String>,
    /// Set when the risk is accepted: by the pillar's `acknowledge`, or by a baseline.
    pub acknowledged: Option<Acknowledged>,
    /// The finding depends on today's date, so it never refuses an apply.
    pub dated: bool,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// Where it was written, if the pillar came from text.
    pub span: Option<Span>,
    /// Dotted path in the pillar; empty where there is none.
    pub path: String,
    /// What this place has to do with the finding.
    pub message: String,
}

/// Why a finding is accepted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Acknowledged {
    /// The reason that its author gave.
    pub because: String,
    /// The day until which it holds (`2027-03-01`), if it ends.
    pub until: Option<String>,
}

impl Diagnostic {
    /// A finding without a place.
    pub fn new(
        code: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        severity: Severity,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
            severity,
            message: message.into(),
            path: String::new(),
            span: None,
            labels: Vec::new(),
            help: None,
            why: None,
            acknowledged: None,
            dated: false,
        }
    }

    /// Says where the finding is.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, span: Option<Span>) -> Self {
        self.path = path.into();
        self.span = span;
        self
    }

    /// Adds another place that belongs to the finding.
    #[must_use]
    pub fn label(mut self, path: impl Into<String>, span: Option<Span>, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, path: path.into(), message: message.into() });
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says why it matters.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Marks the finding as an accepted risk.
    #[must_use]
    pub fn acknowledge(mut self, because: impl Into<String>, until: Option<String>) -> Self {
        self.acknowledged = Some(Acknowledged { because: because.into(), until });
        self
    }

    /// Marks the finding as one that depends on today's date.
    #[must_use]
    pub fn dated(mut self) -> Self {
        self.dated = true;
        self
    }
}

//! How many findings there are.

use std::fmt;

use serde::Serialize;

use crate::{Diagnostic, Severity};

/// Counts of findings by severity. Acknowledged ones are counted apart, under no severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warn.
    pub warnings: usize,
    /// Findings of severity info.
    pub infos: usize,
    /// Accepted findings of any severity.
    pub acknowledged: usize,
}

impl Summary {
    /// Counts findings.
    #[must_use]
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut summary = Self::default();
        for diagnostic in diagnostics {
            let count = match diagnostic.severity {
                _ if diagnostic.acknowledged.is_some() => &mut summary.acknowledged,
                Severity::Error => &mut summary.errors,
                Severity::Warn => &mut summary.warnings,
                Severity::Info => &mut summary.infos,
            };
            *count += 1;
        }
        summary
    }

    /// The gravest severity among the findings that nobody has acknowledged.
    #[must_use]
    pub fn gravest(&self) -> Option<Severity> {
        [(self.errors, Severity::Error), (self.warnings, Severity::Warn), (self.infos, Severity::Info)]
            .into_iter()
            .find_map(|(count, severity)| (count > 0).then_some(severity))
    }
}

/// `2 errors, 1 warning, 3 acknowledged`; `no findings` where there are none.
impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let parts: Vec<String> = [
            (self.errors, plural(self.errors, "error")),
            (self.warnings, plural(self.warnings, "warning")),
            (self.infos, format!("{} info", self.infos)),
            (self.acknowledged, format!("{} acknowledged", self.acknowledged)),
        ]
        .into_iter()
        .filter_map(|(count, text)| (count > 0).then_some(text))
        .collect();
        formatter.write_str(if parts.is_empty() { "no findings" } else { "" })?;
        formatter.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(severity: Severity) -> Diagnostic {
        Diagnostic::new("A-001", "a", severity, "m")
    }

    #[test]
    fn acknowledged_findings_are_counted_apart() {
        let summary = Summary::of(&[
            finding(Severity::Error),
            finding(Severity::Error),
            finding(Severity::Warn),
            finding(Severity::Error).acknowledge("known", None),
        ]);
        assert_eq!(summary, Summary { errors: 2, warnings: 1, infos: 0, acknowledged: 1 });
        assert_eq!(summary.to_string(), "2 errors, 1 warning, 1 acknowledged");
        assert_eq!(summary.gravest(), Some(Severity::Error));
    }

    #[test]
    fn acknowledged_findings_alone_have_no_gravest_severity() {
        assert_eq!(Summary::of(&[finding(Severity::Error).acknowledge("known", None)]).gravest(), None);
    }

    #[test]
    fn nothing_found_is_said_in_words() {
        assert_eq!(Summary::of(&[]).to_string(), "no findings");
    }
}

//! How grave a finding is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How grave a finding is. Ordered: `Info < Warn < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Reported, nothing to mend.
    Info,
    /// Good practice, or a risk that is worth an acknowledgement.
    Warn,
    /// A program will not start, data or quorum is at risk, or a declared target is missed.
    Error,
}

impl Severity {
    /// The word of the command line and of JSON: `info`, `warn` or `error`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_graver_than_a_warning() {
        assert!(Severity::Error > Severity::Warn && Severity::Warn > Severity::Info);
    }

    #[test]
    fn the_word_is_the_same_in_json_and_in_text() {
        for severity in [Severity::Info, Severity::Warn, Severity::Error] {
            assert_eq!(serde_json::to_string(&severity).unwrap(), format!("\"{severity}\""));
        }
    }
}

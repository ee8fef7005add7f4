//! The formats in which findings are printed.

use std::fmt;
use std::str::FromStr;

use crate::render::{github, json, junit, sarif, text};
use crate::{Diagnostic, Severity, Sources};

/// A format in which findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// The source line with a caret, for people.
    #[default]
    Text,
    /// One JSON object, for programs.
    Json,
    /// SARIF 2.1.0, for code scanning services and editors.
    Sarif,
    /// `JUnit` XML, for test reports of CI servers.
    Junit,
    /// Workflow commands that become annotations of a pull request on GitHub.
    Github,
}

/// A name that is no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no output format{}; write one of {}", near(name), Format::names().join(", "))]
pub struct UnknownFormat {
    /// What was written.
    pub name: String,
}

/// What the rules say of themselves, for formats that list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleDescription<'a> {
    /// The code, such as `ETCD-023`.
    pub code: &'a str,
    /// The name, such as `voter-on-shared-disk`.
    pub name: &'a str,
    /// How grave a finding of this rule is, unless it says otherwise.
    pub severity: Severity,
    /// One sentence on what the rule finds.
    pub summary: &'a str,
    /// Why it matters, and what to write instead.
    pub help: &'a str,
}

/// What a format needs besides the findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings<'a> {
    /// Text is coloured.
    pub color: bool,
    /// All rules that were applied; SARIF lists them.
    pub rules: &'a [RuleDescription<'a>],
}

impl Format {
    /// All formats, in the order of their names in help texts.
    pub const ALL: [Self; 5] = [Self::Text, Self::Json, Self::Sarif, Self::Junit, Self::Github];

    /// The name on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
        }
    }

    fn names() -> [&'static str; 5] {
        Self::ALL.map(Self::as_str)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let found = Self::ALL.into_iter().find(|format| format.as_str() == name);
        found.ok_or_else(|| UnknownFormat { name: name.to_owned() })
    }
}

/// The output of a whole run in one format, with a newline at its end. Findings appear in the order given.
#[must_use]
pub fn render(format: Format, diagnostics: &[Diagnostic], sources: &Sources, settings: &Settings<'_>) -> String {
    match format {
        Format::Text => text(diagnostics, sources, settings.color),
        Format::Json => json(diagnostics, sources),
        Format::Sarif => sarif(diagnostics, sources, settings.rules),
        Format::Junit => junit(diagnostics, sources),
        Format::Github => github(diagnostics, sources),
    }
}

fn near(name: &str) -> String {
    let lower = name.to_lowercase();
    let nearest = Format::names().into_iter().min_by_key(|known| strsim::damerau_levenshtein(known, &lower));
    nearest
        .filter(|known| strsim::damerau_levenshtein(known, &lower) <= 2)
        .map(|known| format!(" (did you mean `{known}`?)"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
    }

    #[test]
    fn a_wrong_name_is_answered_with_all_names_and_the_nearest() {
        let message = |name: &str| name.parse::<Format>().unwrap_err().to_string();
        assert_eq!(
            message("serif"),
            "`serif` is no output format (did you mean `sarif`?); write one of text, json, sarif, junit, github"
        );
        assert_eq!(message("html5"), "`html5` is no output format; write one of text, json, sarif, junit, github");
        assert!(message("JSON").contains("did you mean `json`?"));
    }
}

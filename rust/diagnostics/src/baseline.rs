//! Findings that are known already, so that only new ones count.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Diagnostic;
use crate::fingerprint::without_positions;
use crate::pretty::pretty;

/// What a finding of the baseline is acknowledged with.
const BECAUSE: &str = "known: it stands in the baseline";

/// The version of the file's format.
const VERSION: u32 = 1;

/// Findings that were accepted at one time, each with how often it was found.
///
/// The file is JSON, sorted, and meant to be kept beside the pillar:
/// `{"version": 1, "findings": [{"code": "NET-001", "path": "k8s_ha.nodes.cp1.ip", "message": "...", "count": 1}]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<Known, usize>);

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The text is not JSON, or not the JSON of a baseline.
    #[error("the baseline cannot be read: {0}; write a new one")]
    Malformed(#[from] serde_json::Error),
    /// The file was written by a release that knows more.
    #[error("the baseline has version {found}, this release reads version {VERSION}; write a new one")]
    Version {
        /// The version in the file.
        found: u32,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Known {
    code: String,
    path: String,
    message: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    path: String,
    message: String,
    count: usize,
}

impl Known {
    fn of(diagnostic: &Diagnostic) -> Self {
        Self {
            code: diagnostic.code.clone().into_owned(),
            path: diagnostic.path.clone(),
            message: without_positions(&diagnostic.message),
        }
    }
}

impl Baseline {
    /// Reads the text of a baseline file.
    ///
    /// # Errors
    /// [`BaselineError`] when the text is not the JSON of a baseline, or of another version.
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let Head { version } = serde_json::from_str(text)?;
        if version != VERSION {
            return Err(BaselineError::Version { found: version });
        }
        let file: File = serde_json::from_str(text)?;
        let mut known = BTreeMap::new();
        for Entry { code, path, message, count } in file.findings {
            let message = without_positions(&message);
            *known.entry(Known { code, path, message }).or_insert(0) += count;
        }
        Ok(Self(known))
    }

    /// The text of a baseline file for these findings. What is acknowledged already is left out: when that
    /// acknowledgement ends, the finding is new.
    #[must_use]
    pub fn write(diagnostics: &[Diagnostic]) -> String {
        let mut counts: BTreeMap<Known, usize> = BTreeMap::new();
        for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.acknowledged.is_none()) {
            *counts.entry(Known::of(diagnostic)).or_insert(0) += 1;
        }
        let entry = |(Known { code, path, message }, count)| Entry { code, path, message, count };
        pretty(&File { version: VERSION, findings: counts.into_iter().map(entry).collect() })
    }

    /// Marks the findings that are known as acknowledged: each as often as the baseline counts it, the first ones
    /// first. Returns how many entries of the baseline were not found any more, so that they can be removed.
    pub fn filter(&self, diagnostics: &mut [Diagnostic]) -> usize {
        let mut left = self.0.clone();
        for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.acknowledged.is_none()) {
            if let Some(count) = left.get_mut(&Known::of(diagnostic)).filter(|count| **count > 0) {
                *count -= 1;
                *diagnostic = diagnostic.clone().acknowledge(BECAUSE, None);
            }
        }
        left.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Severity, Summary};

    fn finding(message: &str) -> Diagnostic {
        Diagnostic::new("NET-001", "address-twice", Severity::Error, message).at("k8s_ha.nodes.cp1", None)
    }

    #[test]
    fn two_known_findings_hide_two_of_three() {
        let baseline = Baseline::read(&Baseline::write(&[finding("m"), finding("m")])).unwrap();
        let mut findings = vec![finding("m"), finding("m"), finding("m"), finding("other")];
        assert_eq!(baseline.filter(&mut findings), 0);
        let hidden: Vec<bool> = findings.iter().map(|finding| finding.acknowledged.is_some()).collect();
        assert_eq!(hidden, [true, true, false, false]);
    }

    #[test]
    fn what_was_mended_is_counted() {
        let baseline = Baseline::read(&Baseline::write(&[finding("m"), finding("m"), finding("n")])).unwrap();
        assert_eq!(baseline.filter(&mut [finding("m")]), 2);
    }

    #[test]
    fn the_text_is_sorted_and_does_not_depend_on_lines_or_order() {
        let text = Baseline::write(&[finding("b on line 9"), finding("a"), finding("b on line 7")]);
        assert_eq!(text, Baseline::write(&[finding("a"), finding("b on line 1"), finding("b on line 2")]));
        assert_eq!(
            text,
            r#"{
  "version": 1,
  "findings": [
    {
      "code": "NET-001",
      "path": "k8s_ha.nodes.cp1",
      "message": "a",
      "count": 1
    },
    {
      "code": "NET-001",
      "path": "k8s_ha.nodes.cp1",
      "message": "b on line ",
      "count": 2
    }
  ]
}
"#
        );
    }

    #[test]
    fn an_acknowledged_finding_is_neither_written_nor_uses_an_entry_up() {
        let waived = finding("m").acknowledge("one disk only", None);
        assert_eq!(Baseline::write(std::slice::from_ref(&waived)), Baseline::write(&[]));
        let baseline = Baseline::read(&Baseline::write(&[finding("m")])).unwrap();
        let mut findings = vec![waived.clone(), finding("m")];
        baseline.filter(&mut findings);
        assert_eq!(findings[0], waived);
        assert_eq!(Summary::of(&findings).acknowledged, 2);
    }

    #[test]
    fn other_texts_are_refused_with_what_to_do() {
        for (text, expected) in [
            ("{", "cannot be read"),
            ("[]", "cannot be read"),
            (r#"{"version": 1, "findings": [], "more": 1}"#, "unknown field `more`"),
            (r#"{"version": 1, "findings": [{"code": "A", "path": "", "message": "", "count": -1}]}"#, "-1"),
            (r#"{"version": 2, "results": []}"#, "has version 2, this release reads version 1"),
        ] {
            let message = Baseline::read(text).unwrap_err().to_string();
            assert!(message.contains(expected) && message.contains("write a new one"), "{text}: {message}");
        }
    }
}

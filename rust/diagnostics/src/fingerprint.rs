//! The identity of a finding that outlives edits of the file.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::Diagnostic;

/// Bytes of the digest that are kept: enough for millions of findings, short enough to be read.
const LENGTH: usize = 16;

impl Diagnostic {
    /// A stable identity: 32 hexadecimal digits over code, path and message.
    ///
    /// Lines, columns and file names are not part of it, so it stays when lines move. Two equal findings have
    /// equal fingerprints.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        for part in [self.code.as_ref(), &self.path, &without_positions(&self.message)] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        digest.finalize().iter().take(LENGTH).fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// The message without the numbers of `line 12`, `lines 3`, `column 4` and `file.sls:12:3`.
pub(crate) fn without_positions(message: &str) -> String {
    let mut result = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, number) = rest.split_at(at);
        let digits = number.find(|character: char| !character.is_ascii_digit()).unwrap_or(number.len());
        result.push_str(before);
        if !counts_positions(&result) {
            result.push_str(&number[..digits]);
        }
        rest = &number[digits..];
    }
    result.push_str(rest);
    result
}

/// Whether a number that follows this text counts lines or columns.
fn counts_positions(before: &str) -> bool {
    let word = before.trim_end_matches(' ');
    if word.len() < before.len() {
        let word = word.rsplit(|character: char| !character.is_ascii_alphabetic()).next().unwrap_or("");
        return ["line", "lines", "column", "columns"].contains(&word.to_ascii_lowercase().as_str());
    }
    // The second number of `file.sls:12:3` follows a bare `:`, because the first has been left out.
    before.strip_suffix(':').is_some_and(|file| {
        let file = file.strip_suffix(':').unwrap_or(file);
        [".sls", ".yaml", ".yml", ".json", ".jinja"].iter().any(|ending| file.ends_with(ending))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity;

    fn finding(message: &str) -> Diagnostic {
        Diagnostic::new("NET-001", "address-twice", Severity::Error, message).at("k8s_ha.nodes.cp1.ip", None)
    }

    #[test]
    fn lines_and_columns_are_not_part_of_it() {
        assert_eq!(
            without_positions("`cp1` on line 12, column 3 is also in a/b.sls:40:7 (lines 1 to 2)"),
            "`cp1` on line , column  is also in a/b.sls:: (lines  to 2)"
        );
        assert_eq!(finding("twice, first on line 3").fingerprint(), finding("twice, first on line 40").fingerprint());
    }

    #[test]
    fn values_are_part_of_it() {
        assert_eq!(without_positions("10.0.0.1:6443 of cp1 has 3 disks"), "10.0.0.1:6443 of cp1 has 3 disks");
        assert_ne!(finding("port 1").fingerprint(), finding("port 2").fingerprint());
        assert_ne!(finding("m").fingerprint(), finding("m").at("k8s_ha.nodes.cp2.ip", None).fingerprint());
    }

    #[test]
    fn it_does_not_change_between_releases() {
        assert_eq!(finding("the address 10.0.10.11 is given twice").fingerprint(), "77bbbcca4bf5050b383c2ce89f884a29");
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let left = Diagnostic::new("A", "n", Severity::Info, "c").at("b", None);
        let right = Diagnostic::new("A", "n", Severity::Info, "").at("bc", None);
        assert_ne!(left.fingerprint(), right.fingerprint());
    }
}

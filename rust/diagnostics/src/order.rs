//! The order in which findings are printed.

use std::cmp::Ordering;

use crate::{Diagnostic, Sources};

/// Sorts findings by the name of their source, their position, code, path and message, and then by all the rest.
///
/// Findings without a position come last. The order does not depend on the order in which the findings or the
/// sources came, so outputs can be compared line by line.
pub fn sort(diagnostics: &mut [Diagnostic], sources: &Sources) {
    diagnostics.sort_by(|left, right| compare(left, right, sources));
}

fn compare(left: &Diagnostic, right: &Diagnostic, sources: &Sources) -> Ordering {
    let place = |diagnostic: &Diagnostic| {
        let span = diagnostic.span;
        (span.is_none(), span.and_then(|span| sources.get(span.source)).map(|source| source.name.clone()), span)
    };
    let ((left_lacks, left_name, left_span), (right_lacks, right_name, right_span)) = (place(left), place(right));
    left_lacks
        .cmp(&right_lacks)
        .then_with(|| left_name.cmp(&right_name))
        .then_with(|| left_span.map(|span| (span.start, span.end)).cmp(&right_span.map(|span| (span.start, span.end))))
        .then_with(|| left.code.cmp(&right.code))
        .then_with(|| left.path.cmp(&right.path))
        .then_with(|| left.message.cmp(&right.message))
        .then_with(|| right.severity.cmp(&left.severity))
        .then_with(|| left.labels.cmp(&right.labels))
        .then_with(|| left.acknowledged.cmp(&right.acknowledged))
        .then_with(|| (&left.name, &left.help, &left.why).cmp(&(&right.name, &right.help, &right.why)))
        .then_with(|| left.dated.cmp(&right.dated))
}

#[cfg(test)]
mod tests {
    use tree::{Position, SourceId, Span};

    use super::*;
    use crate::{Severity, Source};

    fn at(code: &'static str, source: u32, line: u32) -> Diagnostic {
        let start = Position { line, column: 1 };
        Diagnostic::new(code, "n", Severity::Warn, "m")
            .at("p", Some(Span { source: SourceId(source), start, end: start }))
    }

    #[test]
    fn files_by_name_then_lines_then_codes_then_findings_without_a_place() {
        let sources: Sources = [Source::new("b.sls", ""), Source::new("a.sls", "")].into_iter().collect();
        let expected = vec![
            at("Z-001", 1, 2),
            at("A-001", 1, 10),
            at("B-001", 1, 10),
            at("A-001", 0, 1),
            Diagnostic::new("A-001", "n", Severity::Warn, "m"),
        ];
        let mut backwards: Vec<_> = expected.iter().rev().cloned().collect();
        sort(&mut backwards, &sources);
        assert_eq!(backwards, expected);
        let mut turned = expected.clone();
        turned.rotate_left(2);
        sort(&mut turned, &sources);
        assert_eq!(turned, expected);
    }

    #[test]
    fn in_one_place_by_code_then_path_then_message() {
        let finding = |code: &'static str, path: &str, message: &str| {
            Diagnostic::new(code, "n", Severity::Warn, message).at(path, None)
        };
        let expected = [finding("A", "b", "b"), finding("B", "a", "b"), finding("B", "b", "a"), finding("B", "b", "b")];
        let mut findings = expected.clone();
        findings.reverse();
        sort(&mut findings, &Sources::new());
        assert_eq!(findings, expected);
    }

    #[test]
    fn findings_that_differ_only_in_their_help_have_an_order_too() {
        let one = Diagnostic::new("A-001", "n", Severity::Warn, "m").help("one");
        let two = Diagnostic::new("A-001", "n", Severity::Warn, "m").help("two");
        let mut findings = [two.clone(), one.clone()];
        sort(&mut findings, &Sources::new());
        assert_eq!(findings, [one, two]);
    }
}

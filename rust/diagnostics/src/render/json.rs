//! JSON for programs.

use serde::Serialize;
use tree::Span;

use super::source_of;
use crate::pretty::pretty;
use crate::{Diagnostic, Severity, Sources, Summary};

/// One JSON object: `{"findings": [...], "summary": {...}}`.
///
/// Every key of a finding is always there; what is not known is `null`. `file`, `line`, `column`, `end_line` and
/// `end_column` say where it is (counted from 1, columns in characters, the end is the first column behind it),
/// `rendered` whether the lines are those of Jinja's output instead of the file's. `path` is the dotted pillar path,
/// `labels` are other places that belong to it. `acknowledged` has `because` and `until`. `fingerprint` stays the same when lines move.
/// `summary` counts `errors`, `warnings`, `infos` and, apart from these, `acknowledged`.
#[must_use]
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let findings = diagnostics.iter().map(|diagnostic| Finding::of(diagnostic, sources)).collect();
    pretty(&Report { findings, summary: Summary::of(diagnostics) })
}

#[derive(Serialize)]
struct Report<'a> {
    findings: Vec<Finding<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    name: &'a str,
    severity: Severity,
    message: &'a str,
    why: Option<&'a str>,
    help: Option<&'a str>,
    #[serde(flatten)]
    place: Place<'a>,
    labels: Vec<Label<'a>>,
    acknowledged: Option<Acknowledged<'a>>,
    dated: bool,
    fingerprint: String,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
    rendered: bool,
}

#[derive(Serialize)]
struct Label<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct Acknowledged<'a> {
    because: &'a str,
    until: Option<&'a str>,
}

impl<'a> Finding<'a> {
    fn of(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        let label = |label: &'a crate::Label| Label {
            message: &label.message,
            place: Place::of(&label.path, label.span, sources),
        };
        let acknowledged = |acknowledged: &'a crate::Acknowledged| Acknowledged {
            because: &acknowledged.because,
            until: acknowledged.until.as_deref(),
        };
        Self {
            code: &diagnostic.code,
            name: &diagnostic.name,
            severity: diagnostic.severity,
            message: &diagnostic.message,
            why: diagnostic.why.as_deref(),
            help: diagnostic.help.as_deref(),
            place: Place::of(&diagnostic.path, diagnostic.span, sources),
            labels: diagnostic.labels.iter().map(label).collect(),
            acknowledged: diagnostic.acknowledged.as_ref().map(acknowledged),
            dated: diagnostic.dated,
            fingerprint: diagnostic.fingerprint(),
        }
    }
}

impl<'a> Place<'a> {
    fn of(path: &'a str, span: Option<Span>, sources: &'a Sources) -> Self {
        let (source, span) = source_of(span, sources).unzip();
        Self {
            path,
            file: source.map(|source| source.name.as_str()),
            line: span.map(|span| span.start.line),
            column: span.map(|span| span.start.column),
            end_line: span.map(|span| span.end.line),
            end_column: span.map(|span| span.end.column),
            rendered: source.is_some_and(|source| source.rendered),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tree::{Position, SourceId};

    use super::*;
    use crate::Source;

    #[test]
    fn every_key_is_there() {
        let sources: Sources = [Source::rendered("a.sls", "a: b")].into_iter().collect();
        let position = |line, column| Position { line, column };
        let span = Span { source: SourceId(0), start: position(1, 4), end: position(1, 5) };
        let finding = Diagnostic::new("A-001", "a-name", Severity::Warn, "wrong")
            .at("a", Some(span))
            .label("b", None, "see")
            .help("write c")
            .acknowledge("known", None)
            .dated();
        let value: Value = serde_json::from_str(&super::json(std::slice::from_ref(&finding), &sources)).unwrap();
        assert_eq!(
            value,
            json!({
                "findings": [{
                    "code": "A-001", "name": "a-name", "severity": "warn", "message": "wrong",
                    "why": null, "help": "write c",
                    "path": "a", "file": "a.sls", "line": 1, "column": 4, "end_line": 1, "end_column": 5, "rendered": true,
                    "labels": [{
                        "message": "see", "path": "b", "file": null, "line": null, "column": null,
                        "end_line": null, "end_column": null, "rendered": false
                    }],
                    "acknowledged": {"because": "known", "until": null},
                    "dated": true,
                    "fingerprint": finding.fingerprint()
                }],
                "summary": {"errors": 0, "warnings": 0, "infos": 0, "acknowledged": 1}
            })
        );
    }

    #[test]
    fn nothing_found_is_an_empty_list() {
        let value: Value = serde_json::from_str(&super::json(&[], &Sources::new())).unwrap();
        assert_eq!(value["findings"], json!([]));
    }
}

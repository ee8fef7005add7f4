//! Findings as Python's dicts.

use diagnostics::{Diagnostic, Sources};
use serde_json::{Value, json};

/// The keys `code`, `name`, `severity`, `path`, `message`, `why`, `help`, `dated`, `blocks`, `acknowledged` (the reason, or
/// None), and for a pillar from files `file`, `line` and `column`, counted from 1.
pub fn finding(found: &Diagnostic, sources: &Sources) -> Value {
    let place = found.span.and_then(|span| sources.get(span.source).map(|source| (source, span.start)));
    json!({
        "code": found.code,
        "name": found.name,
        "severity": found.severity.as_str(),
        "path": found.path,
        "message": found.message,
        "why": found.why,
        "help": found.help,
        "dated": found.dated,
        "blocks": lint::blocks(found),
        "acknowledged": found.acknowledged.as_ref().map(|accepted| &accepted.because),
        "file": place.map(|(source, _)| &source.name),
        "line": place.map(|(_, start)| start.line),
        "column": place.map(|(_, start)| start.column),
    })
}

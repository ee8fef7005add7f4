//! Findings as Python's dicts.

use diagnostics::Diagnostic;
use serde_json::{Value, json};

/// The keys `code`, `name`, `severity`, `path`, `message`, `why`, `help`, `dated`, `blocks` and `acknowledged` (the reason, or None).
pub fn finding(found: &Diagnostic) -> Value {
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
    })
}

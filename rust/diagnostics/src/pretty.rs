//! Writing JSON.

use serde::Serialize;

/// The value as indented JSON with a newline at its end.
#[expect(clippy::expect_used, reason = "our own structures have text keys only, so they always serialise")]
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("a structure with text keys");
    text.push('\n');
    text
}

//! The page of a code, made from the rule itself.

use crate::example::Example;
use crate::rule::Rule;
use crate::{EXPIRED_ACKNOWLEDGEMENT, UNUSED_ACKNOWLEDGEMENT, rules};
use std::fmt::Write;
use topology::{STRUCTURAL_CODES, StructuralCode};

/// Explains a code as Markdown; `None` for a code that does not exist.
#[must_use]
pub fn explain(code: &str) -> Option<String> {
    let code = code.to_ascii_uppercase();
    if let Some(rule) = rules::all().find(|rule| rule.code == code) {
        return Some(page(rule));
    }
    structural_codes().find(|known| known.code == code).map(structural_page)
}

/// All codes with their names, rules first.
pub fn code_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    rules::all().map(|rule| (rule.code, rule.name)).chain(structural_codes().map(|code| (code.code, code.name)))
}

/// Codes of findings that no rule makes.
pub fn structural_codes() -> impl Iterator<Item = &'static StructuralCode> {
    STRUCTURAL_CODES.into_iter().chain([&UNUSED_ACKNOWLEDGEMENT, &EXPIRED_ACKNOWLEDGEMENT])
}

/// The page of a rule, as Markdown.
#[must_use]
pub fn page(rule: &Rule) -> String {
    let mut page = format!("# {} {}\n\nSeverity: {}\n\n", rule.code, rule.name, rule.severity);
    let _ = write!(page, "## Why\n\n{}\n\n## What to write instead\n\n{}\n\n", rule.reason, rule.remedy);
    let _ = write!(page, "## Refused\n\n{}\n", example(&rule.failing));
    let _ = write!(page, "## Accepted\n\n{}\n", example(&rule.passing));
    let _ = writeln!(page, "## Source\n\n{}", rule.source);
    page
}

/// The page of such a code, as Markdown.
#[must_use]
pub fn structural_page(code: &StructuralCode) -> String {
    format!(
        "# {} {}\n\n## Why\n\n{}\n\n## What to write instead\n\n{}\n",
        code.code, code.name, code.reason, code.remedy
    )
}

fn example(example: &Example) -> String {
    let text = unindent(example.overlay);
    if text.trim().is_empty() {
        return format!("{}, as it is.\n", capital(example.base.words()));
    }
    format!("Laid over {}:\n\n```yaml\n{}\n```\n", example.base.words(), text.trim_end())
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Removes the indentation that all lines share, and blank lines before the first.
fn unindent(text: &str) -> String {
    let indent_of = |line: &str| line.len() - line.trim_start().len();
    let indent = text.lines().filter(|line| !line.trim().is_empty()).map(indent_of).min().unwrap_or(0);
    let lines = text.lines().skip_while(|line| line.trim().is_empty());
    lines.map(|line| line.get(indent..).unwrap_or("").trim_end()).collect::<Vec<_>>().join("\n")
}

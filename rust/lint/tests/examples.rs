//! The examples of each rule are its test.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use diagnostics::{Diagnostic, Severity};
use lint::{Base, Example, Rule, blocks, rules};
use std::collections::BTreeSet;
use std::path::Path;
use topology::{Facts, Reading, read_pillar};
use tree::{SourceId, Strategy, Tree, merge};

const BASE: SourceId = SourceId(0);
const OVERLAY: SourceId = SourceId(1);

fn read(example: &Example) -> (Reading, Vec<Diagnostic>) {
    let mut tree = Tree::new();
    let limits = yaml::Limits::default();
    let base = yaml::parse_into(&mut tree, example.base.text().as_bytes(), BASE, &limits).expect("the base is YAML");
    let overlay =
        yaml::parse_into(&mut tree, example.overlay.as_bytes(), OVERLAY, &limits).expect("the overlay is YAML");
    let is_empty = matches!(tree.value(overlay), tree::Value::Null);
    let root = if is_empty { base } else { merge(&mut tree, base, overlay, Strategy::Recurse) };
    let facts = Facts::built_in().expect("built-in facts");
    let reading = read_pillar(tree, root, &facts);
    let found = lint::run(&reading, &facts, "2026-11-21".parse().expect("a day"));
    (reading, found)
}

fn marked_lines(rule: &Rule) -> BTreeSet<u32> {
    let marker = format!("# <- {}", rule.code);
    (1u32..)
        .zip(rule.failing.overlay.lines())
        .filter(|(_, line)| line.contains(&marker))
        .map(|(number, _)| number)
        .collect()
}

fn summary(found: &[Diagnostic]) -> Vec<String> {
    found
        .iter()
        .map(|finding| format!("{} {} {}: {}", finding.severity, finding.code, finding.path, finding.message))
        .collect()
}

#[test]
fn every_base_is_accepted_without_a_finding() {
    for base in Base::ALL.into_iter().filter(|base| *base != Base::Nothing) {
        let (_, found) = read(&Example::on(base, ""));
        assert!(found.is_empty(), "{base:?}: {:#?}", summary(&found));
    }
}

#[test]
fn every_failing_example_is_refused_where_it_says() {
    for rule in rules::all() {
        let (reading, found) = read(&rule.failing);
        assert!(
            reading.topology.is_some(),
            "{}: the failing example cannot be resolved: {:#?}",
            rule.code,
            summary(&found)
        );
        let of_rule: Vec<&Diagnostic> = found.iter().filter(|finding| finding.code == rule.code).collect();
        assert!(!of_rule.is_empty(), "{}: the failing example passes; found {:#?}", rule.code, summary(&found));
        let marked = marked_lines(rule);
        assert!(
            !marked.is_empty(),
            "{}: no line of the failing example is marked with `# <- {}`",
            rule.code,
            rule.code
        );
        let pointed: BTreeSet<u32> = of_rule
            .iter()
            .filter_map(|finding| finding.span)
            .filter(|span| span.source == OVERLAY)
            .map(|span| span.start.line)
            .collect();
        assert_eq!(pointed, marked, "{}: lines pointed at, and lines marked; found {:#?}", rule.code, summary(&found));
    }
}

#[test]
fn every_passing_example_is_accepted() {
    for rule in rules::all() {
        let (reading, found) = read(&rule.passing);
        assert!(reading.topology.is_some(), "{}: {:#?}", rule.code, summary(&found));
        let of_rule: Vec<&Diagnostic> = found.iter().filter(|finding| finding.code == rule.code).collect();
        assert!(of_rule.is_empty(), "{}: the passing example is refused: {:#?}", rule.code, summary(&found));
        let errors: Vec<Diagnostic> = found.iter().filter(|finding| blocks(finding)).cloned().collect();
        assert!(errors.is_empty(), "{}: the passing example breaks another rule: {:#?}", rule.code, summary(&errors));
    }
}

#[test]
fn every_rule_is_complete_and_in_order() {
    let mut codes = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut before = ("", "");
    for rule in rules::all() {
        assert!(codes.insert(rule.code), "{} twice", rule.code);
        assert!(names.insert(rule.name), "{} twice", rule.name);
        let number = rule.code.split_once('-').map_or("", |(_, number)| number);
        assert!(number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()), "{}", rule.code);
        assert!(before.0 != rule.family() || before.1 < rule.code, "{} stands behind {}", rule.code, before.1);
        before = (rule.family(), rule.code);
        for (part, text) in [("reason", rule.reason), ("remedy", rule.remedy), ("source", rule.source)] {
            assert!(text.len() > 10, "{}: its {part} says nothing", rule.code);
        }
        for (part, text) in [("reason", rule.reason), ("remedy", rule.remedy)] {
            assert!(text.ends_with('.'), "{}: its {part} is no sentence", rule.code);
        }
        assert!(rule.severity != Severity::Info || !rule.remedy.is_empty());
    }
}

/// A rule whose `mod` line was forgotten is never compiled, so no warning tells.
#[test]
fn every_rule_file_is_registered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut files = BTreeSet::new();
    for family in
        folder.read_dir().expect("rules").map(|entry| entry.expect("entry").path()).filter(|path| path.is_dir())
    {
        for file in family.read_dir().expect("family").map(|entry| entry.expect("entry").path()) {
            files.insert(file.file_stem().expect("stem").to_string_lossy().replace('_', "-"));
        }
    }
    let registered: BTreeSet<String> = rules::all().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(files, registered, "files named after rules, and rules registered");
}

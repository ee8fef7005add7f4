//! Reading a node as a type collects all problems, and never prints a secret.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use indexmap::IndexMap;
use serde::Deserialize;
use tree::{Origin, Outcome, ProblemKind, SourceId, Tree, read};

#[derive(Debug, Deserialize)]
struct Section {
    #[serde(rename = "$origin", default)]
    origin: Origin,
    name: String,
    #[serde(default)]
    port: u16,
    #[serde(default)]
    mode: Option<Mode>,
    #[serde(default)]
    items: Vec<u8>,
    #[serde(default)]
    inner: IndexMap<String, Inner>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Inner {
    password: Option<u32>,
    value: u8,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Fast,
    Safe,
}

fn parse(text: &str) -> (Tree, tree::NodeId) {
    let document = yaml::parse(text.as_bytes(), SourceId(0), &yaml::Limits::default()).unwrap();
    (document.tree, document.root)
}

fn outcome(text: &str) -> (Tree, Outcome<Section>) {
    let (tree, root) = parse(text);
    let outcome = read(&tree, root);
    (tree, outcome)
}

#[test]
fn a_good_mapping_is_read_with_its_origin() {
    let (tree, outcome) = outcome("name: a\nport: 80\nmode: fast\nitems: [1, 2]\ninner: {x: {value: 3}}\n");
    assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
    let section = outcome.value.unwrap();
    assert_eq!(
        (section.name.as_str(), section.port, section.mode, section.items.len()),
        ("a", 80, Some(Mode::Fast), 2)
    );
    assert_eq!(section.inner["x"].value, 3);
    assert_eq!(section.inner["x"].password, None);
    assert_eq!(tree.path(section.origin.0.unwrap()), "");
}

#[test]
fn all_problems_are_found_at_once_and_in_order() {
    let text = "name: 1.30\nprot: 80\nport: 70000\nmode: quick\nitems: [1, x, 300]\ninner: {x: {value: -1}, y: 3}\n";
    let (tree, outcome) = outcome(text);
    let found: Vec<(u32, &str)> = outcome
        .problems
        .iter()
        .map(|problem| (tree.node(problem.node).span.unwrap().start.line, problem.message.as_str()))
        .collect();
    let expected = [
        (1, "expected text, found `1.30`, which is read as a number: 1.3"),
        (2, "unknown key `prot`"),
        (3, "expected a number from 0 to 65535, found an integer: 70000"),
        (4, "`quick` is not one of: fast, safe"),
        (5, "expected a number from 0 to 255, found `x`"),
        (5, "expected a number from 0 to 255, found an integer: 300"),
        (6, "expected a number from 0 to 255, found an integer: -1"),
        (6, "expected a mapping, found an integer: 3"),
    ];
    assert_eq!(found, expected);
    assert_eq!(outcome.problems[1].help.as_deref(), Some("did you mean `port`?"));
    assert_eq!(outcome.problems[0].help.as_deref(), Some("write the value in quotes"));
}

#[test]
fn a_key_that_is_missing_because_it_was_wrong_is_no_second_problem() {
    let (_, outcome) = outcome("name: [a]\n");
    assert_eq!(outcome.problems.len(), 1, "{:?}", outcome.problems);
    assert!(outcome.value.is_none());
    assert_eq!(outcome.poisoned.len(), 2);
}

#[test]
fn a_missing_key_points_to_its_mapping() {
    let (_, outcome) = outcome("port: 1\n");
    assert_eq!(outcome.problems[0].kind, ProblemKind::MissingKey);
    assert_eq!(outcome.problems[0].message, "`name` is missing here");
}

#[test]
fn a_wrong_secret_is_not_printed() {
    let (_, outcome) = outcome("name: a\ninner: {x: {password: marker-4711}}\n");
    assert_eq!(outcome.problems.len(), 1);
    assert!(!format!("{:?}", outcome.problems).contains("marker-4711"), "{:?}", outcome.problems);
}

#[test]
fn problems_end_at_a_limit() {
    let text = format!("name: a\nitems: [{}]\n", vec!["x"; 5000].join(", "));
    let (_, outcome) = outcome(&text);
    assert_eq!(outcome.problems.len(), 200);
    assert!(outcome.value.is_none());
}

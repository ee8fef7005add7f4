//! What a refusal says: its kind, its place, a sentence that helps, and never a value.
#![expect(clippy::expect_used, reason = "helpers of tests")]

use tree::{Position, SourceId};
use yaml::{Error, ErrorKind, Limits, parse};

fn refusal(text: &str) -> Error {
    parse(text.as_bytes(), SourceId(0), &Limits::default()).expect_err(text)
}

#[test]
fn kind_and_place() {
    for (text, kind, line, column) in [
        ("a: 1\nb: 2\na: 3\n", ErrorKind::DuplicateKey, 3, 1),
        ("a: {{ x }}\n", ErrorKind::UnusableKey, 1, 5),
        ("? [a]\n: 1\n", ErrorKind::UnusableKey, 1, 3),
        ("a: *b\n", ErrorKind::UndefinedAlias, 1, 4),
        ("a: &x 1\nb: &x 2\n", ErrorKind::DuplicateAnchor, 2, 4),
        ("a: &x [*x]\n", ErrorKind::RecursiveAlias, 1, 4),
        ("a: 1\n---\nb: 2\n", ErrorKind::SeveralDocuments, 2, 1),
        ("a: !vault x\n", ErrorKind::UnknownTag, 1, 4),
        ("a: !!python/object:os.system x\n", ErrorKind::UnknownTag, 1, 4),
        ("a: <<\n", ErrorKind::UnknownTag, 1, 4),
        ("a: =\n", ErrorKind::UnknownTag, 1, 4),
        ("{<<: 1}\n", ErrorKind::Merge, 1, 6),
        ("a: 0_\n", ErrorKind::Value, 1, 4),
        ("a: !!int x\n", ErrorKind::Value, 1, 4),
        ("a: !!map [x]\n", ErrorKind::Value, 1, 4),
        ("a:\n\tb: 1\n", ErrorKind::Syntax, 2, 1),
        ("a: @x\n", ErrorKind::Syntax, 1, 4),
        ("a: b: c\n", ErrorKind::Syntax, 1, 5),
        ("{a: 1\n", ErrorKind::Syntax, 2, 1),
    ] {
        let error = refusal(text);
        assert_eq!((error.kind, error.position), (kind, Some(Position { line, column })), "{text:?}: {error}");
    }
}

#[test]
fn the_sentence_helps() {
    for (text, words) in [
        ("a: 1\na: 2\n", "the key `a` stands twice in this mapping"),
        ("1: x\n01: y\n", "the keys `1` and `01` are the same key"),
        ("yes: x\ntrue: y\n", "the keys `yes` and `true` are the same key"),
        ("a: {{ x }}\n", "a template that was not rendered"),
        ("a:\n\tb: 1\n", "here is a tab"),
        ("a: @x\n", "a value cannot begin with `@`; put it in quotes"),
        ("a: %x\n", "a value cannot begin with `%`"),
        ("a: !vault x\n", "Salt does not know the tag"),
        ("a: !!python/tuple [x]\n", "Salt reads no `!!python` tags"),
        ("a: *b\n", "no anchor `&` of this name"),
        ("roles: [a, b\n", "`,` or the closing `]`"),
        ("name: \"x\n", "quotes that are not closed"),
    ] {
        let message = refusal(text).message;
        assert!(message.contains(words), "{text:?}: {message}");
    }
}

#[test]
fn the_second_place_explains_the_first() {
    let error = refusal("a: 1\nb: 2\na: 3\n");
    assert_eq!(error.context, Some(("first written here".to_owned(), Position { line: 1, column: 1 })));
    let error = refusal("x:\n  - a: [1\n  - b\n");
    assert_eq!(error.context, Some(("in the list that begins here".to_owned(), Position { line: 2, column: 8 })));
}

#[test]
fn long_names_are_cut() {
    let key = "k".repeat(100_000);
    let error = refusal(&format!("? {key}\n: 1\n? {key}\n: 2\n"));
    assert!(error.message.len() < 200, "{}", error.message.len());
}

/// A secret may stand where the text is wrong.
#[test]
fn no_value_is_in_a_message() {
    const SECRET: &str = "hunter2";
    for text in [
        "password: !!int hunter2\n",
        "password: !!float hunter2\n",
        "password: !!bool hunter2\n",
        "password: !!binary hunter2é\n",
        "password: !!seq hunter2\n",
        "password: !!map hunter2\n",
        "password: !vault hunter2\n",
        "password: !hunter2\n",
        "password: !!hunter2\n",
        "password: !!python/hunter2 x\n",
        "password: !hunter2!x y\n",
        "password: *hunter2\n",
        "password: &hunter2 x\nother: &hunter2 x\n",
        "password: &hunter2! x\n",
        "%hunter2\n---\na: 1\n",
        "password: \"hunter2\n",
        "password: 'hunter2\n",
        "password: hunter2: x\n",
        "password: [hunter2\n",
        "password: {a: hunter2\n",
        "password: {<<: hunter2}\n",
        "password: {<<: [hunter2]}\n",
        "password: !!pairs [hunter2]\n",
        "password: @hunter2\n",
        "password: `hunter2`\n",
        "password: \"hunter2\\q\"\n",
        "password: hunter2\nhunter2\n",
        "password: |\n  hunter2\n hunter2\n",
        "password: hunter2\n---\npassword: hunter2\n",
        "password: hunter2\0\n",
        "a: hunter2\na: hunter2\n",
        "password: &x [hunter2, *x]\n",
        "password: !!str [hunter2]\n",
        "password: !!int {=: hunter2}\n",
    ] {
        let error = refusal(text);
        let context = error.context.as_ref().map(|(words, _)| words.as_str()).unwrap_or_default();
        assert!(!error.message.contains(SECRET) && !context.contains(SECRET), "{text:?}: {error} {context}");
    }
}

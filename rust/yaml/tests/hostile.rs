//! Texts made to exhaust the reader: each is answered quickly.
#![expect(clippy::expect_used, reason = "helpers of tests")]

mod common;

use std::fmt::Write as _;

use common::check;
use tree::{Position, SourceId, Value};
use yaml::{Error, ErrorKind, Limits, parse};

fn refusal(text: impl AsRef<[u8]>) -> Error {
    check(text.as_ref()).expect_err("it is refused")
}

#[test]
fn nesting() {
    for piece in ["[", "{", "- ", "? ", "[{", "{a: ", "- ? ", "- - - ", "!!set {? "] {
        let error = refusal(piece.repeat(100_000));
        assert_eq!(error.kind, ErrorKind::TooDeep, "{piece}");
        let place = error.position.expect("a place");
        assert!(place.line == 1 && place.column as usize <= 130 * piece.len(), "{piece}: {place:?}");
    }
}

#[test]
fn nesting_up_to_the_limit_is_read() {
    let text = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert!(check(text.as_bytes()).is_ok());
}

#[test]
fn nesting_by_indentation() {
    let mut text = String::new();
    for depth in 0..3000 {
        writeln!(text, "{}a:", " ".repeat(depth)).unwrap();
    }
    let error = refusal(&text);
    assert_eq!((error.kind, error.position), (ErrorKind::TooDeep, Some(Position { line: 129, column: 129 })));
}

#[test]
fn nesting_by_aliases() {
    let mut text = "- &a0 [x]\n".to_owned();
    for number in 1..50_000 {
        writeln!(text, "- &a{number} [*a{}]", number - 1).unwrap();
    }
    assert_eq!(refusal(&text).kind, ErrorKind::TooDeep);
}

#[test]
fn billion_laughs() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for number in 1..100 {
        let aliases = vec![format!("*a{}", number - 1); 10].join(", ");
        writeln!(text, "a{number}: &a{number} [{aliases}]").unwrap();
    }
    assert_eq!(refusal(&text).kind, ErrorKind::TooManyNodes);
}

#[test]
fn a_few_laughs_share_their_nodes() {
    let text = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n";
    let document = check(text.as_bytes()).unwrap();
    assert_eq!(document.tree.len(), 1 + 4 + 4 + 2);
}

#[test]
fn merges_that_double() {
    let mut text = "- - - - &a0 {x: 1}\n".to_owned();
    for number in 1..60 {
        writeln!(text, "      - &a{number} {{<<: [*a{0}, *a{0}]}}", number - 1).unwrap();
    }
    text.push_str("- {<<: *a59, x: 1}\n");
    assert_eq!(refusal(&text).kind, ErrorKind::TooManyNodes);
}

#[test]
fn merges_that_add_up() {
    let mut text = "- &base {".to_owned();
    for number in 0..20_000 {
        write!(text, "k{number}: 1, ").unwrap();
    }
    text.push_str("}\n");
    text.push_str(&"- {<<: *base}\n".repeat(20_000));
    let limits = Limits { nodes: 500_000, ..Limits::default() };
    let refusal = parse(text.as_bytes(), SourceId(0), &limits).unwrap_err();
    assert_eq!(refusal.kind, ErrorKind::TooManyNodes);
}

#[test]
fn merge_keys_without_end() {
    assert_eq!(refusal(format!("{{{}}}", "<<: {}, ".repeat(300_000))).kind, ErrorKind::Merge);
}

#[test]
fn a_chain_of_merges() {
    let mut text = "- - - &a0 {x: 1}\n".to_owned();
    for number in 1..50_000 {
        writeln!(text, "    - &a{number} {{<<: *a{}}}", number - 1).unwrap();
    }
    text.push_str("- {<<: *a49999}\n");
    assert_eq!(refusal(&text).kind, ErrorKind::TooDeep);
}

#[test]
fn a_scalar_by_way_of_itself() {
    assert_eq!(refusal("&a !!str {=: *a}").kind, ErrorKind::Value);
}

#[test]
fn a_long_line() {
    let text = format!("key: {}", "x".repeat(3_000_000));
    let document = check(text.as_bytes()).unwrap();
    let value = document.tree.get(document.root, "key").unwrap();
    assert_eq!(document.tree.text(value).map(str::len), Some(3_000_000));
    assert_eq!(document.tree.node(value).span.unwrap().end, Position { line: 1, column: 3_000_006 });
}

#[test]
fn long_lines_of_many_kinds() {
    for (head, piece) in [
        ("a: \"", "\\x41"),
        ("# ", "x"),
        ("? ", "k"),
        ("&", "a"),
        ("!", "t"),
        ("a: |\n", "\n"),
        ("a: ", "b\n "),
        ("%", "x"),
        ("", "\n"),
    ] {
        let _ = check(format!("{head}{}", piece.repeat(1_000_000)).as_bytes());
    }
}

#[test]
fn many_keys_items_anchors_aliases() {
    let keys: String = (0..100_000).fold(String::new(), |mut text, number| {
        writeln!(text, "k{number}: &a{number} {number}").unwrap();
        text
    });
    assert_eq!(check(keys.as_bytes()).unwrap().tree.len(), 200_001);
    let aliases = format!("[&a x, {}]", "*a , ".repeat(200_000));
    let document = check(aliases.as_bytes()).unwrap();
    assert!(matches!(document.tree.value(document.root), Value::List(items) if items.len() == 200_001));
}

#[test]
fn keys_that_are_the_same_number() {
    let text: String = (1..50_000).fold("1: x\n".to_owned(), |mut text, zeros| {
        writeln!(text, "2.{}: x", "0".repeat(zeros % 300)).unwrap();
        text
    });
    assert_eq!(refusal(&text).kind, ErrorKind::DuplicateKey);
}

#[test]
fn numbers_without_end() {
    for text in [
        "9".repeat(1_000_000),
        format!("0x{}", "f".repeat(1_000_000)),
        format!("-0{}", "7".repeat(1_000_000)),
        format!("0b{}", "1".repeat(1_000_000)),
        format!("1{}", ":59".repeat(300_000)),
        format!("1{}.5", ":59".repeat(300_000)),
        format!("1{}", "_".repeat(1_000_000)) + "x",
    ] {
        let answer = check(text.as_bytes());
        assert!(text.ends_with('x') == answer.is_ok(), "{}", &text[..20]);
    }
}

#[test]
fn tag_directives_without_end() {
    let text: String = (0..200_000).fold(String::new(), |mut text, number| {
        writeln!(text, "%TAG !a{number}! tag:x").unwrap();
        text
    });
    assert_eq!(refusal(text + "---\nx").kind, ErrorKind::TooManyDirectives);
}

#[test]
fn what_is_no_text() {
    for (text, kind, line, column) in [
        (&b"a: 1\nb: \0"[..], ErrorKind::ControlCharacter, 2, 4),
        (b"\0\0\0\0", ErrorKind::ControlCharacter, 1, 1),
        ("é: \u{7}".as_bytes(), ErrorKind::ControlCharacter, 1, 4),
        (b"a: 1\n\xc3\xa9: \xff", ErrorKind::Encoding, 2, 4),
        (b"\xff\xfea\0", ErrorKind::Encoding, 1, 1),
        (b"\xfe\xff\0a", ErrorKind::Encoding, 1, 1),
    ] {
        let error = refusal(text);
        assert_eq!((error.kind, error.position), (kind, Some(Position { line, column })), "{text:?}");
    }
}

#[test]
fn limits_are_the_callers() {
    let small = Limits { depth: 2, nodes: 5, bytes: 20 };
    let read = |text: &str| parse(text.as_bytes(), SourceId(0), &small).map_err(|error| error.kind);
    assert!(read("[[x]]").is_ok());
    assert_eq!(read("[[[x]]]").unwrap_err(), ErrorKind::TooDeep);
    assert!(read("[1, 2, 3, 4]").is_ok());
    assert_eq!(read("[1, 2, 3, 4, 5]").unwrap_err(), ErrorKind::TooManyNodes);
    assert_eq!(read("                    x").unwrap_err(), ErrorKind::TooLarge);
}

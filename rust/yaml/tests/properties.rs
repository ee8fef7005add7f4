//! No text makes the reader panic, and what it answers is sound.

mod common;

use proptest::prelude::*;

/// Characters and words that mean something to YAML, so that random texts come further than the first character.
fn pieces() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a",
        "b",
        "1",
        "0644",
        "1.30",
        "on",
        "~",
        "22:22",
        "<<",
        "=",
        ":",
        ": ",
        "- ",
        "-",
        "? ",
        ",",
        "[",
        "]",
        "{",
        "}",
        "&a ",
        "&b ",
        "*a ",
        "*b ",
        "!!str ",
        "!!int ",
        "!!binary ",
        "!!set ",
        "!!pairs ",
        "! ",
        "|\n",
        ">-\n",
        "'",
        "\"",
        "\\",
        "#",
        "%",
        "---\n",
        "...\n",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "\t",
        "\r\n",
        "\u{85}",
        "\u{feff}",
        "\0",
        "é",
        "😀",
        "<<: *a",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes(text in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = common::check(&text);
    }

    #[test]
    fn characters(text in "\\PC{0,200}") {
        let _ = common::check(text.as_bytes());
    }

    #[test]
    fn yaml(text in prop::collection::vec(pieces(), 0..60)) {
        let _ = common::check(text.concat().as_bytes());
    }

    /// What is in double quotes is text, whatever it looks like.
    #[test]
    fn quoted_text(text in "[ -~\u{a0}-\u{d7ff}]{0,40}") {
        let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let document = common::check(quoted.as_bytes()).expect("it is quoted");
        // A line separator of Unicode is a line break, which quotes fold.
        prop_assume!(!text.contains(['\u{2028}', '\u{2029}']));
        prop_assert_eq!(document.tree.text(document.root), Some(text.as_str()));
    }

    /// Integers that are written plainly are read as they are.
    #[test]
    fn integers(number in any::<i128>()) {
        let document = common::check(number.to_string().as_bytes()).expect("it is a number");
        prop_assert_eq!(document.tree.value(document.root), &tree::Value::Integer(number));
        prop_assert_eq!(&document.tree.node(document.root).written, &None);
    }
}

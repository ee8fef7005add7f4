//! Any text with any span can be printed in every format, and no secret in it is.

use diagnostics::{Diagnostic, Format, Settings, Severity, Source, Sources, render, sort};
use proptest::prelude::*;
use tree::{Position, SourceId, Span};

/// A character that no output has unless it comes from a secret.
const SECRET: char = '§';

fn position() -> impl Strategy<Value = Position> {
    let number = || prop_oneof![0..12_u32, Just(u32::MAX)];
    (number(), number()).prop_map(|(line, column)| Position { line, column })
}

fn span() -> impl Strategy<Value = Option<Span>> {
    let span = (0..3_u32, position(), position()).prop_map(|(source, start, end)| Span {
        source: SourceId(source),
        start,
        end,
    });
    proptest::option::of(span)
}

fn finding() -> impl Strategy<Value = Diagnostic> {
    (".{0,20}", ".{0,10}", span(), span(), span(), any::<bool>()).prop_map(
        |(message, path, at, first, second, waived)| {
            let finding = Diagnostic::new("A-001", "a", Severity::Warn, message)
                .at(path.clone(), at)
                .label(path.clone(), first, "first")
                .label("", second, path);
            if waived { finding.acknowledge("known", None) } else { finding }
        },
    )
}

/// Pieces of pillars, sound and broken, and anything else.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("password: ".to_owned()),
        Just("  tokens:\n".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\t\r\n".to_owned()),
        "[ \n:{}\\[\\]'\"#|&*?,a-]{0,6}",
        ".{0,6}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(texts in [text(), text()], mut findings in proptest::collection::vec(finding(), 0..4), hide in span()) {
        let mut sources: Sources = texts.into_iter().map(|text| Source::new("a.sls", text)).collect();
        if let Some(hide) = hide {
            sources.hide(hide.source, [hide]);
        }
        sort(&mut findings, &sources);
        for format in Format::ALL {
            for color in [false, true] {
                let output = render(format, &findings, &sources, &Settings { color, rules: &[] });
                prop_assert!(output.is_empty() || output.ends_with('\n'));
            }
        }
    }

    #[test]
    fn no_marked_secret_is_shown(before in "[a-z {:,ä\t]{0,8}", secret in "§{1,9}(\n *§{1,9}){0,2}", after in "[a-z }#,ä\n]{0,8}", at in 0..4_u32) {
        let position = |text: &str| Position {
            line: u32::try_from(text.matches('\n').count() + 1).unwrap(),
            column: u32::try_from(text.rsplit('\n').next().unwrap_or("").chars().count() + 1).unwrap(),
        };
        let mut sources = Sources::new();
        let id = sources.push(Source::new("a.sls", format!("{before}{secret}{after}")));
        let span = Span { source: id, start: position(&before), end: position(&format!("{before}{secret}")) };
        sources.hide(id, [span]);
        let place = Position { line: at, column: at };
        let findings = [Diagnostic::new("A-001", "a", Severity::Warn, "m").at("", Some(Span { start: place, end: place, ..span })).label("", Some(span), "l")];
        for format in Format::ALL {
            let output = render(format, &findings, &sources, &Settings::default());
            prop_assert!(!output.contains(SECRET), "{}", output);
        }
    }
}

//! Which readings are reported as surprising, and which are not.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use tree::SourceId;
use yaml::{Limits, SurpriseKind, parse};

fn surprise(scalar: &str) -> Option<SurpriseKind> {
    let document = parse(format!("key: {scalar}").as_bytes(), SourceId(0), &Limits::default()).unwrap();
    assert!(document.surprises.len() <= 1);
    let found = document.surprises.first()?;
    assert_eq!(Some(found.node), document.tree.get(document.root, "key"));
    assert!(!found.kind.explanation().is_empty());
    Some(found.kind)
}

#[test]
fn what_a_person_may_not_expect() {
    for (scalar, kind) in [
        ("on", SurpriseKind::PlainWordIsBoolean),
        ("No", SurpriseKind::PlainWordIsBoolean),
        ("0644", SurpriseKind::LeadingZeroDropped),
        ("00", SurpriseKind::LeadingZeroDropped),
        ("-0644", SurpriseKind::SignedOctal),
        ("22:22", SurpriseKind::Sexagesimal),
        ("1:30.5", SurpriseKind::Sexagesimal),
        ("52:54:00:12:34:56", SurpriseKind::Sexagesimal),
        ("1_000", SurpriseKind::Underscore),
        ("1_0.5", SurpriseKind::Underscore),
        ("1.30", SurpriseKind::VersionIsFloat),
        ("1.10", SurpriseKind::VersionIsFloat),
        ("-1.50", SurpriseKind::VersionIsFloat),
    ] {
        assert_eq!(surprise(scalar), Some(kind), "{scalar}");
    }
}

#[test]
fn what_everybody_expects() {
    for scalar in [
        "true",
        "FALSE",
        "null",
        "~",
        "",
        "text",
        "0",
        "-1",
        "12",
        "1.5",
        "1.0",
        "0.0",
        "-2.0",
        ".inf",
        "1.5e+10",
        "0x1F",
        "0b11",
        "'on'",
        "\"0644\"",
        "'22:22'",
        "!!int 0644",
        "!!bool on",
        "!!str on",
        "1.36.4",
        "08",
        "80:443",
        "[]",
        "{}",
    ] {
        assert_eq!(surprise(scalar), None, "{scalar}");
    }
}

#[test]
fn keys_surprise_too() {
    let document = parse(b"on: {0644: x}\n", SourceId(0), &Limits::default()).unwrap();
    let kinds: Vec<_> = document.surprises.iter().map(|surprise| surprise.kind).collect();
    assert_eq!(kinds, [SurpriseKind::PlainWordIsBoolean, SurpriseKind::LeadingZeroDropped]);
}

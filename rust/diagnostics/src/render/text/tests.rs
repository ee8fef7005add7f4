use tree::{Position, SourceId, Span};

use super::*;
use crate::Source;

fn span(source: u32, line: u32, start: u32, end: u32) -> Span {
    let position = |column| Position { line, column };
    Span { source: SourceId(source), start: position(start), end: position(end) }
}

fn pillar() -> Sources {
    [Source::new("pillar/prod.sls", "k8s_ha:\n  nodes:\n    cp1: {ip: 10.0.10.11}\n    cp2: {ip: 10.0.10.11}\n")]
        .into_iter()
        .collect()
}

fn twice() -> Diagnostic {
    Diagnostic::new("NET-001", "address-twice", Severity::Error, "10.0.10.11 is the address of `cp1` and of `cp2`")
        .at("k8s_ha.nodes.cp2.ip", Some(span(0, 4, 15, 25)))
        .label("k8s_ha.nodes.cp1.ip", Some(span(0, 3, 15, 25)), "given here first")
        .why("two hosts answer for one address")
        .help("give `cp2` an address of its own")
}

#[test]
fn a_finding_with_its_line_its_label_and_its_notes() {
    assert_eq!(
        text(&[twice()], &pillar(), false),
        "\
error[NET-001 address-twice]: 10.0.10.11 is the address of `cp1` and of `cp2`
 --> pillar/prod.sls:4:15
  |
3 |     cp1: {ip: 10.0.10.11}
  |               ---------- given here first
4 |     cp2: {ip: 10.0.10.11}
  |               ^^^^^^^^^^ k8s_ha.nodes.cp2.ip
  |
  = why: two hosts answer for one address
  = help: give `cp2` an address of its own

1 error
"
    );
}

#[test]
fn a_finding_without_a_line_shows_its_path_alone() {
    let mut finding = twice().at("k8s_ha.nodes.cp2.ip", None);
    finding.labels[0].span = None;
    assert_eq!(
        text(&[finding], &Sources::new(), false),
        "\
error[NET-001 address-twice]: 10.0.10.11 is the address of `cp1` and of `cp2`
--> k8s_ha.nodes.cp2.ip
 = note: k8s_ha.nodes.cp1.ip: given here first
 = why: two hosts answer for one address
 = help: give `cp2` an address of its own

1 error
"
    );
}

#[test]
fn a_span_of_no_known_text_counts_as_none() {
    let output = text(&[twice()], &Sources::new(), false);
    assert!(output.contains("--> k8s_ha.nodes.cp2.ip\n"), "{output}");
}

#[test]
fn lines_of_jinjas_output_are_called_so() {
    let sources: Sources = [Source::rendered("a.sls", "a: b")].into_iter().collect();
    let finding = Diagnostic::new("A-001", "a", Severity::Warn, "m").at("", Some(span(0, 1, 4, 5)));
    assert_eq!(
        text(&[finding], &sources, false),
        "warning[A-001 a]: m\n --> a.sls (rendered line):1:4\n  |\n1 | a: b\n  |    ^\n\n1 warning\n"
    );
}

#[test]
fn an_acknowledged_finding_is_short() {
    let finding = Diagnostic::new("ETCD-023", "one-disk", Severity::Error, "m")
        .at("p", Some(span(0, 3, 5, 8)))
        .acknowledge("one disk only", Some("2027-03-01".to_owned()));
    assert_eq!(
        text(&[finding], &pillar(), false),
        "\
acknowledged[ETCD-023 one-disk]: m
--> pillar/prod.sls:3:5
 = because: one disk only
 = until: 2027-03-01

1 acknowledged
"
    );
}

#[test]
fn places_far_apart_are_shown_in_pieces() {
    let mut sources = Sources::new();
    sources.push(Source::new("a.sls", "x: 1\n".repeat(400)));
    sources.push(Source::new("b.sls", "y: 2"));
    let finding = Diagnostic::new("A-001", "a", Severity::Info, "m")
        .at("", Some(span(0, 300, 4, 5)))
        .label("", Some(span(0, 2, 4, 5)), "far")
        .label("", Some(span(1, 1, 4, 5)), "elsewhere");
    assert_eq!(
        text(&[finding], &sources, false),
        "\
info[A-001 a]: m
   --> a.sls:300:4
    |
300 | x: 1
    |    ^
    |
   ::: a.sls:2:4
    |
  2 | x: 1
    |    - far
    |
   ::: b.sls:1:4
    |
  1 | y: 2
    |    - elsewhere

1 info
"
    );
}

#[test]
fn a_long_section_is_shown_by_its_first_line() {
    let whole = Span { end: Position { line: 5, column: 1 }, ..span(0, 3, 10, 10) };
    let finding = Diagnostic::new("A-001", "a", Severity::Warn, "m").at("p", Some(whole));
    let output = text(&[finding], &pillar(), false);
    assert!(output.contains("3 |     cp1: {ip: 10.0.10.11}\n  |          ^^^^^^^^^^^^^^^^ p\n"), "{output}");
}

#[test]
fn places_behind_the_end_and_empty_places_have_a_caret() {
    for (line, column) in [(99, 1), (4, 99), (4, 26), (0, 0), (u32::MAX, u32::MAX)] {
        let finding = Diagnostic::new("A-001", "a", Severity::Warn, "m").at("p", Some(span(0, line, column, column)));
        let output = text(&[finding], &pillar(), false);
        assert!(output.contains('^'), "{line}:{column}\n{output}");
    }
    let empty: Sources = [Source::new("empty.sls", "")].into_iter().collect();
    let finding = Diagnostic::new("A-001", "a", Severity::Warn, "m").at("", Some(span(0, 1, 1, 1)));
    assert!(text(&[finding], &empty, false).contains("empty.sls:1:1"));
}

#[test]
fn a_secret_is_masked_and_the_column_is_still_that_of_the_file() {
    let mut sources = Sources::new();
    let line = "cp1: {password: PLANTED-SECRET, nam: x}";
    let id = sources.push(Source::new("a.sls", line));
    sources.hide(id, [span(0, 1, 17, 31)]);
    let finding =
        Diagnostic::new("A-001", "a", Severity::Error, "unknown key `nam`").at("cp1.nam", Some(span(0, 1, 33, 36)));
    let expected = "\
error[A-001 a]: unknown key `nam`
 --> a.sls:1:33
  |
1 | cp1: {password: ••••••, nam: x}
  |                         ^^^ cp1.nam

1 error
";
    assert_eq!(text(std::slice::from_ref(&finding), &sources, false), expected);
    assert!(text(&[finding], &sources, true).contains("a.sls:1:33"));
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let sources: Sources = [Source::new("a\u{1b}.sls", "a: \u{1b}[31mb\u{202e}\u{9b}")].into_iter().collect();
    let finding = Diagnostic::new("A-001", "a", Severity::Error, "bad \u{1b}[31m")
        .at("p\u{1b}", Some(span(0, 1, 4, 5)))
        .help("h\u{1b}\u{7}")
        .why("w\u{9b}")
        .label("q\u{1b}", None, "l\u{1b}");
    for finding in [finding.clone(), finding.clone().at("p\u{1b}", None), finding.acknowledge("b\u{1b}", None)] {
        let output = text(&[finding], &sources, false);
        assert!(!output.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{9b}']), "{output:?}");
    }
}

#[test]
fn colour_is_only_there_when_asked_for() {
    assert!(!text(&[twice()], &pillar(), false).contains('\u{1b}'));
    assert!(text(&[twice()], &pillar(), true).contains("\u{1b}["));
}

#[test]
fn nothing_found_is_one_line() {
    assert_eq!(text(&[], &Sources::new(), false), "no findings\n");
}

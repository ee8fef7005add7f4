//! Prints sample findings in the format named by the argument: `cargo run -p k8s-ha-diagnostics --example formats -- sarif`.
//!
//! The findings hold what is hard to print: characters that a format must escape, spans over several lines, lines of
//! Jinja's output, findings without a place, and secrets beside them.

use std::error::Error;
use std::io::Write as _;

use diagnostics::{Diagnostic, Format, RuleDescription, Settings, Severity, Source, Sources, render, sort};
use tree::{Position, SourceId, Span};

const PILLAR: &str = "\
k8s_ha:
  nodes:
    cp1: {ip: 10.0.10.11, password: PLANTED-SECRET, nam: \"ä & <b>\"}
    cp2: {ip: 10.0.10.11}
    cp3:
      auth_pass: |
        PLANTED-SECRET
";

const BROKEN: &str = "\
k8s_ha:
  token: \"PLANTED-SECRET
  nodes: {
";

const RULES: &[RuleDescription<'static>] = &[
    RuleDescription {
        code: "NET-001",
        name: "address-twice",
        severity: Severity::Error,
        summary: "Two hosts have one address.",
        help: "Two hosts answer for one address. Give each its own.",
    },
    RuleDescription {
        code: "PLACE-001",
        name: "voters-on-one-host",
        severity: Severity::Warn,
        summary: "Most voters stand on one hypervisor.",
        help: "When it is lost, quorum is lost. Spread them.",
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let format: Format = std::env::args().nth(1).unwrap_or_default().parse()?;
    let mut sources = Sources::new();
    let pillar = sources.push(Source::new("pillar/a b&\"c\",d.sls", PILLAR));
    sources.hide(
        pillar,
        [of(pillar, 3, "PLANTED-SECRET"), Span { end: Position { line: 8, column: 1 }, ..of(pillar, 6, "|") }],
    );
    let broken = sources.push(Source::new("/srv/pillar/broken.sls", BROKEN));
    let rendered = sources.push(Source::rendered("pillar/jinja.sls", "k8s_ha:\n  cluster: {}\n"));
    sources.hide(rendered, []);
    sources.push(Source::new("pillar/clean.sls", "other: yes\n"));
    let mut findings = findings(pillar, broken, rendered);
    sort(&mut findings, &sources);
    let output = render(format, &findings, &sources, &Settings { color: false, rules: RULES });
    std::io::stdout().write_all(output.as_bytes())?;
    Ok(())
}

/// Where a word stands on a line of the sample pillar.
fn of(source: SourceId, line: u32, word: &str) -> Span {
    let text = PILLAR.lines().nth(line as usize - 1).unwrap_or_default();
    let before = text.split(word).next().unwrap_or_default();
    let position = |column: usize| Position { line, column: u32::try_from(column + 1).unwrap_or(u32::MAX) };
    let start = before.chars().count();
    Span { source, start: position(start), end: position(start + word.chars().count()) }
}

fn at(source: SourceId, line: u32, column: u32) -> Span {
    let position = Position { line, column };
    Span { source, start: position, end: position }
}

fn findings(pillar: SourceId, broken: SourceId, rendered: SourceId) -> Vec<Diagnostic> {
    vec![
        Diagnostic::new("NET-001", "address-twice", Severity::Error, "10.0.10.11 is the address of `cp1` and of `cp2`")
            .at("k8s_ha.nodes.cp2.ip", Some(of(pillar, 4, "10.0.10.11")))
            .label("k8s_ha.nodes.cp1.ip", Some(of(pillar, 3, "10.0.10.11")), "given here first")
            .why("two hosts answer for one address")
            .help("give `cp2` an address of its own"),
        Diagnostic::new(
            "SCHEMA-001",
            "unknown-key",
            Severity::Error,
            "unknown key `nam`: \"<&>\", 100%\nsecond line\u{1}",
        )
        .at("k8s_ha.nodes.cp1.nam", Some(of(pillar, 3, "nam")))
        .help("write `name`"),
        Diagnostic::new("PLACE-001", "voters-on-one-host", Severity::Warn, "2 of 3 voters stand on `pve1`")
            .at("k8s_ha.nodes", Some(Span { end: Position { line: 8, column: 1 }, ..of(pillar, 3, "cp1") }))
            .acknowledge("one host <only>", Some("2027-03-01".to_owned())),
        Diagnostic::new("YAML-001", "not-yaml", Severity::Error, "the quote is not closed")
            .at("", Some(at(broken, 4, 1))),
        Diagnostic::new("CLUSTER-001", "no-version", Severity::Warn, "no version is given")
            .at("k8s_ha.cluster", Some(at(rendered, 2, 12)))
            .dated(),
        Diagnostic::new("NODE-001", "few-nodes", Severity::Info, "there are 3 nodes"),
        Diagnostic::new("NODE-002", "no-worker", Severity::Warn, "no node is a worker").at("k8s_ha.nodes", None).label(
            "k8s_ha.profiles",
            None,
            "the profiles name none",
        ),
    ]
}

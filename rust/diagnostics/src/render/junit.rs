//! `JUnit` XML for the test reports of CI servers.

use std::fmt::Write as _;

use super::{place, source_of};
use crate::{Diagnostic, Severity, Sources};

/// The suite of findings that have no file.
const NO_FILE: &str = "pillar";

/// One test suite for each file, one failed test case for each error and warning in it.
///
/// An acknowledged finding is a skipped test case, an info a passed one with its text. A file without findings has one
/// passed test case, so that the report shows that it was read. The elements and their order follow Jenkins's schema
/// (`junit-4.xsd`).
#[must_use]
pub fn junit(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let suites = suites(diagnostics, sources);
    let mut output = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let total = Counts::of(diagnostics.iter());
    // Writing to a String cannot fail.
    let _ = writeln!(
        output,
        "<testsuites name=\"k8s-ha lint\" tests=\"{}\" failures=\"{}\" errors=\"0\">",
        suites.iter().map(|(_, findings)| findings.len().max(1)).sum::<usize>(),
        total.failures
    );
    for (name, findings) in suites {
        output.push_str(&suite(name, &findings, sources));
    }
    output.push_str("</testsuites>\n");
    output
}

/// The files in the order in which they were read, each once; findings without a file at the end.
fn suites<'a>(diagnostics: &'a [Diagnostic], sources: &'a Sources) -> Vec<(&'a str, Vec<&'a Diagnostic>)> {
    let mut suites: Vec<(&str, Vec<&Diagnostic>)> = Vec::new();
    let mut numbers = std::collections::HashMap::new();
    for name in sources.iter().map(|source| source.name.as_str()) {
        numbers.entry(name).or_insert_with(|| {
            suites.push((name, Vec::new()));
            suites.len() - 1
        });
    }
    let mut elsewhere = Vec::new();
    for diagnostic in diagnostics {
        match source_of(diagnostic.span, sources).and_then(|(source, _)| numbers.get(source.name.as_str())) {
            Some(number) => suites[*number].1.push(diagnostic),
            None => elsewhere.push(diagnostic),
        }
    }
    if !elsewhere.is_empty() || suites.is_empty() {
        suites.push((NO_FILE, elsewhere));
    }
    suites
}

struct Counts {
    failures: usize,
    skipped: usize,
}

impl Counts {
    fn of<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic> + Clone) -> Self {
        Self {
            failures: diagnostics.clone().filter(|diagnostic| fails(diagnostic)).count(),
            skipped: diagnostics.filter(|diagnostic| diagnostic.acknowledged.is_some()).count(),
        }
    }
}

fn fails(diagnostic: &Diagnostic) -> bool {
    diagnostic.acknowledged.is_none() && diagnostic.severity > Severity::Info
}

fn suite(name: &str, findings: &[&Diagnostic], sources: &Sources) -> String {
    let counts = Counts::of(findings.iter().copied());
    let mut output = format!(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
        escape(name),
        findings.len().max(1),
        counts.failures,
        counts.skipped
    );
    if findings.is_empty() {
        let _ = writeln!(output, "    <testcase name=\"no findings\" classname=\"{}\"/>", escape(name));
    }
    for finding in findings {
        output.push_str(&case(name, finding, sources));
    }
    output.push_str("  </testsuite>\n");
    output
}

fn case(suite: &str, diagnostic: &Diagnostic, sources: &Sources) -> String {
    let body = escape(&body(diagnostic, sources));
    let result = match &diagnostic.acknowledged {
        Some(acknowledged) => format!("<skipped>{}</skipped>", escape(&acknowledged.because)),
        None if fails(diagnostic) => format!(
            "<failure type=\"{}\" message=\"{}\">{body}</failure>",
            diagnostic.severity,
            escape(&diagnostic.message)
        ),
        None => format!("<system-out>{body}</system-out>"),
    };
    let mut name = format!("{} {}", diagnostic.code, diagnostic.name);
    if !diagnostic.path.is_empty() {
        let _ = write!(name, " {}", diagnostic.path);
    }
    format!(
        "    <testcase name=\"{}\" classname=\"{}\">\n      {result}\n    </testcase>\n",
        escape(&name),
        escape(suite)
    )
}

fn body(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut lines = Vec::new();
    lines.extend(source_of(diagnostic.span, sources).map(|(source, span)| place(source, span)));
    lines.push(diagnostic.message.clone());
    lines.extend(diagnostic.why.as_ref().map(|why| format!("why: {why}")));
    lines.extend(diagnostic.help.as_ref().map(|help| format!("help: {help}")));
    lines.join("\n")
}

/// Escapes text for XML 1.0, inside of elements and of attributes. What XML cannot hold becomes U+FFFD.
fn escape(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => output.push_str("&amp;"),
            '<' => output.push_str("&lt;"),
            '>' => output.push_str("&gt;"),
            '"' => output.push_str("&quot;"),
            '\n' => output.push_str("&#10;"),
            '\t' => output.push_str("&#9;"),
            '\r' => output.push_str("&#13;"),
            '\u{fffe}' | '\u{ffff}' => output.push('\u{fffd}'),
            _ if character.is_control() => output.push('\u{fffd}'),
            _ => output.push(character),
        }
    }
    output
}

#[cfg(test)]
mod tests {
    use tree::{Position, SourceId, Span};

    use super::*;
    use crate::Source;

    fn finding(severity: Severity) -> Diagnostic {
        let position = |line, column| Position { line, column };
        let span = Span { source: SourceId(0), start: position(3, 5), end: position(3, 9) };
        Diagnostic::new("NET-001", "address-twice", severity, "`a` <b> & \"c\"\u{1}").at("k8s_ha.nodes", Some(span))
    }

    fn sources() -> Sources {
        ["b.sls", "a&b.sls", "b.sls"].map(|name| Source::new(name, "")).into_iter().collect()
    }

    #[test]
    fn a_suite_for_each_file_and_a_case_for_each_finding() {
        let findings = [
            finding(Severity::Error).help("write d"),
            finding(Severity::Info),
            finding(Severity::Error).acknowledge("one disk", None),
            finding(Severity::Warn).at("", None),
        ];
        assert_eq!(
            junit(&findings, &sources()),
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="k8s-ha lint" tests="5" failures="2" errors="0">
  <testsuite name="b.sls" tests="3" failures="1" errors="0" skipped="1">
    <testcase name="NET-001 address-twice k8s_ha.nodes" classname="b.sls">
      <failure type="error" message="`a` &lt;b&gt; &amp; &quot;c&quot;�">b.sls:3:5&#10;`a` &lt;b&gt; &amp; &quot;c&quot;�&#10;help: write d</failure>
    </testcase>
    <testcase name="NET-001 address-twice k8s_ha.nodes" classname="b.sls">
      <system-out>b.sls:3:5&#10;`a` &lt;b&gt; &amp; &quot;c&quot;�</system-out>
    </testcase>
    <testcase name="NET-001 address-twice k8s_ha.nodes" classname="b.sls">
      <skipped>one disk</skipped>
    </testcase>
  </testsuite>
  <testsuite name="a&amp;b.sls" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="no findings" classname="a&amp;b.sls"/>
  </testsuite>
  <testsuite name="pillar" tests="1" failures="1" errors="0" skipped="0">
    <testcase name="NET-001 address-twice" classname="pillar">
      <failure type="warn" message="`a` &lt;b&gt; &amp; &quot;c&quot;�">`a` &lt;b&gt; &amp; &quot;c&quot;�</failure>
    </testcase>
  </testsuite>
</testsuites>
"#
        );
    }

    #[test]
    fn a_report_is_never_empty() {
        assert!(junit(&[], &Sources::new()).contains("<testcase name=\"no findings\" classname=\"pillar\"/>"));
    }
}

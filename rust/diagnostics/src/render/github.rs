//! Workflow commands of GitHub Actions, which become annotations of a pull request.

use std::fmt::Write as _;

use super::{place, source_of};
use crate::{Diagnostic, Severity, Sources};

/// One `::error file=…::message` line for each finding that nobody has acknowledged.
///
/// Columns are left out when a finding spans lines, because GitHub shows such an annotation at a wrong place. A line
/// of Jinja's output is named in the message instead, because it is no line of the file.
/// The commands and their escaping are those of the page "Workflow commands for GitHub Actions".
#[must_use]
pub fn github(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut output = String::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.acknowledged.is_none()) {
        let properties: Vec<String> =
            properties(diagnostic, sources).iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(
            output,
            "::{} {}::{}",
            command(diagnostic.severity),
            properties.join(","),
            data(&message(diagnostic, sources))
        );
    }
    output
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "notice",
    }
}

fn properties(diagnostic: &Diagnostic, sources: &Sources) -> Vec<(&'static str, String)> {
    let mut properties = Vec::new();
    if let Some((source, span)) = source_of(diagnostic.span, sources) {
        properties.push(("file", source.name.clone()));
        if !source.rendered {
            properties.push(("line", span.start.line.to_string()));
            properties.push(("endLine", span.end.line.to_string()));
            if span.start.line == span.end.line {
                properties.push(("col", span.start.column.to_string()));
                properties.push(("endColumn", span.end.column.to_string()));
            }
        }
    }
    properties.push(("title", format!("{} {}", diagnostic.code, diagnostic.name)));
    properties
}

fn message(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut lines = vec![diagnostic.message.clone()];
    if !diagnostic.path.is_empty() {
        lines.push(format!("at {}", diagnostic.path));
    }
    if let Some((source, span)) = source_of(diagnostic.span, sources).filter(|(source, _)| source.rendered) {
        lines.push(format!("in {}", place(source, span)));
    }
    lines.extend(diagnostic.why.as_ref().map(|why| format!("why: {why}")));
    lines.extend(diagnostic.help.as_ref().map(|help| format!("help: {help}")));
    lines.join("\n")
}

/// Escapes a message.
fn data(text: &str) -> String {
    let text: String =
        text.chars().map(|character| if is_unprintable(character) { '\u{fffd}' } else { character }).collect();
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn is_unprintable(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use tree::{Position, SourceId, Span};

    use super::*;
    use crate::Source;

    fn span(end_line: u32) -> Span {
        let position = |line, column| Position { line, column };
        Span { source: SourceId(0), start: position(3, 5), end: position(end_line, 9) }
    }

    fn finding(end_line: u32) -> Diagnostic {
        Diagnostic::new("NET-001", "address-twice", Severity::Error, "100% wrong:\r\na, b")
            .at("k8s_ha.nodes", Some(span(end_line)))
            .help("write c")
    }

    fn sources() -> Sources {
        [Source::new("pillar/a,b:c%.sls", "")].into_iter().collect()
    }

    #[test]
    fn properties_and_message_are_escaped() {
        assert_eq!(
            github(&[finding(3)], &sources()),
            "::error file=pillar/a%2Cb%3Ac%25.sls,line=3,endLine=3,col=5,endColumn=9,title=NET-001 address-twice\
             ::100%25 wrong:%0D%0Aa, b%0Aat k8s_ha.nodes%0Ahelp: write c\n"
        );
    }

    #[test]
    fn columns_are_left_out_over_several_lines() {
        let output = github(&[finding(4)], &sources());
        assert!(output.contains(",line=3,endLine=4,title="), "{output}");
    }

    #[test]
    fn a_rendered_line_is_not_given_as_a_line_of_the_file() {
        let sources: Sources = [Source::rendered("a.sls", "")].into_iter().collect();
        assert_eq!(
            github(&[Diagnostic::new("A-001", "a", Severity::Info, "m").at("", Some(span(3)))], &sources),
            "::notice file=a.sls,title=A-001 a::m%0Ain a.sls (rendered line):3:5\n"
        );
    }

    #[test]
    fn without_a_place_there_is_the_title() {
        let finding = Diagnostic::new("A-001", "a", Severity::Warn, "m\u{1b}");
        assert_eq!(github(&[finding], &Sources::new()), "::warning title=A-001 a::m\u{fffd}\n");
    }

    #[test]
    fn acknowledged_findings_make_no_annotation() {
        assert_eq!(github(&[finding(3).acknowledge("known", None)], &sources()), "");
    }
}

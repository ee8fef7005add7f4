//! Text for people: the source line with a caret.

mod piece;

use std::borrow::Cow;

use annotate_snippets::{Group, Level, Message, Origin, Renderer, Title, normalize_untrusted_str};

use self::piece::{Cutter, Mark};
use super::{place, source_of};
use crate::{Diagnostic, Severity, Sources, Summary};

/// Prints findings as rustc prints its own, then one line that counts them.
///
/// A finding without a line shows its path alone. An acknowledged finding is short: where it is, and why it was
/// accepted. No secret is shown in a source line.
#[must_use]
pub fn text(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut cutter = Cutter::new(sources);
    let mut output = String::new();
    for diagnostic in diagnostics {
        output.push_str(&if diagnostic.acknowledged.is_some() {
            accepted(diagnostic, sources, &renderer)
        } else {
            finding(diagnostic, sources, &mut cutter, &renderer)
        });
        output.push_str("\n\n");
    }
    output.push_str(&Summary::of(diagnostics).to_string());
    output.push('\n');
    output
}

fn finding(diagnostic: &Diagnostic, sources: &Sources, cutter: &mut Cutter<'_>, renderer: &Renderer) -> String {
    let marks = marks(diagnostic, sources);
    let pieces = cutter.cut(&marks);
    let mut group = Group::with_title(title(level(diagnostic.severity), diagnostic));
    if !marks.iter().any(|mark| mark.primary) && !diagnostic.path.is_empty() {
        group = group.element(Origin::path(printable(&diagnostic.path)));
    }
    group = group.elements(pieces.iter().map(piece::Piece::snippet)).elements(notes(diagnostic, sources));
    pieces.iter().fold(renderer.render(&[group]), |output, piece| piece.with_column_of_file(output))
}

fn accepted(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let mut group = Group::with_title(title(Level::NOTE.with_name("acknowledged"), diagnostic));
    if let Some((source, span)) = source_of(diagnostic.span, sources) {
        group = group.element(Origin::path(printable(&place(source, span))));
    } else if !diagnostic.path.is_empty() {
        group = group.element(Origin::path(printable(&diagnostic.path)));
    }
    renderer.render(&[group.elements(notes(diagnostic, sources))])
}

/// The places of a finding that have lines, the finding's own first.
fn marks(diagnostic: &Diagnostic, sources: &Sources) -> Vec<Mark> {
    let own = diagnostic.span.map(|span| Mark { span, label: printable(&diagnostic.path), primary: true });
    let others = diagnostic
        .labels
        .iter()
        .filter_map(|label| label.span.map(|span| Mark { span, label: printable(&label.message), primary: false }));
    own.into_iter().chain(others).filter(|mark| sources.get(mark.span.source).is_some()).collect()
}

fn title(level: Level<'static>, diagnostic: &Diagnostic) -> Title<'static> {
    level.primary_title(printable(&diagnostic.message)).id(format!("{} {}", diagnostic.code, diagnostic.name))
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warn => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}

/// The lines below the source: other places that have no line, the reason, what to write, and why it was accepted.
fn notes(diagnostic: &Diagnostic, sources: &Sources) -> Vec<Message<'static>> {
    let elsewhere = diagnostic
        .labels
        .iter()
        .filter(|label| source_of(label.span, sources).is_none())
        .map(|label| (Level::NOTE, Cow::Owned(format!("{}: {}", label.path, label.message))));
    let named = [
        ("why", diagnostic.why.as_deref()),
        ("help", diagnostic.help.as_deref()),
        ("because", diagnostic.acknowledged.as_ref().map(|acknowledged| acknowledged.because.as_str())),
        ("until", diagnostic.acknowledged.as_ref().and_then(|acknowledged| acknowledged.until.as_deref())),
    ];
    let named = named.into_iter().filter_map(|(name, text)| {
        let level = if name == "help" { Level::HELP } else { Level::NOTE.with_name(name) };
        text.map(|text| (level, Cow::Borrowed(text)))
    });
    elsewhere.chain(named).map(|(level, text)| level.message(printable(&text))).collect()
}

/// The text without characters that a terminal would obey. The library leaves those of U+0080 to U+009F.
fn printable(text: &str) -> String {
    normalize_untrusted_str(text).replace(|character| ('\u{80}'..='\u{9f}').contains(&character), "\u{fffd}")
}

#[cfg(test)]
mod tests;

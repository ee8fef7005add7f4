//! SARIF 2.1.0, for code scanning services and editors.

mod log;
mod uri;

use std::collections::{BTreeMap, HashMap};

use tree::Span;

use self::log::{
    ArtifactLocation, Configuration, Driver, Location, Log, LogicalLocation, Message, PhysicalLocation, Region,
    ReportingDescriptor, Run, SarifResult, Suppression, Tool,
};
use super::{place, source_of};
use crate::pretty::pretty;
use crate::{Diagnostic, RuleDescription, Severity, Sources};

/// The key of our fingerprint. The number changes when [`Diagnostic::fingerprint`] does.
const FINGERPRINT: &str = "k8sHaFinding/v1";

/// A SARIF log with one run: all rules that were applied, and a result for each finding.
///
/// Acknowledged findings are results with a suppression. Lines and columns count from 1, columns in characters. A line
/// of Jinja's output is named in the message and is no region, because it is no line of the file.
#[must_use]
pub fn sarif(diagnostics: &[Diagnostic], sources: &Sources, rules: &[RuleDescription<'_>]) -> String {
    let indices: HashMap<&str, usize> = rules.iter().enumerate().map(|(index, rule)| (rule.code, index)).collect();
    pretty(&Log {
        schema: log::SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "k8s-ha",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.iter().map(descriptor).collect(),
                },
            },
            results: diagnostics.iter().map(|diagnostic| result(diagnostic, sources, &indices)).collect(),
            column_kind: "unicodeCodePoints",
        }],
    })
}

fn descriptor<'a>(rule: &RuleDescription<'a>) -> ReportingDescriptor<'a> {
    ReportingDescriptor {
        id: rule.code,
        name: rule.name,
        short_description: Message::new(rule.summary),
        help: Message::new(rule.help),
        default_configuration: Configuration { level: level(rule.severity) },
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "note",
    }
}

fn result<'a>(diagnostic: &'a Diagnostic, sources: &Sources, indices: &HashMap<&str, usize>) -> SarifResult<'a> {
    let suppression = |acknowledged: &crate::Acknowledged| Suppression {
        kind: "external",
        status: "accepted",
        justification: match &acknowledged.until {
            Some(until) => format!("{} (until {until})", acknowledged.because),
            None => acknowledged.because.clone(),
        },
    };
    let related = diagnostic.labels.iter().enumerate().filter_map(|(id, label)| {
        let location = location(&label.path, label.span, sources)?;
        Some(Location { id: Some(id), message: Some(Message::new(label.message.clone())), ..location })
    });
    SarifResult {
        rule_id: &diagnostic.code,
        rule_index: indices.get(diagnostic.code.as_ref()).copied(),
        level: level(diagnostic.severity),
        message: Message::new(message(diagnostic, sources)),
        locations: location(&diagnostic.path, diagnostic.span, sources).into_iter().collect(),
        related_locations: related.collect(),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, diagnostic.fingerprint())]),
        suppressions: diagnostic.acknowledged.iter().map(suppression).collect(),
    }
}

fn message(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut lines = vec![diagnostic.message.clone()];
    if let Some((source, span)) = source_of(diagnostic.span, sources).filter(|(source, _)| source.rendered) {
        lines.push(format!("in {}", place(source, span)));
    }
    lines.extend(diagnostic.why.clone());
    lines.extend(diagnostic.help.clone());
    lines.join("\n")
}

/// Where something is, by its file, its path in the pillar or both; `None` if neither is known.
fn location<'a>(path: &'a str, span: Option<Span>, sources: &Sources) -> Option<Location<'a>> {
    let physical_location = source_of(span, sources).map(|(source, span)| PhysicalLocation {
        artifact_location: ArtifactLocation::of(&source.name),
        region: (!source.rendered).then(|| Region::of(span)),
    });
    let logical_locations: Vec<_> =
        (!path.is_empty()).then_some(LogicalLocation { fully_qualified_name: path }).into_iter().collect();
    (physical_location.is_some() || !logical_locations.is_empty()).then_some(Location {
        id: None,
        message: None,
        physical_location,
        logical_locations,
    })
}

impl Region {
    fn of(span: Span) -> Self {
        Self {
            start_line: span.start.line.max(1),
            start_column: span.start.column.max(1),
            end_line: span.end.line.max(1),
            end_column: span.end.column.max(1),
        }
    }
}

impl ArtifactLocation {
    fn of(name: &str) -> Self {
        let (uri, relative) = uri::of_file(name);
        Self { uri, uri_base_id: relative.then_some("%SRCROOT%") }
    }
}

#[cfg(test)]
mod tests;

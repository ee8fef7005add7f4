//! What was found, over all paths.

use crate::Error;
use crate::arguments::Reading;
use diagnostics::{Diagnostic, Sources};
use pillar::{Loaded, Options};
use std::time::{SystemTime, UNIX_EPOCH};
use topology::values::Date;
use topology::{Facts, Topology};
use tree::{SourceId, Span};

/// Findings and the texts to which they point.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub sources: Sources,
    pub findings: Vec<Diagnostic>,
}

impl Report {
    /// Judges the clusters of a path, and adds what was found there.
    pub fn add(&mut self, loaded: &Loaded, facts: &Facts, today: Date) {
        let mut findings = loaded.findings.clone();
        for cluster in &loaded.clusters {
            findings.extend(lint::run(&cluster.reading, facts, today));
        }
        loaded.point_to_files(&mut findings);
        let offset = self.sources.next_id().0;
        let shift = |span: &mut Option<Span>| {
            *span = span.map(|span| Span { source: SourceId(span.source.0 + offset), ..span });
        };
        for finding in &mut findings {
            shift(&mut finding.span);
            finding.labels.iter_mut().for_each(|label| shift(&mut label.span));
        }
        for mut source in loaded.sources.iter().cloned() {
            source.secrets.iter_mut().for_each(|span| span.source.0 += offset);
            self.sources.push(source);
        }
        self.findings.extend(findings);
    }

    /// Puts the findings in the order in which they are printed.
    pub fn sort(&mut self) {
        diagnostics::sort(&mut self.findings, &self.sources);
    }
}

impl Reading {
    pub fn options(&self) -> Options {
        Options {
            saltenv: self.saltenv.clone(),
            merge_lists: self.merge_lists,
            grains: self.grains.clone(),
            pillar: self.pillar.clone(),
            ..Options::new(pillar::salt_call)
        }
    }
}

pub(crate) fn facts() -> Result<Facts, Error> {
    Facts::built_in().map_err(Error::Usage)
}

/// The day given, or the system's.
pub(crate) fn today(given: Option<Date>) -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    given.unwrap_or_else(|| Date::from_days_since_epoch(seconds / 86_400))
}

/// Prints an answer for a program.
pub(crate) fn print_json(answer: &impl serde::Serialize, out: &mut dyn std::io::Write) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(answer).map_err(|error| Error::Usage(error.to_string()))?;
    writeln!(out, "{text}")?;
    Ok(())
}

/// The node of that name.
///
/// # Errors
/// A sentence with the nearest known name.
pub(crate) fn node_named<'t>(topology: &'t Topology, name: &str) -> Result<&'t topology::Node, Error> {
    topology.node(name).ok_or_else(|| {
        let known = topology.nodes.iter().map(|node| node.name.as_str());
        let hint = tree::nearest(name, known.clone()).map_or_else(
            || format!("there is: {}", known.collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Error::Usage(format!("there is no node `{name}` in cluster `{}`; {hint}", topology.cluster.name))
    })
}

/// The elements that are called so.
///
/// # Errors
/// A sentence with the nearest known name, or with the kinds to choose from.
pub(crate) fn elements(model: &faults::Model, names: &[String]) -> Result<Vec<faults::EventId>, Error> {
    names.iter().map(|name| model.named(name).map_err(|error| Error::Usage(error.to_string()))).collect()
}

//! What was found, over all paths.

use crate::Error;
use crate::arguments::Reading;
use diagnostics::{Diagnostic, Settings, Sources};
use pillar::{Cluster, Loaded, Options};
use std::io::Write;
use std::path::Path;
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

/// One cluster, and what it resolves to.
pub(crate) struct Accepted {
    pub cluster: Cluster,
    pub topology: Topology,
}

/// Reads the one cluster of a path. `None` when findings refuse it; they are printed to `err`.
pub(crate) fn accepted(
    path: &Path,
    reading: &Reading,
    name: Option<&str>,
    facts: &Facts,
    err: &mut dyn Write,
) -> Result<Option<Accepted>, Error> {
    let Some(judged) = judged(path, reading, name, facts, err)? else { return Ok(None) };
    match judged.cluster.reading.topology.clone() {
        Some(topology) if !judged.findings.iter().any(lint::blocks) => {
            Ok(Some(Accepted { cluster: judged.cluster, topology }))
        }
        _ => {
            print_findings(judged.findings, &judged.loaded, err)?;
            Ok(None)
        }
    }
}

/// Reads the topology of the one cluster of a path, whatever its findings are: what it can lose is asked all the more where it
/// misses its targets. `None` when it cannot be resolved; the findings are printed to `err`.
pub(crate) fn resolved(
    path: &Path,
    reading: &Reading,
    name: Option<&str>,
    facts: &Facts,
    err: &mut dyn Write,
) -> Result<Option<Accepted>, Error> {
    let Some(judged) = judged(path, reading, name, facts, err)? else { return Ok(None) };
    let Some(judged) = with_topology(judged, err)? else { return Ok(None) };
    Ok(judged.cluster.reading.topology.clone().map(|topology| Accepted { cluster: judged.cluster, topology }))
}

/// The same with what was found in it, and the texts to which that points.
pub(crate) fn resolved_and_judged(
    path: &Path,
    reading: &Reading,
    name: Option<&str>,
    facts: &Facts,
    err: &mut dyn Write,
) -> Result<Option<(Topology, Report)>, Error> {
    let Some(judged) = judged(path, reading, name, facts, err)? else { return Ok(None) };
    let Some(mut judged) = with_topology(judged, err)? else { return Ok(None) };
    judged.loaded.point_to_files(&mut judged.findings);
    diagnostics::sort(&mut judged.findings, &judged.loaded.sources);
    let report = Report { sources: judged.loaded.sources, findings: judged.findings };
    Ok(judged.cluster.reading.topology.map(|topology| (topology, report)))
}

/// Prints the findings where there is no topology.
fn with_topology(judged: Judged, err: &mut dyn Write) -> Result<Option<Judged>, Error> {
    if judged.cluster.reading.topology.is_some() {
        return Ok(Some(judged));
    }
    print_findings(judged.findings, &judged.loaded, err)?;
    Ok(None)
}

/// One cluster with what was found in it.
struct Judged {
    cluster: Cluster,
    findings: Vec<Diagnostic>,
    loaded: Loaded,
}

/// Reads the one cluster of a path. `None` when there is none; why is printed to `err`.
fn judged(
    path: &Path,
    reading: &Reading,
    name: Option<&str>,
    facts: &Facts,
    err: &mut dyn Write,
) -> Result<Option<Judged>, Error> {
    let mut loaded = pillar::load(path, &reading.options(), facts)?;
    let Some(cluster) = one_of(std::mem::take(&mut loaded.clusters), path, name)? else {
        print_findings(loaded.findings.clone(), &loaded, err)?;
        return Ok(None);
    };
    let mut findings = loaded.findings.clone();
    findings.extend(lint::run(&cluster.reading, facts, today(reading.today)));
    Ok(Some(Judged { cluster, findings, loaded }))
}

/// The one cluster, or the one of that name.
fn one_of(mut clusters: Vec<Cluster>, path: &Path, name: Option<&str>) -> Result<Option<Cluster>, Error> {
    let names: Vec<String> = clusters.iter().map(cluster_name).collect();
    if let Some(name) = name {
        clusters.retain(|cluster| cluster_name(cluster) == name);
        if clusters.is_empty() && !names.is_empty() {
            return Err(Error::Usage(format!(
                "there is no cluster `{name}` in `{}`; there is: {}",
                path.display(),
                names.join(", ")
            )));
        }
    }
    if clusters.len() > 1 {
        let message = format!(
            "`{}` has {} clusters; choose one with --cluster: {}",
            path.display(),
            clusters.len(),
            names.join(", ")
        );
        return Err(Error::Usage(message));
    }
    Ok(clusters.pop())
}

fn cluster_name(cluster: &Cluster) -> String {
    cluster.reading.topology.as_ref().map_or_else(|| cluster.label.clone(), |topology| topology.cluster.name.clone())
}

/// Prints the findings that refuse; the others would hide them.
fn print_findings(mut findings: Vec<Diagnostic>, loaded: &Loaded, err: &mut dyn Write) -> Result<(), Error> {
    findings.retain(|finding| lint::blocks(finding) || finding.code == "PILLAR-008");
    loaded.point_to_files(&mut findings);
    diagnostics::sort(&mut findings, &loaded.sources);
    let text = diagnostics::render(diagnostics::Format::Text, &findings, &loaded.sources, &Settings::default());
    err.write_all(text.as_bytes())?;
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

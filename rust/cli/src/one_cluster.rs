//! The one cluster of a path: read, and judged where that is asked.

use crate::Error;
use crate::arguments::{OnePillar, Reading};
use crate::report::{Report, today};
use diagnostics::{Diagnostic, Settings};
use pillar::{Cluster, Loaded};
use std::io::Write;
use std::path::Path;
use topology::values::Date;
use topology::{Facts, Topology};

/// Where a cluster is read from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub path: &'a Path,
    pub reading: &'a Reading,
    /// Its name, where there are several.
    pub cluster: Option<&'a str>,
}

impl OnePillar {
    pub fn source(&self) -> Source<'_> {
        Source { path: &self.path, reading: &self.reading, cluster: self.cluster.as_deref() }
    }
}

/// One cluster, and what it resolves to.
pub(crate) struct Accepted {
    pub cluster: Cluster,
    pub topology: Topology,
}

/// One cluster as it was read.
struct Chosen {
    cluster: Cluster,
    loaded: Loaded,
    today: Date,
}

/// Reads the one cluster of a path. `None` when findings refuse it; they are printed to `err`.
pub(crate) fn accepted(source: Source<'_>, facts: &Facts, err: &mut dyn Write) -> Result<Option<Accepted>, Error> {
    let Some(chosen) = Chosen::read(source, facts, err)? else { return Ok(None) };
    let findings = chosen.findings(facts);
    match chosen.cluster.reading.topology.clone() {
        Some(topology) if !findings.iter().any(lint::blocks) => {
            Ok(Some(Accepted { cluster: chosen.cluster, topology }))
        }
        _ => {
            print_findings(findings, &chosen.loaded, err)?;
            Ok(None)
        }
    }
}

/// Reads the topology of the one cluster of a path, whatever the rules find: what it can lose is asked all the more where it
/// misses its targets. `None` when it cannot be resolved; the findings are printed to `err`.
pub(crate) fn resolved(source: Source<'_>, facts: &Facts, err: &mut dyn Write) -> Result<Option<Accepted>, Error> {
    let Some(chosen) = Chosen::with_topology(source, facts, err)? else { return Ok(None) };
    Ok(chosen.cluster.reading.topology.clone().map(|topology| Accepted { cluster: chosen.cluster, topology }))
}

/// The same with what the rules find in it, and the texts to which that points.
pub(crate) fn resolved_and_judged(
    source: Source<'_>,
    facts: &Facts,
    err: &mut dyn Write,
) -> Result<Option<(Topology, Report)>, Error> {
    let Some(chosen) = Chosen::with_topology(source, facts, err)? else { return Ok(None) };
    let mut findings = chosen.findings(facts);
    chosen.loaded.point_to_files(&mut findings);
    diagnostics::sort(&mut findings, &chosen.loaded.sources);
    let report = Report { sources: chosen.loaded.sources, findings };
    Ok(chosen.cluster.reading.topology.map(|topology| (topology, report)))
}

impl Chosen {
    /// `None` when there is no cluster; why is printed to `err`.
    fn read(source: Source<'_>, facts: &Facts, err: &mut dyn Write) -> Result<Option<Self>, Error> {
        let mut loaded = pillar::load(source.path, &source.reading.options(), facts)?;
        let Some(cluster) = one_of(std::mem::take(&mut loaded.clusters), source)? else {
            print_findings(loaded.findings.clone(), &loaded, err)?;
            return Ok(None);
        };
        Ok(Some(Self { cluster, loaded, today: today(source.reading.today) }))
    }

    /// `None` also when it cannot be resolved; the findings are printed to `err`.
    fn with_topology(source: Source<'_>, facts: &Facts, err: &mut dyn Write) -> Result<Option<Self>, Error> {
        let Some(chosen) = Self::read(source, facts, err)? else { return Ok(None) };
        if chosen.cluster.reading.topology.is_some() {
            return Ok(Some(chosen));
        }
        print_findings(chosen.findings(facts), &chosen.loaded, err)?;
        Ok(None)
    }

    /// Everything that is found in it.
    fn findings(&self, facts: &Facts) -> Vec<Diagnostic> {
        let mut findings = self.loaded.findings.clone();
        findings.extend(lint::run(&self.cluster.reading, facts, self.today));
        findings
    }
}

/// The one cluster, or the one of that name.
fn one_of(mut clusters: Vec<Cluster>, source: Source<'_>) -> Result<Option<Cluster>, Error> {
    let path = source.path;
    let names: Vec<String> = clusters.iter().map(cluster_name).collect();
    if let Some(name) = source.cluster {
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

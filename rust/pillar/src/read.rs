//! From a path to the clusters that stand there.

use crate::codes::{NO_CLUSTER, finding, first_line};
use crate::environment::Environment;
use crate::error::Error;
use crate::members::Handed;
use crate::options::Options;
use diagnostics::{Diagnostic, Severity, Sources};
use std::path::{Path, PathBuf};
use topology::{Facts, Reading, read_pillar};
use tree::{Position, Span};

/// A cluster that was found.
#[derive(Debug)]
pub struct Cluster {
    /// The file, or `cluster NAME` in a tree with `top.sls`.
    pub label: String,
    /// What came of its pillar.
    pub reading: Reading,
}

/// What stands at a path.
#[derive(Debug)]
pub struct Loaded {
    /// All texts that were read.
    pub sources: Sources,
    /// The clusters.
    pub clusters: Vec<Cluster>,
    /// Findings about files; those about a cluster are in its reading.
    pub findings: Vec<Diagnostic>,
    rendered: std::collections::HashMap<tree::SourceId, (tree::SourceId, crate::lines::Lines)>,
}

impl Loaded {
    /// Points findings about rendered lines to the lines of the file, where these are known.
    pub fn point_to_files(&self, findings: &mut [Diagnostic]) {
        let mend = |span: &mut Option<Span>| *span = span.map(|span| self.in_file(span));
        for finding in findings {
            mend(&mut finding.span);
            finding.labels.iter_mut().for_each(|label| mend(&mut label.span));
        }
    }

    fn in_file(&self, span: Span) -> Span {
        let Some((file, lines)) = self.rendered.get(&span.source) else { return span };
        let at = |position: Position| lines.source_of(position.line).map(|line| Position { line, ..position });
        match (at(span.start), at(span.end)) {
            (Some(start), Some(end)) => Span { source: *file, start, end },
            (Some(start), None) => Span { source: *file, start, end: start },
            _ => span,
        }
    }
}

/// Reads a file, a pillar tree with `top.sls`, or a folder of pillar files.
///
/// # Errors
/// When nothing there can be used; everything else is a finding.
pub fn load(path: &Path, options: &Options, facts: &Facts) -> Result<Loaded, Error> {
    let about = std::fs::metadata(path).map_err(|error| Error::unreadable(path, &error))?;
    if !about.is_dir() {
        let root = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut environment = Environment::new(options, root);
        let handed = environment.single_file(path)?;
        return Ok(environment.finish(handed, facts));
    }
    let mut environment = Environment::new(options, path);
    let top = path.join("top.sls");
    let handed = if top.is_file() { environment.tree_of(&top)? } else { environment.folder(path)? };
    Ok(environment.finish(handed, facts))
}

/// The pillars below a folder that is none itself: its subfolders with a `top.sls`, by name. Any other path is itself.
#[must_use]
pub fn trees(path: &Path) -> Vec<PathBuf> {
    let itself = || vec![path.to_path_buf()];
    if path.join("top.sls").is_file() || pillar_files(path).map_or(true, |files| !files.is_empty()) {
        return itself();
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut trees: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|folder| folder.join("top.sls").is_file()).collect();
    trees.sort();
    if trees.is_empty() { itself() } else { trees }
}

type Labelled = Vec<(String, Handed)>;

impl Environment<'_> {
    fn single_file(&mut self, path: &Path) -> Result<Labelled, Error> {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(file) = self.file(path, &name, 0)? else { return Ok(Vec::new()) };
        let found = self.tree.get(file, "k8s_ha");
        if found.is_none() {
            let span = Some(first_line(tree::SourceId(0)));
            let message = format!("`{}` has no root key `k8s_ha`", path.display());
            self.findings.push(finding(&NO_CLUSTER, Severity::Error, message).at("", span));
        }
        Ok(found
            .map(|pillar| (path.display().to_string(), Handed { pillar, minions: Vec::new() }))
            .into_iter()
            .collect())
    }

    fn tree_of(&mut self, top: &Path) -> Result<Labelled, Error> {
        let Some(document) = self.document(top)? else { return Ok(Vec::new()) };
        let assignments = self.assignments(document, &self.options.saltenv.clone());
        let before = self.findings.len();
        let handed = self.hand_out(&assignments)?;
        if handed.is_empty() && self.findings.len() == before {
            let message = format!(
                "no file that `{}` hands out in `{}` has the root key `k8s_ha`",
                top.display(),
                self.options.saltenv
            );
            self.findings
                .push(finding(&NO_CLUSTER, Severity::Error, message).at("", Some(first_line(tree::SourceId(0)))));
        }
        Ok(handed.into_iter().map(|one| (format!("cluster {}", self.cluster_name(one.pillar)), one)).collect())
    }

    /// A folder without `top.sls`: each file with the root key is a cluster of its own.
    fn folder(&mut self, path: &Path) -> Result<Labelled, Error> {
        let files = pillar_files(path)?;
        if files.is_empty() {
            return Err(Error::NoPillar { path: path.display().to_string() });
        }
        let mut handed = Vec::new();
        for file in &files {
            let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            let node = self.file(file, &name, 0)?;
            let pillar = node.and_then(|node| self.tree.get(node, "k8s_ha"));
            handed.extend(pillar.map(|pillar| (file.display().to_string(), Handed { pillar, minions: Vec::new() })));
        }
        if handed.is_empty() && self.findings.is_empty() {
            let message =
                format!("none of the {} pillar files in `{}` has the root key `k8s_ha`", files.len(), path.display());
            self.findings.push(finding(&NO_CLUSTER, Severity::Error, message));
        }
        Ok(handed)
    }

    fn finish(mut self, handed: Labelled, facts: &Facts) -> Loaded {
        let surprises: Vec<Diagnostic> = handed.iter().flat_map(|(_, one)| self.report_surprises(one.pillar)).collect();
        self.findings.extend(surprises);
        let last = handed.len().saturating_sub(1);
        let mut clusters = Vec::with_capacity(handed.len());
        for (index, (label, one)) in handed.into_iter().enumerate() {
            // Each cluster lays its own profiles into the tree; the last one may have the tree itself.
            let tree = if index == last { std::mem::take(&mut self.tree) } else { self.tree.clone() };
            clusters.push(Cluster { label, reading: read_pillar(tree, one.pillar, facts) });
        }
        Loaded { sources: self.sources, clusters, findings: self.findings, rendered: self.rendered }
    }
}

/// Pillar files of a folder, not of the folders below it, by name.
fn pillar_files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = std::fs::read_dir(path).map_err(|error| Error::unreadable(path, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.map_err(|error| Error::unreadable(path, &error))?.path();
        let is_pillar =
            file.extension().is_some_and(|extension| ["sls", "yaml", "yml"].iter().any(|known| extension == *known));
        if is_pillar && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

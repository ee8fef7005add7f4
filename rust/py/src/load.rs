//! A pillar from files.

use crate::errors;
use diagnostics::{Diagnostic, Sources};
use pillar::{Cluster, Options};
use pyo3::prelude::*;
use std::path::Path;
use topology::values::Date;
use topology::{Facts, Reading};

/// One cluster of a pillar file or tree, with everything that was found about it.
pub struct Loaded {
    /// What came of its pillar.
    pub reading: Reading,
    /// Findings about it and about the files, in the order of all outputs.
    pub found: Vec<Diagnostic>,
    /// The texts to which they point.
    pub sources: Sources,
}

/// Reads one cluster; its name is needed where a tree has several.
///
/// # Errors
/// `PillarError` when there is nothing that could be judged, `ValueError` for a cluster that is not there.
pub fn load(path: &Path, cluster: Option<&str>, today: Date, facts: &Facts) -> PyResult<Loaded> {
    let mut loaded = pillar::load(path, &Options::new(pillar::salt_call), facts)
        .map_err(|error| errors::refused(error.to_string()))?;
    let clusters = std::mem::take(&mut loaded.clusters);
    if clusters.is_empty() {
        let all = loaded.findings.iter().map(|found| format!("{}: {}", found.code, found.message)).collect::<Vec<_>>();
        return Err(errors::refused(format!("`{}` holds no cluster: {}", path.display(), all.join("; "))));
    }
    let reading = choose(clusters, path, cluster)?.reading;
    let mut found = loaded.findings.clone();
    found.extend(lint::run(&reading, facts, today));
    loaded.point_to_files(&mut found);
    diagnostics::sort(&mut found, &loaded.sources);
    Ok(Loaded { reading, found, sources: loaded.sources })
}

fn choose(mut clusters: Vec<Cluster>, path: &Path, wanted: Option<&str>) -> PyResult<Cluster> {
    let names: Vec<String> = clusters.iter().map(name).collect();
    let place = match wanted {
        Some(wanted) => names.iter().position(|name| name == wanted),
        None => (names.len() == 1).then_some(0),
    };
    let place = place.ok_or_else(|| {
        errors::argument(format!("choose one cluster of `{}` with cluster=...: {}", path.display(), names.join(", ")))
    })?;
    Ok(clusters.swap_remove(place))
}

fn name(cluster: &Cluster) -> String {
    cluster.reading.topology.as_ref().map_or_else(|| cluster.label.clone(), |topology| topology.cluster.name.clone())
}

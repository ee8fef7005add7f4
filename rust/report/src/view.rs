//! What the templates read: words and figures only, nothing left to compute.

mod cut_sets;
mod losses;
mod others;
mod summary;
mod tolerance;
mod topology;

use crate::data::Report;
use crate::drawing::Drawing;
use serde::Serialize;

/// All of a page.
#[derive(Serialize)]
pub(crate) struct Page<'r> {
    cluster: &'r str,
    version: &'r str,
    date: &'r str,
    summary: summary::Summary,
    topology: topology::Topology,
    tolerance: Option<tolerance::Table>,
    losses: Option<losses::Table>,
    cut_sets: Vec<cut_sets::OfService>,
    partitions: Vec<others::Partition>,
    availability: Vec<others::Availability>,
    capacity: Vec<others::Capacity>,
    start_up: Option<&'r crate::data::StartUp>,
    findings: Option<Vec<others::Finding<'r>>>,
}

impl<'r> Page<'r> {
    /// Puts a report into words.
    pub(crate) fn of(report: &'r Report) -> Self {
        let tolerance = tolerance::Table::of(report);
        let losses = losses::Table::of(report);
        Self {
            cluster: &report.cluster,
            version: &report.version,
            date: &report.date,
            summary: summary::Summary::of(report, losses.as_ref()),
            topology: topology::Topology::of(report, &Drawing::of(report)),
            tolerance,
            losses,
            cut_sets: cut_sets::OfService::all(report),
            partitions: others::Partition::all(report),
            availability: others::Availability::all(report),
            capacity: others::Capacity::all(report),
            start_up: report.start_up.as_ref(),
            findings: report.findings.as_deref().map(others::Finding::all),
        }
    }
}

pub(crate) use tolerance::{Headroom, survives};

//! What a reader must know first.

use super::losses;
use super::tolerance::{Headroom, survives};
use crate::data::{Report, Severity, Tolerance};
use crate::names::{Listed, by_kind, joined};
use crate::words::{kind_word, plural};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Summary {
    /// `met`, `missed`, `open`, or `none` when nothing is asked of the cluster.
    state: &'static str,
    /// The answer in one sentence.
    sentence: String,
    /// What misses its target, or may.
    missed: Vec<Missed>,
    /// How many elements there are, by kind.
    elements: Vec<String>,
    services: usize,
    single_points: Vec<Listed>,
    single_point_count: Option<usize>,
    findings: Option<Findings>,
}

#[derive(Serialize)]
struct Missed {
    sign: &'static str,
    headroom: Headroom,
    service: String,
    level: &'static str,
    what: String,
    witness: String,
}

#[derive(Serialize)]
struct Findings {
    errors: String,
    warnings: String,
    accepted: usize,
    none: bool,
}

impl Summary {
    pub(crate) fn of(report: &Report, losses: Option<&losses::Table>) -> Self {
        let targets = || {
            let all = report.services.iter().flat_map(|service| service.tolerance.iter().map(move |of| (service, of)));
            all.filter(|(_, tolerance)| tolerance.target.is_some())
        };
        let count = |headroom| targets().filter(|(_, tolerance)| Headroom::of(tolerance) == headroom).count();
        let (asked, missed, open) = (targets().count(), count(Headroom::Missed), count(Headroom::Open));
        let of = |count| plural(count, "declared target");
        let are = |count| if count == 1 { "is" } else { "are" };
        let (state, sentence) = match (asked, missed, open) {
            (0, ..) => ("none", "No target is declared: `targets.survive` says what must be survived.".to_owned()),
            (_, 0, 0) => ("met", format!("All {} are met.", of(asked))),
            (_, 0, _) => ("open", format!("{open} of {} {} not settled, the others are met.", of(asked), are(open))),
            _ => ("missed", format!("{missed} of {} {} missed.", of(asked), are(missed))),
        };
        let worth_saying = targets().filter(|(_, of)| matches!(Headroom::of(of), Headroom::Missed | Headroom::Open));
        let missed = worth_saying.map(|(service, tolerance)| Missed::of(report, &service.name, tolerance)).collect();
        Self {
            state,
            sentence,
            missed,
            elements: by_kind(report, &(0u32..).take(report.elements.len()).collect::<Vec<_>>())
                .into_iter()
                .map(|listed| listed.counted)
                .collect(),
            services: report.services.len(),
            single_points: losses.map_or_else(Vec::new, |table| by_kind(report, &table.single_points)),
            single_point_count: losses.map(|table| table.single_points.len()),
            findings: report.findings.as_deref().map(Findings::of),
        }
    }
}

impl Missed {
    fn of(report: &Report, service: &str, tolerance: &Tolerance) -> Self {
        let headroom = Headroom::of(tolerance);
        let kind = crate::words::kind(report, &tolerance.kind);
        let many = kind.map_or_else(|| kind_word(report, &tolerance.kind), |kind| kind.many.as_str());
        let target = tolerance.target.unwrap_or_default();
        Self {
            sign: headroom.sign(),
            headroom,
            service: service.to_owned(),
            level: tolerance.level.key(),
            what: format!("survives the loss of {} {many}; target {target}", survives(tolerance)),
            witness: joined(report, &tolerance.witness),
        }
    }
}

impl Findings {
    fn of(findings: &[crate::data::Finding]) -> Self {
        let count = |severity| {
            findings.iter().filter(|finding| finding.acknowledged.is_none() && finding.severity == severity).count()
        };
        Self {
            errors: plural(count(Severity::Error), "error"),
            warnings: plural(count(Severity::Warn), "warning"),
            accepted: findings.iter().filter(|finding| finding.acknowledged.is_some()).count(),
            none: findings.iter().all(|finding| finding.acknowledged.is_some()),
        }
    }
}

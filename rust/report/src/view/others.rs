//! Partitions, availability, capacity and findings.

use crate::data::{self, Report, Severity};
use crate::names::{Listed, by_kind, joined, name, service};
use crate::words::{a_year, amount, percent, resource};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Partition {
    name: String,
    sides: Vec<Side>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Side {
    elements: Vec<Listed>,
    serves: String,
}

impl Partition {
    pub(crate) fn all(report: &Report) -> Vec<Self> {
        let side = |side: &data::Side| Side {
            elements: by_kind(report, &side.elements),
            serves: side.serves.iter().map(|serves| service(report, *serves)).collect::<Vec<_>>().join(", "),
        };
        let one = |partition: &data::Partition| Self {
            name: partition.name.clone(),
            sides: partition.sides.iter().map(side).collect(),
            notes: partition.notes.clone(),
        };
        report.partitions.iter().map(one).collect()
    }
}

#[derive(Serialize)]
pub(crate) struct Availability {
    service: String,
    share: String,
    a_year: String,
    contributions: Vec<Contribution>,
}

#[derive(Serialize)]
struct Contribution {
    element: String,
    share: String,
    parts: u32,
}

impl Availability {
    pub(crate) fn all(report: &Report) -> Vec<Self> {
        let given = report.services.iter().filter_map(|service| Some((service, service.availability.as_ref()?)));
        given.map(|(service, availability)| Self::of(report, &service.name, availability)).collect()
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100, as the report was checked")]
    fn of(report: &Report, service: &str, availability: &data::Availability) -> Self {
        let contribution = |of: &data::Contribution| Contribution {
            element: name(report, of.element).to_owned(),
            share: format!("{:.0} %", of.share * 100.0),
            parts: (of.share * 100.0).round() as u32,
        };
        Self {
            service: service.to_owned(),
            share: percent(availability.share),
            a_year: a_year(availability.share),
            contributions: availability.contributions.iter().map(contribution).collect(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Capacity {
    after: String,
    resource: &'static str,
    needed: String,
    left: String,
    fits: bool,
    /// How full, in hundredths; more than 100 when it does not fit.
    used: u64,
    witness: String,
    obstacle: String,
}

impl Capacity {
    pub(crate) fn all(report: &Report) -> Vec<Self> {
        let one = |row: &data::Capacity| Self {
            after: row.after.clone(),
            resource: resource(row.resource),
            needed: amount(row.resource, row.needed),
            left: amount(row.resource, row.left),
            fits: row.needed <= row.left && row.obstacle.is_empty(),
            used: used(row.needed, row.left),
            witness: joined(report, &row.witness),
            obstacle: row.obstacle.clone(),
        };
        report.capacity.iter().map(one).collect()
    }
}

/// In hundredths, rounded up, so that what does not fit is never shown as full.
fn used(needed: u64, left: u64) -> u64 {
    let hundredths = (u128::from(needed) * 100).div_ceil(u128::from(left.max(1)));
    u64::try_from(hundredths).unwrap_or(u64::MAX)
}

#[derive(Serialize)]
pub(crate) struct Finding<'r> {
    severity: Severity,
    sign: &'static str,
    #[serde(rename = "finding")]
    of: &'r data::Finding,
}

impl<'r> Finding<'r> {
    /// The gravest first, and what is accepted last.
    pub(crate) fn all(findings: &'r [data::Finding]) -> Vec<Self> {
        let mut sorted: Vec<&data::Finding> = findings.iter().collect();
        sorted.sort_by_key(|finding| (finding.acknowledged.is_some(), std::cmp::Reverse(finding.severity)));
        let sign = |severity| match severity {
            Severity::Error => "✕",
            Severity::Warn => "!",
            Severity::Info => "i",
        };
        let one =
            |finding: &'r data::Finding| Self { severity: finding.severity, sign: sign(finding.severity), of: finding };
        sorted.into_iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::used;

    #[test]
    fn what_does_not_fit_is_never_shown_as_full() {
        assert_eq!(used(1000, 1000), 100);
        assert_eq!(used(100_001, 100_000), 101);
        assert_eq!(used(1, 0), 100);
        assert_eq!(used(u64::MAX, 1), u64::MAX);
    }
}

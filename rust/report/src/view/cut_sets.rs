//! The smallest sets that break a service.

use crate::data::{CutPart, CutSets, Report};
use crate::names::{joined, name, service};
use crate::words::{kind, plural};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct OfService {
    service: String,
    levels: Vec<OfLevel>,
    sets: String,
}

#[derive(Serialize)]
struct OfLevel {
    level: &'static str,
    complete_to: u32,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    parts: Vec<String>,
    size: u32,
    count: u64,
}

impl OfService {
    /// In the order of the services.
    pub(crate) fn all(report: &Report) -> Vec<Self> {
        let mut sorted: Vec<&CutSets> = report.cut_sets.iter().collect();
        sorted.sort_by_key(|sets| (sets.service, sets.level));
        let of_service = sorted.chunk_by(|left, right| left.service == right.service);
        of_service.map(|of| Self::of(report, of)).collect()
    }

    fn of(report: &Report, of: &[&CutSets]) -> Self {
        let count: u64 = of.iter().flat_map(|sets| &sets.groups).fold(0, |sum, group| sum.saturating_add(group.count));
        let levels = of.iter().map(|sets| OfLevel {
            level: sets.level.key(),
            complete_to: sets.complete_to,
            groups: sets
                .groups
                .iter()
                .map(|group| Group {
                    parts: group.parts.iter().map(|part| any_of(report, part)).collect(),
                    size: group.parts.iter().fold(0, |sum, part| sum.saturating_add(part.take)),
                    count: group.count,
                })
                .collect(),
        });
        Self {
            service: of.first().map_or("?", |sets| service(report, sets.service)).to_owned(),
            levels: levels.collect(),
            sets: plural(usize::try_from(count).unwrap_or(usize::MAX), "set"),
        }
    }
}

/// `any 2 of these 3 hypervisors: pve1, pve2, pve3`.
fn any_of(report: &Report, part: &CutPart) -> String {
    let kind_of = |element: &u32| report.elements.get(*element as usize).map(|element| element.kind.as_str());
    let first = part.of.first().and_then(kind_of);
    let one_kind = part.of.iter().all(|element| kind_of(element) == first);
    let of = first.filter(|_| one_kind).and_then(|key| kind(report, key));
    if part.of.len() == part.take as usize {
        let one = part.of.first().filter(|_| part.of.len() == 1);
        return match (one, of) {
            (Some(one), Some(kind)) => format!("{} {}", kind.one, name(report, *one)),
            (None, Some(kind)) => format!("the {} {}", kind.many, joined(report, &part.of)),
            (_, None) => joined(report, &part.of),
        };
    }
    let many = of.map_or("elements", |kind| kind.many.as_str());
    format!("any {} of these {} {many}: {}", part.take, part.of.len(), joined(report, &part.of))
}

//! What `targets.survive` asks for and does not get.

use crate::model::Model;
use crate::service::{Level, ServiceId};
use crate::table::with_a_share;
use crate::tolerance::Tolerance;
use crate::within::Within;
use std::collections::{BTreeMap, HashSet};
use topology::Kind;
use topology::pillar::Survive;

/// A service that does not survive what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The service.
    pub service: ServiceId,
    /// What it loses: [`Level::Recover`] where it stays away, [`Level::Data`] where acknowledged writes are lost.
    pub level: Level,
    /// The kind of loss.
    pub kind: Kind,
    /// How many of it should be survived.
    pub target: u32,
    /// How many are.
    pub tolerance: Tolerance,
}

/// Every service and kind for which a declared loss takes more than a fail-over or a new start mends within
/// `targets.recovery_time`; sorted by service, then by kind from the widest.
///
/// What a service misses only because one that it requires does is said of that one alone. What it needs is taken from
/// `work`, in steps; a question that was not settled is a miss whose tolerance is not [`Tolerance::settled`].
#[must_use]
pub fn missed(model: &mut Model, survive: &Survive, work: &mut u64) -> Vec<Missed> {
    let asked = |kind: &Kind| model.target(*kind, survive) > 0 && model.of_kind(*kind).next().is_some();
    let kinds: Vec<Kind> = model.kinds().filter(asked).collect();
    let mut within = Within::default();
    let mut missing: HashSet<(ServiceId, Kind)> = HashSet::new();
    let mut found: BTreeMap<(ServiceId, Kind), Missed> = BTreeMap::new();
    for service in (0..model.services.len()).map(ServiceId) {
        for kind in kinds.iter().copied() {
            let target = model.target(kind, survive);
            let miss = [Level::Recover, Level::Data].into_iter().find_map(|level| {
                let lost = model.services[service.0].lost(level)?;
                let tolerance = with_a_share(work, |work| within.misses(model, lost, kind, target, work));
                tolerance.map(|tolerance| Missed { service, level, kind, target, tolerance })
            });
            let Some(miss) = miss else { continue };
            let inherited = model.services[service.0].requires.iter().any(|other| missing.contains(&(*other, kind)));
            missing.insert((service, kind));
            if !inherited {
                found.insert((service, kind), miss);
            }
        }
    }
    found.into_values().collect()
}

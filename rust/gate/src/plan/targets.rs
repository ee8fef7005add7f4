//! Whether the cluster survives at the end what it has to.

use super::answer::Objection;
use super::survives::plural;
use faults::{Missed, Model, missed};
use std::collections::HashMap;
use topology::Topology;

/// What the new pillar misses of its `targets.survive`, where the old one missed less of it.
pub(super) fn refused(old: &Topology, new: &Topology, work: &mut u64) -> Vec<Objection> {
    let (mut before, mut after) = (Model::of(old), Model::of(new));
    let was: HashMap<(String, String), Option<u32>> = missed(&mut before, &old.targets.survive, work)
        .iter()
        .map(|miss| (key(&before, miss), miss.tolerance.survives))
        .collect();
    let worse = missed(&mut after, &new.targets.survive, work).into_iter().filter(|miss| {
        let known = was.get(&key(&after, miss));
        miss.tolerance.settled && known.is_none_or(|survived| *survived > miss.tolerance.survives)
    });
    worse.map(|miss| told(&after, &miss)).collect()
}

fn key(model: &Model, miss: &Missed) -> (String, String) {
    (model.services[miss.service.0].name.clone(), model.kind_key(miss.kind).to_owned())
}

fn told(model: &Model, miss: &Missed) -> Objection {
    let (service, kind) = key(model, miss);
    let survives = miss.tolerance.survives.unwrap_or(0);
    Objection::new(
        "targets",
        format!(
            "at the end {service} survives the loss of {survives} {}, and targets.survive.{kind} asks for {}",
            plural(&kind, survives),
            miss.target
        ),
        "keep what it stands on, or ask for less",
    )
}

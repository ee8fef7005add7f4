//! The smallest sets that lose each service.

use super::indices;
use crate::data::{CutGroup, CutPart, CutSets};
use crate::of::services::service_index;
use faults::{EventId, Group, Level, Model, Part, as_far_as_known, cut_sets, groups};

/// Failures in a set that is shown, at most.
const ORDER: u32 = 3;

/// Steps for one service.
const WORK: u64 = 2_000_000;

/// Groups that are shown for one service.
const MOST: usize = 60;

/// Choices of branches that are written out, each as a group of its own.
const MOST_CHOICES: usize = 36;

/// Cut sets of every service that is not always there.
pub(super) fn all(model: &mut Model) -> Vec<CutSets> {
    let mut all = Vec::new();
    for place in 0..model.services.len() {
        let lost = model.services[place].serve;
        let (found, _) = as_far_as_known(cut_sets(&mut model.formulas, lost, ORDER, WORK));
        let Some(known) = found else { continue };
        let found = groups(&known, MOST, WORK);
        let mut complete_to = found.left.first().map_or(known.order(), |(first, _)| first - 1);
        let mut shown = Vec::new();
        for group in &found.groups {
            match written_out(group) {
                Some(groups) => shown.extend(groups),
                None => complete_to = complete_to.min(group.order - 1),
            }
        }
        shown.retain(|group: &CutGroup| group.parts.iter().map(|part| part.take).sum::<u32>() <= complete_to);
        if !shown.is_empty() {
            all.push(CutSets { service: service_index(place), level: Level::Serve, complete_to, groups: shown });
        }
    }
    all
}

/// The group as parts that each take so many of one list; several, one for each choice of branches. `None` where those would
/// be too many.
fn written_out(group: &Group) -> Option<Vec<CutGroup>> {
    let mut choices: Vec<Vec<CutPart>> = vec![Vec::new()];
    for part in &group.parts {
        let ways = ways(part)?;
        choices = choices.iter().flat_map(|chosen| ways.iter().map(|way| [&chosen[..], way].concat())).collect();
        if choices.len() > MOST_CHOICES {
            return None;
        }
    }
    Some(choices.into_iter().map(|parts| CutGroup { count: sets(&parts), parts }).collect())
}

/// The ways to choose branches of a part, each as what is taken of their lists.
fn ways(part: &Part) -> Option<Vec<Vec<CutPart>>> {
    if let Some((take, of)) = part.any_of() {
        return Some(vec![vec![CutPart { take, of: indices(of) }]]);
    }
    // Which branch gives how much matters only where they give differently.
    if part.take.windows(2).any(|pair| pair[0] != pair[1]) {
        return None;
    }
    let (branches, chosen) = (part.branches.len(), part.take.len());
    if branches > 16 {
        return None;
    }
    let masks = (0u32..1 << branches).filter(|mask| mask.count_ones() as usize == chosen);
    let way = |mask: u32| {
        let taken = (0..branches).filter(move |branch| mask >> branch & 1 == 1);
        taken.flat_map(|branch| lists(&part.branches[branch], &part.take[0])).collect()
    };
    Some(masks.map(way).collect())
}

fn lists(branch: &[Vec<EventId>], take: &[u32]) -> Vec<CutPart> {
    let taken = branch.iter().zip(take).filter(|(_, take)| **take > 0);
    taken.map(|(of, take)| CutPart { take: *take, of: indices(of) }).collect()
}

/// How many sets that is: the product of the choices of each part.
fn sets(parts: &[CutPart]) -> u64 {
    parts.iter().fold(1, |sets, part| sets.saturating_mul(choose(part.of.len() as u64, u64::from(part.take))))
}

fn choose(of: u64, take: u64) -> u64 {
    (0..take).fold(1u64, |product, place| product.saturating_mul(of - place) / (place + 1))
}

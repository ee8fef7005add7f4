//! Minimal cut sets with names.

use crate::answers::ElementName;
use crate::cut_sets::{CutSets, as_far_as_known, cut_sets};
use crate::formula::{EventId, Formula};
use crate::model::Model;
use crate::named::NameError;
use crate::service::Level;
use crate::symmetry::{Group, Groups, Part, groups};
use serde::Serialize;

/// Steps that the cut sets of one service may take: seconds.
const WORK: u64 = 20_000_000;

/// Groups that are listed for one service, at most.
const MOST: usize = 200;

/// Which cut sets are asked for.
#[derive(Clone, Copy, Debug)]
pub struct CutSetsQuestion<'a> {
    /// The service; `None` for all that have the level.
    pub service: Option<&'a str>,
    /// What is lost.
    pub level: Level,
    /// The most failures of a set.
    pub order: u32,
    /// What is down already.
    pub down: &'a [EventId],
}

/// The minimal cut sets of one service and level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CutSetsAnswer {
    /// The service.
    pub service: String,
    /// `serve`, `recover` or `data`.
    pub level: &'static str,
    /// Whether all cut sets that were asked for were found.
    pub complete: bool,
    /// How many there are of each order, from order 0 on; one of order 0 says that it is lost with nothing failing.
    pub by_order: Vec<u128>,
    /// Those that are the same but for names, together; those of few failures first.
    pub groups: Vec<CutSetGroupAnswer>,
    /// Orders whose cut sets are in no group, each with their number.
    pub not_grouped: Vec<(u32, u128)>,
}

/// Cut sets that are the same but for names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CutSetGroupAnswer {
    /// In words: `any 2 of these 3: hypervisor pve1, pve2, pve3`.
    pub sentence: String,
    /// For so many cut sets it stands.
    pub cut_sets: u128,
    /// Failures in each of them.
    pub order: u32,
    /// What a cut set takes: something of every part.
    pub parts: Vec<CutSetPartAnswer>,
}

/// What is taken of branches that are the same but for names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CutSetPartAnswer {
    /// For each of as many different branches as this is long: how many elements of each of its lists.
    pub take: Vec<Vec<u32>>,
    /// The branches: lists of elements.
    pub branches: Vec<Vec<Vec<ElementName>>>,
}

impl Model {
    /// The minimal cut sets, service by service.
    ///
    /// # Errors
    /// [`NameError`] when there is no such service, or when it keeps no data and the level is about data.
    pub fn listed_cut_sets(&mut self, question: CutSetsQuestion<'_>) -> Result<Vec<CutSetsAnswer>, NameError> {
        let CutSetsQuestion { service, level, order, down } = question;
        let asked: Vec<(String, Formula)> = match service {
            Some(name) => vec![(name.to_owned(), self.lost_service(name, level)?)],
            None => self.services.iter().filter_map(|known| Some((known.name.clone(), known.lost(level)?))).collect(),
        };
        let answer = |(name, lost): (String, Formula)| {
            let lost = self.with_down(lost, down);
            let (found, complete) = as_far_as_known(cut_sets(&mut self.formulas, lost, order, WORK));
            let grouped = found.as_ref().map(|found| groups(found, MOST, WORK));
            self.cut_sets_answer(&name, level, found.as_ref(), grouped.as_ref(), complete)
        };
        Ok(asked.into_iter().map(answer).collect())
    }

    /// Cut sets with names. `found` is `None` where nothing was found within the allowed work.
    #[must_use]
    pub fn cut_sets_answer(
        &self,
        service: &str,
        level: Level,
        found: Option<&CutSets>,
        groups: Option<&Groups>,
        complete: bool,
    ) -> CutSetsAnswer {
        let group = |group: &Group| CutSetGroupAnswer {
            sentence: group.parts.iter().map(|part| self.part_sentence(part)).collect::<Vec<_>>().join(", with "),
            cut_sets: group.cut_sets,
            order: group.order,
            parts: group.parts.iter().map(|part| self.part_answer(part)).collect(),
        };
        CutSetsAnswer {
            service: service.to_owned(),
            level: level.key(),
            complete,
            by_order: found.map(|found| found.counts().to_vec()).unwrap_or_default(),
            groups: groups.iter().flat_map(|groups| &groups.groups).map(group).collect(),
            not_grouped: groups.map(|groups| groups.left.clone()).unwrap_or_default(),
        }
    }

    fn part_answer(&self, part: &Part) -> CutSetPartAnswer {
        let names = |events: &Vec<EventId>| events.iter().map(|event| self.element_name(*event)).collect();
        let branches = part.branches.iter().map(|branch| branch.iter().map(names).collect());
        CutSetPartAnswer { take: part.take.clone(), branches: branches.collect() }
    }

    /// `node cp1`; `any 2 of these 3: node cp1, node cp2, node cp3`; `of any 2 of these 3: 1 of (node cp1 or hypervisor
    /// pve1), ...`.
    fn part_sentence(&self, part: &Part) -> String {
        if let Some((take, events)) = part.any_of() {
            let names = self.words(events, ", ");
            return if events.len() == take as usize {
                self.words(events, " with ")
            } else {
                format!("any {take} of these {}: {names}", events.len())
            };
        }
        let branches: Vec<String> = part.branches.iter().map(|branch| self.branch_words(branch)).collect();
        let [first, ..] = &part.take[..] else { return String::new() };
        let number: u32 = first.iter().sum();
        let same = part.take.iter().all(|take| take.iter().sum::<u32>() == number);
        let each = if same && number == 1 { String::new() } else { format!(", taking {:?}", part.take) };
        let (taken, all) = (part.take.len(), branches.len());
        if taken == all {
            return format!("one of each: {}{each}", branches.join("; "));
        }
        format!("one of each of any {taken} of these {all}: {}{each}", branches.join("; "))
    }

    fn branch_words(&self, branch: &[Vec<EventId>]) -> String {
        branch.iter().map(|events| self.words(events, " or ")).collect::<Vec<_>>().join(" or ")
    }

    fn words(&self, events: &[EventId], between: &str) -> String {
        let words =
            |event: &EventId| format!("{} {}", self.kind_words(self.event(*event).kind), self.event(*event).name);
        events.iter().map(words).collect::<Vec<_>>().join(between)
    }
}

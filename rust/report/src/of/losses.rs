//! What is lost with each element, and with each pair of a small model.

use super::{index, indices};
use crate::data::{Answer, Asked, Effect, ElementIndex, Losses, Next, Takes};
use crate::of::services::service_index;
use faults::{EventId, Formula, Level, Model, as_far_as_known, cut_sets};
use std::collections::{BTreeMap, HashMap};

/// Up to so many elements every pair is asked about.
const ELEMENTS_IN_PAIRS: usize = 90;

/// So many elements are asked about alone: first what takes others with it, then nodes, then programs.
const ELEMENTS_ALONE: usize = 1_500;

/// Elements that are named of those whose loss would be the next.
const EXAMPLES: usize = 3;

/// Steps for finding what takes one element.
const WORK_OF_AN_ELEMENT: u64 = 100_000;

/// Sets of several failures that are looked at for one element.
const MOST_SETS: usize = 32;

/// All answers.
pub(super) fn all(model: &mut Model) -> Losses {
    let events: Vec<EventId> = (0..model.events.len()).map(|place| EventId(element_index(place))).collect();
    let mut answers = Answers::of(model);
    let mut asked = vec![Asked { down: Vec::new(), answer: answers.ask(model, &[]) }];
    if events.len() <= ELEMENTS_IN_PAIRS {
        for event in &events {
            asked.push(Asked { down: vec![event.0], answer: answers.ask(model, &[*event]) });
        }
        for (place, first) in events.iter().enumerate() {
            for second in &events[place + 1..] {
                asked.push(Asked { down: vec![first.0, second.0], answer: answers.ask(model, &[*first, *second]) });
            }
        }
        return Losses { classes: Vec::new(), asked, answers: answers.kept, takes: takes(model, &events) };
    }
    let mut classes: Vec<u32> = events.iter().map(|event| event.0).collect();
    // Elements whose loss has the same answer are one class, by the first of them: no question is about two.
    let mut first_with: BTreeMap<u32, u32> = BTreeMap::new();
    for event in widest_first(model, &events).into_iter().take(ELEMENTS_ALONE) {
        let answer = answers.ask(model, &[event]);
        classes[event.0 as usize] = *first_with.entry(answer).or_insert_with(|| {
            asked.push(Asked { down: vec![event.0], answer });
            event.0
        });
    }
    asked[1..].sort_by(|left, right| left.down.cmp(&right.down));
    Losses { classes, asked, answers: answers.kept, takes: takes(model, &events) }
}

fn widest_first(model: &Model, events: &[EventId]) -> Vec<EventId> {
    let narrowness = |event: &EventId| match model.event(*event).kind {
        topology::Kind::Node => 1,
        topology::Kind::Process => 2,
        _ => 0,
    };
    let mut events = events.to_vec();
    events.sort_by_key(narrowness);
    events
}

/// Answers without repetition.
struct Answers {
    /// Of each service and level that is asked about, the kinds of which one element takes it with nothing down.
    before: HashMap<(usize, Level), Vec<topology::Kind>>,
    known: HashMap<Answer, u32>,
    kept: Vec<Answer>,
}

/// The levels that the next loss is told of.
const NEXT: [Level; 2] = [Level::Serve, Level::Data];

impl Answers {
    fn of(model: &Model) -> Self {
        let mut before = HashMap::new();
        for (place, service) in model.services.iter().enumerate() {
            for level in NEXT {
                if let Some(lost) = service.lost(level) {
                    let mut kinds: Vec<topology::Kind> =
                        model.formulas.single_points(lost).iter().map(|event| model.event(*event).kind).collect();
                    kinds.sort_unstable();
                    kinds.dedup();
                    before.insert((place, level), kinds);
                }
            }
        }
        Self { before, known: HashMap::new(), kept: Vec::new() }
    }

    /// The number of the answer with these down, sorted.
    fn ask(&mut self, model: &mut Model, down: &[EventId]) -> u32 {
        let answer = self.answer(model, down);
        if let Some(known) = self.known.get(&answer) {
            return *known;
        }
        let number = element_index(self.kept.len());
        self.kept.push(answer.clone());
        self.known.insert(answer, number);
        number
    }

    fn answer(&self, model: &mut Model, down: &[EventId]) -> Answer {
        let mut answer = Answer::default();
        for place in 0..model.services.len() {
            let left: Vec<(Level, Formula)> = Level::ALL
                .into_iter()
                .filter_map(|level| {
                    let lost = model.services[place].lost(level)?;
                    Some((level, model.with_down(lost, down)))
                })
                .collect();
            let lost: Vec<_> =
                left.iter().filter(|(_, formula)| *formula == Formula::TRUE).map(|(lost, _)| *lost).collect();
            let uses = model.services[place].degraded_by.clone();
            let without: Vec<u32> = uses
                .into_iter()
                .filter(|used| {
                    let serve = model.services[used.0].serve;
                    model.with_down(serve, down) == Formula::TRUE
                })
                .map(|used| service_index(used.0))
                .collect();
            if !lost.is_empty() || !without.is_empty() {
                answer.effects.push(Effect { service: service_index(place), lost, without });
            }
            for (asked, formula) in left.into_iter().filter(|(level, _)| NEXT.contains(level)) {
                self.next(model, place, asked, formula, &mut answer.next);
            }
        }
        answer
    }

    /// The kinds of which now one element takes the service, and took it not before.
    fn next(&self, model: &Model, place: usize, asked: Level, left: Formula, next: &mut Vec<Next>) {
        let mut kinds: BTreeMap<topology::Kind, Vec<EventId>> = BTreeMap::new();
        for event in model.formulas.single_points(left) {
            kinds.entry(model.event(event).kind).or_default().push(event);
        }
        for (kind, events) in kinds {
            if !self.before.get(&(place, asked)).is_some_and(|before| before.contains(&kind)) {
                next.push(Next {
                    service: service_index(place),
                    level: asked,
                    kind: model.kind_key(kind).to_owned(),
                    count: element_index(events.len()),
                    examples: indices(&events[..events.len().min(EXAMPLES)]),
                });
            }
        }
    }
}

/// What goes down with what: by the smallest sets of up to three that take each element.
fn takes(model: &mut Model, events: &[EventId]) -> Vec<Takes> {
    let mut all: BTreeMap<(usize, Vec<ElementIndex>), Vec<ElementIndex>> = BTreeMap::new();
    for event in events {
        let lost = model.lost(*event);
        let (found, _) = as_far_as_known(cut_sets(&mut model.formulas, lost, 3, WORK_OF_AN_ELEMENT));
        for set in found.iter().flat_map(|found| found.iter().take(MOST_SETS)).filter(|set| set[..] != [*event]) {
            all.entry((set.len(), indices(&set))).or_default().push(index(*event));
        }
    }
    all.into_iter().map(|((_, down), lost)| Takes { down, lost }).collect()
}

fn element_index(place: usize) -> ElementIndex {
    ElementIndex::try_from(place).unwrap_or(ElementIndex::MAX)
}

//! What each single loss does, for those who read the page without its script.

use crate::data::{Answer, Asked, ElementIndex, Level, Next, Report};
use crate::names::{Listed, by_kind, joined, name, service};
use crate::words::{STATES, bits, counted, is_grave, kind, kind_word, losses};
use serde::Serialize;

/// Elements that the page proposes to choose.
const SUGGESTED: usize = 5;

/// The single losses that are felt.
#[derive(Serialize)]
pub(crate) struct Table {
    rows: Vec<Row>,
    /// One element of each of the worst rows, to begin with.
    worst: Vec<Worst>,
    /// Elements whose loss no service notices.
    harmless: Vec<Listed>,
    /// Which questions the page can answer.
    scope: String,
    /// Elements of which each by itself stops a service or loses writes.
    #[serde(skip)]
    pub(super) single_points: Vec<ElementIndex>,
}

#[derive(Serialize)]
struct Worst {
    id: ElementIndex,
    kind: String,
    name: String,
}

/// Elements with one answer.
#[derive(Serialize)]
struct Row {
    elements: Vec<Listed>,
    /// What does not go on by itself, or loses writes.
    grave: Vec<Felt>,
    /// What goes on, with less behind it.
    endangered: Vec<Felt>,
    degraded: Vec<Felt>,
    next: Vec<Felt>,
}

/// Services to which the same happens.
#[derive(Serialize)]
struct Felt {
    services: String,
    what: String,
}

/// Services grouped by what happens to them, in the order in which that comes up.
fn grouped(each: impl Iterator<Item = (String, String)>) -> Vec<Felt> {
    let mut groups: Vec<Felt> = Vec::new();
    for (service, what) in each {
        match groups.iter_mut().find(|group| group.what == what) {
            Some(group) => {
                group.services.push_str(", ");
                group.services.push_str(&service);
            }
            None => groups.push(Felt { services: service, what }),
        }
    }
    groups
}

impl Table {
    pub(crate) fn of(report: &Report) -> Option<Self> {
        let answers = &report.losses.answers;
        let mut of_answer: Vec<Vec<ElementIndex>> = vec![Vec::new(); answers.len()];
        let single = |asked: &&Asked| asked.down.len() == 1;
        let mut by_class = std::collections::HashMap::new();
        for asked in report.losses.asked.iter().filter(single) {
            by_class.insert(asked.down[0], asked.answer);
        }
        if by_class.is_empty() {
            return None;
        }
        for element in (0u32..).take(report.elements.len()) {
            if let Some(answer) = by_class.get(&class(report, element)) {
                of_answer[*answer as usize].push(element);
            }
        }
        let mut harmless = Vec::new();
        let mut felt: Vec<(&Answer, Vec<ElementIndex>)> = Vec::new();
        for (answer, elements) in answers.iter().zip(of_answer) {
            if answer.effects.is_empty() && answer.next.is_empty() {
                harmless.extend(elements);
            } else if !elements.is_empty() {
                felt.push((answer, elements));
            }
        }
        // Stable: among equals the order of the engine.
        felt.sort_by_key(|(answer, _)| std::cmp::Reverse((losses(answer), answer.effects.len(), answer.next.len())));
        let single_points = felt.iter().filter(|(answer, _)| losses(answer).0 > 0).flat_map(|(_, of)| of.clone());
        let worst = felt.iter().filter_map(|(_, elements)| elements.first()).take(SUGGESTED);
        Some(Self {
            worst: worst.map(|element| Worst::of(report, *element)).collect(),
            single_points: single_points.collect(),
            rows: felt.iter().map(|(answer, elements)| Row::of(report, answer, elements)).collect(),
            harmless: by_kind(report, &harmless),
            scope: scope(report),
        })
    }
}

impl Worst {
    fn of(report: &Report, element: ElementIndex) -> Self {
        let key = report.elements.get(element as usize).map_or("", |element| element.kind.as_str());
        Self { id: element, kind: kind_word(report, key).to_owned(), name: name(report, element).to_owned() }
    }
}

impl Row {
    fn of(report: &Report, answer: &Answer, elements: &[ElementIndex]) -> Self {
        let name = |index: u32| service(report, index).to_owned();
        let lost = |grave: bool| {
            let effects =
                answer.effects.iter().filter(move |effect| !effect.lost.is_empty() && is_grave(effect) == grave);
            grouped(effects.map(|effect| (name(effect.service), STATES[bits(&effect.lost)].to_owned())))
        };
        let degraded = answer.effects.iter().filter(|effect| !effect.without.is_empty());
        let without = |without: &[u32]| without.iter().map(|index| name(*index)).collect::<Vec<_>>().join(", ");
        // The kinds of one service and level stand together.
        let same = |left: &Next, right: &Next| (left.service, left.level) == (right.service, right.level);
        let next = answer.next.chunk_by(same).map(|of| {
            let ways: Vec<String> = of.iter().map(|next| next_loss(report, next)).collect();
            (named(&name(of[0].service), of[0].level), ways.join(", or "))
        });
        Self {
            elements: by_kind(report, elements),
            grave: lost(true),
            endangered: lost(false),
            degraded: grouped(degraded.map(|effect| (name(effect.service), without(&effect.without)))),
            next: grouped(next),
        }
    }
}

/// The level is said where it is not the usual one.
fn named(service: &str, level: Level) -> String {
    match level {
        Level::Serve => service.to_owned(),
        other => format!("{service} ({})", other.key()),
    }
}

/// `node cp2`, `any of 2 nodes (cp2, cp3)`, `any of 9 nodes (such as cp2)`.
fn next_loss(report: &Report, next: &Next) -> String {
    let count = next.count as usize;
    if let ([only], 1) = (next.examples.as_slice(), count) {
        return format!("{} {}", kind_word(report, &next.kind), name(report, *only));
    }
    let of = kind(report, &next.kind).map_or_else(|| next.kind.clone(), |kind| counted(count, kind));
    let examples = joined(report, &next.examples);
    match (examples.is_empty(), next.examples.len() < count) {
        (true, _) => format!("any of {of}"),
        (false, true) => format!("any of {of} (such as {examples})"),
        (false, false) => format!("any of {of} ({examples})"),
    }
}

/// The class of an element.
fn class(report: &Report, element: ElementIndex) -> u32 {
    report.losses.classes.get(element as usize).copied().unwrap_or(element)
}

/// Which questions were asked, in words.
fn scope(report: &Report) -> String {
    let losses = &report.losses;
    let mut members = std::collections::HashMap::new();
    for element in (0u32..).take(report.elements.len()) {
        *members.entry(class(report, element)).or_insert(0usize) += 1;
    }
    let classes = members.len();
    let pairs_of_one = members.values().filter(|count| **count > 1).count();
    let all_pairs = classes * classes.saturating_sub(1) / 2 + pairs_of_one;
    let of = |size: usize| losses.asked.iter().filter(|asked| asked.down.len() == size).count();
    let singles = if of(1) == classes { "every single loss" } else { "some of the single losses" };
    let pairs = match of(2) {
        0 => String::new(),
        count if count == all_pairs => " and every pair".to_owned(),
        _ => " and some of the pairs".to_owned(),
    };
    let greater = losses.asked.iter().filter(|asked| asked.down.len() > 2).count();
    let greater = if greater == 0 { String::new() } else { format!(", and {greater} greater combinations") };
    format!("The engine was asked about {singles}{pairs}{greater}.")
}

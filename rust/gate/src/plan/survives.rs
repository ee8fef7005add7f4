//! How many losses are survived: asked of the failure model.

use super::answer::ToleranceChange;
use faults::{EventId, Formula, Model, tolerance, with_a_share};
use std::collections::HashMap;
use topology::pillar::Survive;
use topology::{Kind, Topology};

/// How many losses every service survives, of nodes and of each kind that `targets.survive` names.
#[derive(Debug, Default)]
pub(super) struct Survives {
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    service: String,
    kinds: Vec<Survived>,
}

/// How many losses of one kind; an answer that was not settled is left out.
#[derive(Clone, Debug)]
struct Survived {
    kind: String,
    losses: Option<u32>,
    /// No loss of this kind breaks it, however many there are of it.
    all: bool,
    target: u32,
}

/// What was found out: how many losses, and whether more of them do not matter.
type Answer = Option<(Option<u32>, bool)>;

/// Asks with these down. What is not touched by them is as it is in `before`, which must be of the same model.
pub(super) fn measure(
    model: &mut Model,
    survive: &Survive,
    down: &[EventId],
    before: Option<&Survives>,
    work: &mut u64,
) -> Survives {
    let asked = |kind: &Kind| model.of_kind(*kind).next().is_some();
    let wanted = |kind: &Kind| *kind == Kind::Node || model.target(*kind, survive) > 0;
    let kinds: Vec<Kind> = model.kinds().filter(asked).filter(wanted).collect();
    // A loss that is felt later is no matter of a step.
    let felt = model.services.iter().filter(|service| service.grace.is_none());
    let services: Vec<(String, Formula)> = felt.map(|service| (service.name.clone(), service.serve)).collect();
    let mut known: HashMap<(Formula, Kind), Answer> = HashMap::new();
    let mut rows = Vec::new();
    for (place, (service, serve)) in services.into_iter().enumerate() {
        let unchanged = before.and_then(|before| before.rows.get(place));
        if let Some(row) = unchanged.filter(|_| model.with_down(serve, down) == serve) {
            rows.push(row.clone());
            continue;
        }
        let mut row = Row { service, kinds: Vec::new() };
        for kind in &kinds {
            let answer = *known.entry((serve, *kind)).or_insert_with(|| {
                let answer = with_a_share(work, |work| tolerance(model, serve, *kind, down, work));
                let all = answer.survives.is_some() && answer.witness.is_empty();
                answer.settled.then_some((answer.survives, all))
            });
            let key = model.kind_key(*kind).to_owned();
            let target = model.target(*kind, survive);
            row.kinds.extend(answer.map(|(losses, all)| Survived { kind: key, losses, all, target }));
        }
        rows.push(row);
    }
    Survives { rows }
}

/// What is survived otherwise meanwhile; services and kinds that only one of the two knows are left out.
pub(super) fn changes(before: &Survives, meanwhile: &Survives) -> Vec<ToleranceChange> {
    let was: HashMap<(&str, &str), &Survived> =
        before.each().map(|(service, survived)| ((service, survived.kind.as_str()), survived)).collect();
    let differs = meanwhile.each().filter_map(|(service, survived)| {
        let before = *was.get(&(service, survived.kind.as_str()))?;
        let is_same = before.losses == survived.losses || (before.all && survived.all);
        (!is_same).then(|| ToleranceChange {
            service: service.to_owned(),
            kind: survived.kind.clone(),
            before: before.losses,
            during: survived.losses,
            target: survived.target,
        })
    });
    differs.collect()
}

/// What the end of a plan survives otherwise than its beginning.
pub(super) fn end(old: &Topology, new: &Topology, work: &mut u64) -> Vec<ToleranceChange> {
    // The kinds that the new pillar asks about.
    let survive = &new.targets.survive;
    let before = measure(&mut Model::of(old), survive, &[], None, work);
    let after = measure(&mut Model::of(new), survive, &[], None, work);
    changes(&before, &after)
}

/// The name of a kind behind a number: `1 node`, `2 power feeds`.
pub(super) fn plural(kind: &str, number: u32) -> String {
    let words = kind.replace('_', " ");
    match number {
        1 => words,
        _ if words.ends_with("ch") => words + "es",
        _ => words + "s",
    }
}

impl Survives {
    fn each(&self) -> impl Iterator<Item = (&str, &Survived)> {
        self.rows.iter().flat_map(|row| row.kinds.iter().map(|survived| (row.service.as_str(), survived)))
    }
}

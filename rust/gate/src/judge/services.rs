//! What a step takes of everything that the pillar declares: asked of the failure model.

use crate::observation::{Observation, State};
use crate::step::{Action, Step};
use crate::verdict::{Code, Verdict};
use crate::voters::Voters;
use faults::{EventId, Formula, Model, cut_sets};
use std::collections::HashSet;
use topology::{Kind, Topology};

/// Steps that one question may take; beyond it what is not settled counts as lost.
const WORK: u64 = 2_000_000;

/// What a step takes.
pub(super) struct Losses {
    /// Whether it takes what it must not.
    pub(super) verdict: Verdict,
    /// What it takes because the pillar has nothing else for it.
    pub(super) takes: Vec<String>,
}

/// What is down, what nobody knows of, and what the step takes.
struct Situation {
    down: HashSet<EventId>,
    unknown: HashSet<EventId>,
    taken: HashSet<EventId>,
}

/// Judges a step by every service of the model.
pub(super) fn losses(topology: &Topology, model: &mut Model, observation: &Observation, step: &Step) -> Losses {
    if !step.action.takes_programs() {
        return Losses { verdict: Verdict::Go, takes: Vec::new() };
    }
    let situation = situation(topology, model, observation, step);
    let felt = model.services.iter().filter(|service| service.grace.is_none());
    let services: Vec<(String, Formula)> = felt.map(|service| (service.name.clone(), service.serve)).collect();
    let (mut accepted, mut together, mut meanwhile) = (Vec::new(), Vec::new(), Vec::new());
    let mut others = HashSet::new();
    for (name, lost) in services {
        if !situation.takes(model, lost) {
            continue;
        }
        if !alone(model, lost, &situation.taken) {
            others.extend(situation.others(model, lost));
            meanwhile.push(name);
        } else if step.nodes.iter().any(|node| alone(model, lost, &taken(model, step, node))) {
            accepted.push(name);
        } else {
            together.push(name);
        }
    }
    let verdict = if !together.is_empty() {
        Verdict::refuse(
            Code::Services,
            format!("{} takes {}, which survives the loss of each of them", step.words(), together.join(", ")),
            "take them one after the other, or move one to another failure domain first",
        )
    } else if !meanwhile.is_empty() {
        let mut others: Vec<EventId> = others.into_iter().collect();
        others.sort_unstable();
        let others: Vec<&str> = others.into_iter().map(|event| model.event(event).name.as_str()).collect();
        let (words, services) = (step.words(), meanwhile.join(", "));
        Verdict::wait(
            Code::Services,
            format!("{words} takes {services} while nobody can count on {}", others.join(", ")),
            "mend that first",
        )
    } else {
        Verdict::Go
    };
    Losses { verdict, takes: accepted }
}

/// What counts as down in a cluster that was seen like this, as the failure model names it: `node:cp2`, `process:etcd on cp1`.
/// What nobody knows counts; programs on a host that is down are not named beside it.
#[must_use]
pub fn away(topology: &Topology, model: &Model, observation: &Observation) -> Vec<String> {
    let nothing = Step { action: Action::Stop, nodes: Vec::new(), programs: Vec::new() };
    let situation = situation(topology, model, observation, &nothing);
    let mut events: Vec<EventId> = situation.down.union(&situation.unknown).copied().collect();
    events.sort_unstable();
    let hosts: Vec<&str> = events
        .iter()
        .map(|event| model.event(*event))
        .filter(|event| event.kind == Kind::Node)
        .map(|event| event.name.as_str())
        .collect();
    let stands_alone = |event: &faults::Event| {
        event.kind == Kind::Node || !hosts.iter().any(|host| event.name.ends_with(&format!(" on {host}")))
    };
    let events = events.iter().map(|event| model.event(*event)).filter(|event| stands_alone(event));
    events.map(|event| format!("{}:{}", model.kind_key(event.kind), event.name)).collect()
}

/// Whether these alone take a service that otherwise has everything.
fn alone(model: &Model, lost: Formula, taken: &HashSet<EventId>) -> bool {
    model.formulas.holds(lost, |event| taken.contains(&event))
}

/// The events of a step on one of its nodes.
fn taken(model: &Model, step: &Step, node: &str) -> HashSet<EventId> {
    if step.programs.is_empty() {
        return model.find(Kind::Node, node).into_iter().collect();
    }
    step.programs.iter().filter_map(|program| model.find(Kind::Process, &format!("{program} on {node}"))).collect()
}

fn situation(topology: &Topology, model: &Model, observation: &Observation, step: &Step) -> Situation {
    let (mut down, mut unknown) = (HashSet::new(), HashSet::new());
    let mut count = |event: Option<EventId>, state: State| match (event, state) {
        (Some(event), State::Down) => _ = down.insert(event),
        (Some(event), State::Unwell | State::Unknown) => _ = unknown.insert(event),
        _ => {}
    };
    for node in &topology.nodes {
        let in_maintenance = observation.maintenance.contains(&node.name);
        let state = match observation.state_of(&node.name) {
            State::Up | State::Unwell | State::Unknown if in_maintenance => State::Unknown,
            // Its kubelet may not be ready, or not be known: the host itself is there.
            State::Unwell | State::Unknown if something_answers(observation, &node.name) => State::Up,
            state => state,
        };
        count(model.find(Kind::Node, &node.name), state);
    }
    for program in &observation.programs {
        count(model.find(Kind::Process, &format!("{} on {}", program.name, program.node)), program.state);
    }
    let voters = Voters::of(observation);
    for member in voters.all() {
        let state = match member.state {
            State::Up if voters.is_healthy(member) => State::Up,
            State::Up => State::Unwell,
            other => other,
        };
        count(model.find(Kind::Process, &format!("etcd on {}", member.node)), state);
    }
    let taken = step.nodes.iter().flat_map(|node| taken(model, step, node)).collect();
    Situation { down, unknown, taken }
}

fn something_answers(observation: &Observation, node: &str) -> bool {
    let mut programs = observation.programs.iter().filter(|program| program.node == node);
    let mut members = observation.etcd.iter().filter(|member| member.node == node);
    programs.any(|program| matches!(program.state, State::Up | State::Unwell))
        || members.any(|member| matches!(member.state, State::Up | State::Unwell))
}

impl Situation {
    /// Whether a service may serve now and not with the step, for some truth about what nobody knows.
    fn takes(&self, model: &mut Model, lost: Formula) -> bool {
        let open = |event: &EventId| self.unknown.contains(event) && !self.taken.contains(event);
        let with = model.formulas.restrict(lost, |event| {
            if open(&event) { None } else { Some(self.down.contains(&event) || self.taken.contains(&event)) }
        });
        if with == Formula::FALSE {
            return false;
        }
        let holds_without = |model: &Model, also: &HashSet<EventId>| {
            model.formulas.holds(lost, |event| self.down.contains(&event) || also.contains(&event))
        };
        if with == Formula::TRUE {
            return !holds_without(model, &HashSet::new());
        }
        // The service is monotone: if any truth about the unknown makes the difference, then one that just suffices does.
        match cut_sets(&mut model.formulas, with, u32::MAX, WORK) {
            Ok(found) => found.iter().any(|set| !holds_without(model, &set.into_iter().collect())),
            Err(_) => !holds_without(model, &HashSet::new()),
        }
    }

    /// What is down or not known and takes part in the loss.
    fn others(&self, model: &Model, lost: Formula) -> Vec<EventId> {
        let support: HashSet<EventId> = model.formulas.support(lost).into_iter().collect();
        let matters = |event: &&EventId| support.contains(event) && !self.taken.contains(event);
        self.down.union(&self.unknown).filter(matters).copied().collect()
    }
}

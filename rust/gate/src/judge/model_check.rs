//! Every state of up to seven members, and every step from it: no step that is allowed takes the quorum, and none is refused
//! where it would be a repair. Members differ by their state alone, so states that are the same but for the order of their members
//! are looked at once.

use super::{membership, stop};
use crate::observation::{EtcdMember, Observation, State};
use crate::step::{Action, Step};
use crate::voters::{Voters, quorum};
use std::collections::HashSet;

const MOST: usize = 7;

/// A member as it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Seen {
    Up,
    Unwell,
    Down,
    Unknown,
    Removing,
    Alarmed,
    Learner,
    DeadLearner,
    NotStarted,
}

const ALL: [Seen; 9] = [
    Seen::Up,
    Seen::Unwell,
    Seen::Down,
    Seen::Unknown,
    Seen::Removing,
    Seen::Alarmed,
    Seen::Learner,
    Seen::DeadLearner,
    Seen::NotStarted,
];

/// What one member may be in truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    Votes,
    Silent,
    NoVoter,
}

impl Seen {
    fn member(self, index: usize) -> EtcdMember {
        let state = match self {
            Self::Unwell => State::Unwell,
            Self::Down | Self::DeadLearner => State::Down,
            Self::Unknown | Self::NotStarted => State::Unknown,
            _ => State::Up,
        };
        EtcdMember {
            id: format!("{index:x}"),
            node: if self == Self::NotStarted { String::new() } else { name(index) },
            state,
            because: String::new(),
            is_learner: matches!(self, Self::Learner | Self::DeadLearner),
            is_leader: false,
            is_removing: self == Self::Removing,
            applied_index: 100_000,
            alarms: if self == Self::Alarmed { vec!["NOSPACE".to_owned()] } else { Vec::new() },
            database_bytes: None,
            quota_bytes: None,
        }
    }

    fn truths(self) -> &'static [Truth] {
        match self {
            Self::Up => &[Truth::Votes],
            Self::Unwell | Self::Unknown | Self::Alarmed => &[Truth::Votes, Truth::Silent],
            Self::Down | Self::NotStarted => &[Truth::Silent],
            Self::Removing => &[Truth::Votes, Truth::Silent, Truth::NoVoter],
            Self::Learner | Self::DeadLearner => &[Truth::NoVoter],
        }
    }
}

fn name(index: usize) -> String {
    format!("cp{index}")
}

/// Every state of `members` members, once for each order.
fn states(members: usize) -> Vec<Vec<Seen>> {
    let mut all = vec![Vec::new()];
    for _ in 0..members {
        all = all
            .into_iter()
            .flat_map(|state: Vec<Seen>| {
                let from = state.last().copied().unwrap_or(Seen::Up);
                ALL.into_iter().filter(move |next| *next >= from).map(move |next| [&state[..], &[next]].concat())
            })
            .collect();
    }
    all
}

fn observed(state: &[Seen]) -> Observation {
    let etcd = state.iter().enumerate().map(|(index, seen)| seen.member(index)).collect();
    Observation { schema: 1, etcd, ..Observation::default() }
}

/// Everything that the state may be in truth.
fn truths(state: &[Seen]) -> Vec<Vec<Truth>> {
    let mut all = vec![Vec::new()];
    for seen in state {
        all = all
            .into_iter()
            .flat_map(|truth: Vec<Truth>| seen.truths().iter().map(move |next| [&truth[..], &[*next]].concat()))
            .collect();
    }
    all
}

fn has_quorum(truth: &[Truth]) -> bool {
    let voters = truth.iter().filter(|truth| **truth != Truth::NoVoter).count();
    truth.iter().filter(|truth| **truth == Truth::Votes).count() >= quorum(voters)
}

/// The truth while and after a step is done to these members, at worst.
fn after(action: Action, truth: &[Truth], taken: &HashSet<usize>) -> Vec<Truth> {
    let mut after: Vec<Truth> = truth.to_vec();
    for index in taken {
        after[*index] = match (action, after[*index]) {
            // It is in sync, and votes.
            (Action::Promote, _) => Truth::Votes,
            (Action::Remove, _) | (_, Truth::NoVoter) => Truth::NoVoter,
            _ => Truth::Silent,
        };
    }
    if action == Action::Add && truth.len() > 1 {
        after.push(Truth::Silent);
    }
    after
}

fn sets(members: usize) -> impl Iterator<Item = HashSet<usize>> {
    (1u32..1 << members).map(move |bits| (0..members).filter(|index| bits & (1 << index) != 0).collect())
}

fn is_allowed(observation: &Observation, step: &Step, declared: &dyn Fn(&str) -> bool) -> bool {
    let voters = Voters::of(observation);
    if matches!(step.action, Action::Add | Action::Remove | Action::Promote) {
        membership::verdict(&voters, step, declared).is_go()
    } else {
        stop::verdict(&voters, step, declared, 2).is_go()
    }
}

#[test]
fn no_step_that_is_allowed_takes_the_quorum() {
    let mut allowed = 0u64;
    for state in (1..=MOST).flat_map(states) {
        let observation = observed(&state);
        let truths: Vec<Vec<Truth>> = truths(&state).into_iter().filter(|truth| has_quorum(truth)).collect();
        for taken in sets(state.len()) {
            let step = Step::of_nodes(Action::Restart, taken.iter().map(|index| name(*index)));
            if is_allowed(&observation, &step, &|_| true) {
                allowed += 1;
                let holds = truths.iter().all(|truth| has_quorum(&after(step.action, truth, &taken)));
                assert!(holds, "{step:?} of {state:?}");
            }
        }
        for index in 0..state.len() {
            for (action, is_declared) in [(Action::Remove, true), (Action::Remove, false), (Action::Promote, true)] {
                let step = Step::of_nodes(action, [name(index)]);
                if is_allowed(&observation, &step, &|_| is_declared) {
                    allowed += 1;
                    let taken = HashSet::from([index]);
                    let holds = truths.iter().all(|truth| has_quorum(&after(action, truth, &taken)));
                    assert!(holds, "{step:?} of {state:?}");
                }
            }
        }
        let step = Step::of_nodes(Action::Add, ["new"]);
        if is_allowed(&observation, &step, &|_| true) {
            allowed += 1;
            let holds = truths.iter().all(|truth| has_quorum(&after(Action::Add, truth, &HashSet::new())));
            assert!(holds, "{step:?} of {state:?}");
        }
    }
    assert!(allowed > 1_000, "{allowed} steps are allowed");
}

#[test]
fn what_is_down_may_always_be_worked_on() {
    for state in (1..=MOST).flat_map(states) {
        let observation = observed(&state);
        for (index, seen) in state.iter().enumerate() {
            let restart = Step::of_nodes(Action::Restart, [name(index)]);
            let is_sound = |seen: &&Seen| matches!(seen, Seen::Up);
            let others = state.iter().filter(is_sound).count() - usize::from(*seen == Seen::Up);
            let voters = state.iter().filter(|seen| !matches!(seen, Seen::Learner | Seen::DeadLearner)).count();
            let no_change =
                !state.iter().any(|seen| matches!(seen, Seen::Learner | Seen::DeadLearner | Seen::NotStarted));
            let may = match seen {
                Seen::Down | Seen::DeadLearner | Seen::Learner => true,
                // Not certainly down: only where the others are enough.
                Seen::NotStarted => continue,
                _ => no_change && others >= quorum(voters),
            };
            assert_eq!(is_allowed(&observation, &restart, &|_| true), may, "{restart:?} of {state:?}");
        }
    }
}

#[test]
fn where_there_is_a_quorum_a_repair_is_allowed() {
    for state in (1..=MOST).flat_map(states) {
        let observation = observed(&state);
        let voters = Voters::of(&observation);
        if voters.count() == 0 || voters.healthy().count() < quorum(voters.count()) {
            continue;
        }
        let steps = (0..state.len()).flat_map(|index| {
            [Action::Restart, Action::Remove, Action::Promote].map(|action| Step::of_nodes(action, [name(index)]))
        });
        let not_started = state.contains(&Seen::NotStarted);
        let all_well = state.iter().all(|seen| *seen == Seen::Up);
        let some = steps.into_iter().any(|step| is_allowed(&observation, &step, &|_| true));
        // A member that was added and has not started is taken out by its id, which is no step of ours; and one or two members
        // that do their work have nothing to be mended.
        assert!(some || not_started || (all_well && state.len() < 3), "{state:?}");
    }
}

/// Two operators, one lock, and everything that may come in between.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    up: Vec<bool>,
    lock: Option<usize>,
    operators: [Phase; 2],
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Phase {
    Idle,
    Decided(usize),
    Acting(usize),
}

/// All worlds that can be reached from one in which everything does its work.
fn reachable(members: usize, is_locked: bool) -> HashSet<World> {
    let start = World { up: vec![true; members], lock: None, operators: [Phase::Idle, Phase::Idle] };
    let mut known = HashSet::from([start.clone()]);
    let mut open = vec![start];
    while let Some(world) = open.pop() {
        for next in next(&world, is_locked) {
            if known.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    known
}

fn next(world: &World, is_locked: bool) -> Vec<World> {
    let mut all = Vec::new();
    let mut then = |change: &dyn Fn(&mut World)| {
        let mut world = world.clone();
        change(&mut world);
        all.push(world);
    };
    for index in (0..world.up.len()).filter(|index| !world.up[*index]) {
        then(&|world| world.up[index] = true);
    }
    for (operator, phase) in world.operators.iter().enumerate() {
        match *phase {
            Phase::Idle if world.lock.is_none() || !is_locked => {
                for index in decided(world) {
                    then(&|world| {
                        world.lock = Some(operator);
                        world.operators[operator] = Phase::Decided(index);
                    });
                }
            }
            Phase::Idle => {}
            Phase::Decided(index) => {
                // It pauses for so long that its lease ends; it looks at its lease before it acts.
                then(&|world| world.lock = world.lock.filter(|holder| *holder != operator));
                if is_locked && world.lock != Some(operator) {
                    then(&|world| world.operators[operator] = Phase::Idle);
                } else {
                    then(&|world| {
                        world.up[index] = false;
                        world.operators[operator] = Phase::Acting(index);
                    });
                }
            }
            Phase::Acting(index) => {
                for (is_back, _died) in [(true, false), (false, true)] {
                    then(&|world| {
                        world.up[index] |= is_back;
                        world.operators[operator] = Phase::Idle;
                        world.lock = world.lock.filter(|holder| *holder != operator);
                    });
                }
            }
        }
    }
    all
}

/// Members whose restart is allowed, whatever part of the world the operator sees.
fn decided(world: &World) -> Vec<usize> {
    let members = world.up.len();
    let may = |index: &usize| {
        (0u32..1 << members).any(|hidden| {
            let seen = |other: usize| match (hidden & (1 << other) != 0, world.up[other]) {
                (true, _) => Seen::Unknown,
                (false, true) => Seen::Up,
                (false, false) => Seen::Down,
            };
            let state: Vec<Seen> = (0..members).map(seen).collect();
            is_allowed(&observed(&state), &Step::of_nodes(Action::Restart, [name(*index)]), &|_| true)
        })
    };
    (0..members).filter(may).collect()
}

fn quorum_is_lost(world: &World) -> bool {
    world.up.iter().filter(|up| **up).count() < quorum(world.up.len())
}

#[test]
fn two_operators_with_one_lock_never_take_the_quorum() {
    for members in [3, 4, 5] {
        let worlds = reachable(members, true);
        assert!(worlds.len() > 20, "{} worlds of {members} members", worlds.len());
        assert_eq!(worlds.iter().find(|world| quorum_is_lost(world)), None, "{members} members");
    }
}

#[test]
fn without_the_lock_two_operators_take_the_quorum() {
    assert!(reachable(3, false).iter().any(quorum_is_lost));
}

//! Every state of up to seven members, and every step from it: no step that is allowed takes the quorum, and none is refused
//! where it would be a repair. Members differ by their state alone, so states that are the same but for the order of their members
//! are looked at once.

mod two_operators;

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

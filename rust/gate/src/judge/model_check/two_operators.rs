//! Two operators who may do everything in every order: with one lock they never take the quorum.

use super::{Seen, is_allowed, name, observed};
use crate::step::{Action, Step};
use crate::voters::quorum;
use std::collections::HashSet;

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

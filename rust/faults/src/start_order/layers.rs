//! What starts when.

use super::graph::{Graph, Need};

/// The layers of a start. A need under a condition counts where it can be met, and is left out where it never is: it orders
/// a start, and does not stop one.
pub(super) fn layers(graph: &Graph) -> Vec<Vec<usize>> {
    let everything: Vec<usize> = (0..graph.len()).collect();
    let mut started = vec![false; graph.len()];
    for step in rounds(graph, &everything, |_| true).into_iter().flatten() {
        started[step] = true;
    }
    let can_be_met = |need: &Need| need.of.iter().filter(|step| started[**step]).count() >= need.at_least;
    rounds(graph, &everything, |need| need.only_if.is_none() || can_be_met(need))
}

/// The rounds in which steps start when only the needs count that `counts` says, and everything is there that is not among
/// these steps. A step that never starts is in no round.
pub(super) fn rounds(graph: &Graph, steps: &[usize], counts: impl Fn(&Need) -> bool) -> Vec<Vec<usize>> {
    let mut among = vec![false; graph.len()];
    for step in steps {
        among[*step] = true;
    }
    let mut dependents: Vec<Vec<(usize, usize)>> = vec![Vec::new(); graph.len()];
    // By step and need: how many must still start.
    let mut open: Vec<Vec<usize>> = vec![Vec::new(); graph.len()];
    let mut unmet = vec![0; graph.len()];
    for step in steps {
        for (index, need) in graph.needs(*step).iter().enumerate() {
            let there = need.of.iter().filter(|other| !among[**other]).count();
            let missing = if counts(need) { need.at_least.saturating_sub(there) } else { 0 };
            open[*step].push(missing);
            if missing > 0 {
                unmet[*step] += 1;
                need.of.iter().filter(|other| among[**other]).for_each(|other| dependents[*other].push((*step, index)));
            }
        }
    }
    let mut rounds: Vec<Vec<usize>> = Vec::new();
    let mut round: Vec<usize> = steps.iter().copied().filter(|step| unmet[*step] == 0).collect();
    while !round.is_empty() {
        let mut next = Vec::new();
        for step in &round {
            for (dependent, need) in &dependents[*step] {
                let missing = &mut open[*dependent][*need];
                if *missing == 0 {
                    continue;
                }
                *missing -= 1;
                if *missing == 0 {
                    unmet[*dependent] -= 1;
                    if unmet[*dependent] == 0 {
                        next.push(*dependent);
                    }
                }
            }
        }
        round.sort_unstable();
        rounds.push(std::mem::replace(&mut round, next));
    }
    rounds
}

//! What waits for itself.

use super::graph::{Graph, Need};
use super::layers::rounds;
use serde::Serialize;
use std::collections::{HashMap, VecDeque};

/// Whether a circle stops a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CircleKind {
    /// Its steps never start by themselves.
    Closed,
    /// They do not where the condition of one of its needs holds.
    Conditional,
    /// They start: something in it can be had in another way.
    AnotherWay,
}

/// One step of a circle, and what it waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// The step.
    pub step: String,
    /// What it waits for: the step of the next edge, and of the last edge that of the first.
    pub needs: String,
    /// Why.
    pub because: &'static str,
    /// When it does; `null` for always.
    pub only_if: Option<&'static str>,
}

/// Steps that wait for each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Circle {
    /// Whether it stops a start.
    pub kind: CircleKind,
    /// One way around it.
    pub path: Vec<Edge>,
}

/// One circle of each group of steps that need each other, directly or through others; in the order of steps.
pub(super) fn circles(graph: &Graph) -> Vec<Circle> {
    let mut groups = components(graph);
    groups.retain(|group| group.len() > 1 || waits_for_itself(graph, group[0]));
    groups.sort_unstable();
    groups.iter().filter_map(|group| circle(graph, group)).collect()
}

fn waits_for_itself(graph: &Graph, step: usize) -> bool {
    graph.needs(step).iter().any(|need| need.of.contains(&step))
}

fn circle(graph: &Graph, group: &[usize]) -> Option<Circle> {
    let always = |need: &Need| need.only_if.is_none();
    let any = |_: &Need| true;
    let closed = stuck(graph, group, always);
    if !closed.is_empty() {
        return Some(Circle { kind: CircleKind::Closed, path: around(graph, &closed, always)? });
    }
    let conditional = stuck(graph, group, any);
    if !conditional.is_empty() {
        return Some(Circle { kind: CircleKind::Conditional, path: around(graph, &conditional, any)? });
    }
    Some(Circle { kind: CircleKind::AnotherWay, path: around(graph, group, any)? })
}

/// The steps of a group that do not start when everything outside of it is there, sorted.
fn stuck(graph: &Graph, group: &[usize], counts: impl Fn(&Need) -> bool) -> Vec<usize> {
    let started: std::collections::HashSet<usize> = rounds(graph, group, counts).into_iter().flatten().collect();
    group.iter().copied().filter(|step| !started.contains(step)).collect()
}

/// A shortest way around among these steps, each of which needs one of them.
fn around(graph: &Graph, steps: &[usize], counts: impl Fn(&Need) -> bool + Copy) -> Option<Vec<Edge>> {
    let among: std::collections::HashSet<usize> = steps.iter().copied().collect();
    let next = |step: usize| {
        let needs = graph.needs(step).iter().filter(move |need| counts(need));
        needs.flat_map(|need| need.of.iter().map(move |other| (*other, need)))
    };
    // Following the first need again and again ends in a circle.
    let mut seen = std::collections::HashSet::new();
    let mut start = *steps.first()?;
    while seen.insert(start) {
        start = next(start).map(|(other, _)| other).find(|other| among.contains(other))?;
    }
    let mut came: HashMap<usize, (usize, &Need)> = HashMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(step) = open.pop_front() {
        for (other, need) in next(step).filter(|(other, _)| among.contains(other)) {
            if came.contains_key(&other) {
                continue;
            }
            came.insert(other, (step, need));
            if other == start {
                open.clear();
                break;
            }
            open.push_back(other);
        }
    }
    let mut path = Vec::new();
    let mut at = start;
    loop {
        let (from, need) = came.get(&at)?;
        let edge =
            Edge { step: graph.name(*from), needs: graph.name(at), because: need.because, only_if: need.only_if };
        path.push(edge);
        at = *from;
        if at == start {
            break;
        }
    }
    path.reverse();
    Some(path)
}

/// Groups of steps that need each other, directly or through others (Tarjan's algorithm, without recursion); each sorted.
fn components(graph: &Graph) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let next: Vec<Vec<usize>> = (0..graph.len())
        .map(|step| graph.needs(step).iter().flat_map(|need| need.of.iter().copied()).collect())
        .collect();
    let (mut order, mut lowest) = (vec![NEW; graph.len()], vec![0; graph.len()]);
    let mut is_open = vec![false; graph.len()];
    let (mut open, mut groups, mut count) = (Vec::new(), Vec::new(), 0);
    for start in 0..graph.len() {
        let mut path: Vec<(usize, usize)> = Vec::new();
        if order[start] == NEW {
            path.push((start, 0));
        }
        while let Some((step, place)) = path.pop() {
            if place == 0 {
                (order[step], lowest[step]) = (count, count);
                count += 1;
                open.push(step);
                is_open[step] = true;
            } else {
                let behind = next[step][place - 1];
                lowest[step] = lowest[step].min(if is_open[behind] { lowest[behind] } else { NEW });
            }
            if let Some(other) = next[step].get(place) {
                path.push((step, place + 1));
                if order[*other] == NEW {
                    path.push((*other, 0));
                }
                continue;
            }
            if lowest[step] == order[step] {
                let mut group = Vec::new();
                while let Some(member) = open.pop() {
                    is_open[member] = false;
                    group.push(member);
                    if member == step {
                        break;
                    }
                }
                group.sort_unstable();
                groups.push(group);
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(needs: &[(usize, usize, &[usize])]) -> Graph {
        let mut graph = Graph::default();
        (0..6).for_each(|step| _ = graph.step(&step.to_string()));
        for (step, at_least, of) in needs {
            graph.some(*step, *at_least, of.to_vec(), "because");
        }
        graph
    }

    fn found(graph: &Graph) -> Vec<(CircleKind, Vec<String>)> {
        let path = |circle: Circle| (circle.kind, circle.path.into_iter().map(|edge| edge.step).collect());
        circles(graph).into_iter().map(path).collect()
    }

    fn names(steps: &[usize]) -> Vec<String> {
        steps.iter().map(usize::to_string).collect()
    }

    #[test]
    fn a_closed_circle_stops_what_stands_on_it() {
        let graph = graph(&[(1, 1, &[0]), (2, 1, &[3]), (3, 1, &[2]), (4, 1, &[3])]);
        assert_eq!(found(&graph), [(CircleKind::Closed, names(&[2, 3]))]);
        let order = super::super::order_of(&graph);
        assert_eq!(order.never, names(&[2, 3, 4]));
        assert_eq!(order.layers, [names(&[0, 5]), names(&[1])]);
    }

    #[test]
    fn another_way_opens_a_circle_and_a_majority_may_not() {
        let open = graph(&[(2, 1, &[0, 3]), (3, 1, &[2])]);
        assert_eq!(found(&open), [(CircleKind::AnotherWay, names(&[2, 3]))]);
        let majority = graph(&[(2, 2, &[0, 3, 4]), (3, 1, &[2]), (4, 1, &[2])]);
        assert_eq!(found(&majority)[0].0, CircleKind::Closed);
    }

    #[test]
    fn a_condition_orders_and_does_not_stop() {
        let mut graph = graph(&[(1, 1, &[0]), (3, 1, &[2])]);
        graph.maybe(2, 3, "because", "where it is so");
        graph.maybe(4, 1, "because", "where it is so");
        assert_eq!(found(&graph), [(CircleKind::Conditional, names(&[2, 3]))]);
        let order = super::super::order_of(&graph);
        assert_eq!(order.layers, [names(&[0, 2, 5]), names(&[1, 3]), names(&[4])]);
        assert!(order.never.is_empty());
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_steps_ends() {
        let mut graph = Graph::default();
        let steps: Vec<usize> = (0..100_000).map(|step| graph.step(&step.to_string())).collect();
        for pair in steps.windows(2) {
            graph.all(pair[1], pair[0], "because");
        }
        assert_eq!(super::super::order_of(&graph).layers.len(), 100_000);
        graph.all(steps[0], steps[99_999], "because");
        let order = super::super::order_of(&graph);
        assert_eq!((order.never.len(), order.circles[0].path.len()), (100_000, 100_000));
    }
}

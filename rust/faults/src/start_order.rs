//! In which order everything starts after a total power loss, and what waits for itself.
//!
//! A step starts once what it needs has started: of each group that it needs, so many. What starts needs more than what
//! serves: a name that must be resolved, an image that must be there, a quorum that lets machines start.

mod circles;
mod derive;
mod graph;
mod layers;
mod names;

pub use circles::{Circle, CircleKind, Edge};

use graph::Graph;
use serde::Serialize;
use topology::Topology;

/// The order of a start from nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StartOrder {
    /// Steps that can start at the same time, the first ones first; within a layer elements, then services, each in the order
    /// of the model. A step stands in
    /// the earliest layer in which enough of what it needs is there.
    pub layers: Vec<Vec<String>>,
    /// Steps that never start by themselves.
    pub never: Vec<String>,
    /// What waits for itself: one circle of each group of steps that need each other.
    pub circles: Vec<Circle>,
}

/// The order in which everything declared starts after a total power loss. What others run is taken to be there.
#[must_use]
pub fn start_order(topology: &Topology) -> StartOrder {
    order_of(&derive::graph(topology))
}

fn order_of(graph: &Graph) -> StartOrder {
    let names = |steps: Vec<usize>| -> Vec<String> { steps.into_iter().map(|step| graph.name(step)).collect() };
    let layers = layers::layers(graph);
    let mut started = vec![false; graph.len()];
    for step in layers.iter().flatten() {
        started[*step] = true;
    }
    let never = (0..graph.len()).filter(|step| !started[*step]).collect();
    StartOrder {
        layers: layers.into_iter().map(names).collect(),
        never: names(never),
        circles: circles::circles(graph),
    }
}

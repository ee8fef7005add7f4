//! Losses that depend on how many of some nodes are lost.
//!
//! Pods, their volumes and their registry often count the same nodes. As formulas of their own they would hang together in
//! each of these nodes; put together as numbers they stay one gate.

use crate::builder::Builder;
use crate::formula::{Formula, Term};
use topology::NodeIndex;

/// When something is lost, with X nodes of some lost.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    /// The nodes that count.
    pub nodes: Vec<NodeIndex>,
    /// It does not serve from this X on.
    pub serve: u32,
    /// It does not recover from this X on.
    pub recover: u32,
    /// Nor from this X on, when nothing can be started elsewhere.
    pub stuck_from: u32,
    /// Nothing can be started elsewhere.
    pub stuck: Formula,
    /// It does not serve, or not recover, by other losses either.
    pub besides: [Formula; 2],
}

impl Counted {
    /// What is lost from an X on, wherever it is started anew.
    pub(super) fn fixed(nodes: Vec<NodeIndex>, lost: u32) -> Self {
        let besides = [Formula::FALSE; 2];
        Self { nodes, serve: lost, recover: lost, stuck_from: lost, stuck: Formula::FALSE, besides }
    }

    /// When it does not serve, and when it does not recover.
    pub(super) fn lost(&self, builder: &mut Builder<'_>) -> [Formula; 2] {
        let terms: Vec<Term> = builder.each(&self.nodes).into_iter().map(|node| (node, 1)).collect();
        let serve = builder.formulas.weighted(self.serve, terms.clone());
        // X >= recover, or X >= stuck_from and stuck: being stuck counts as the nodes between the two.
        let weight = self.recover.saturating_sub(self.stuck_from);
        let terms = terms.into_iter().chain([(self.stuck, weight)]).filter(|(_, weight)| *weight > 0).collect();
        let recover = builder.formulas.weighted(self.recover, terms);
        [(serve, self.besides[0]), (recover, self.besides[1])]
            .map(|(counted, other)| builder.formulas.any([counted, other]))
    }

    /// It needs another thing too. Whether that could be said in numbers.
    pub(super) fn requires(&mut self, builder: &mut Builder<'_>, other: &Self) -> bool {
        let other_is_fixed = other.stuck == Formula::FALSE || other.stuck_from >= other.recover;
        if self.nodes != other.nodes || !(other_is_fixed || other.stuck == self.stuck) {
            return false;
        }
        if !other_is_fixed {
            self.stuck_from = self.stuck_from.min(other.stuck_from);
        }
        self.serve = self.serve.min(other.serve);
        self.recover = self.recover.min(other.recover);
        self.requires_besides(builder, other.besides);
        true
    }

    /// It needs another thing too.
    pub(super) fn requires_besides(&mut self, builder: &mut Builder<'_>, lost: [Formula; 2]) {
        let [serve, recover] = [(self.besides[0], lost[0]), (self.besides[1], lost[1])];
        self.besides = [serve, recover].map(|(one, other)| builder.formulas.any([one, other]));
    }

    /// To start elsewhere it needs the images of a registry that recovers.
    pub(super) fn pulls_from(&mut self, builder: &mut Builder<'_>, registry: &Self) {
        let lost = if self.nodes == registry.nodes && self.stuck == registry.stuck {
            // What keeps the registry from starting keeps this from starting already.
            self.recover = self.recover.min(self.stuck_from.max(registry.recover));
            registry.besides[1]
        } else {
            registry.lost(builder)[1]
        };
        self.stuck = builder.formulas.any([self.stuck, lost]);
    }
}

//! Steps of a start, and what each needs.

use std::collections::HashMap;

/// So many of these must have started.
#[derive(Clone, Debug)]
pub(super) struct Need {
    /// How many; at least one.
    pub(super) at_least: usize,
    /// Of which steps, sorted; at least as many.
    pub(super) of: Vec<usize>,
    /// Why, as the middle of a sentence: `etcd` *runs on a majority of them*.
    pub(super) because: &'static str,
    /// When it is needed at all; `None` for always.
    pub(super) only_if: Option<&'static str>,
}

/// Steps and their needs.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    names: Vec<String>,
    known: HashMap<String, usize>,
    needs: Vec<Vec<Need>>,
}

impl Graph {
    /// The step of that name, made when it is new.
    pub(super) fn step(&mut self, name: &str) -> usize {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        self.names.push(name.to_owned());
        self.needs.push(Vec::new());
        self.known.insert(name.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }

    /// The step of that name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.known.get(name).copied()
    }

    /// Says that a step needs so many of others; of none nothing is needed.
    pub(super) fn some(&mut self, step: usize, at_least: usize, mut of: Vec<usize>, because: &'static str) {
        of.sort_unstable();
        of.dedup();
        let at_least = at_least.min(of.len());
        if at_least > 0 {
            self.needs[step].push(Need { at_least, of, because, only_if: None });
        }
    }

    /// Says that a step needs one of others.
    pub(super) fn one(&mut self, step: usize, of: Vec<usize>, because: &'static str) {
        self.some(step, 1, of, because);
    }

    /// Says that a step needs another.
    pub(super) fn all(&mut self, step: usize, other: usize, because: &'static str) {
        self.some(step, 1, vec![other], because);
    }

    /// Says that a step needs another under a condition.
    pub(super) fn maybe(&mut self, step: usize, other: usize, because: &'static str, only_if: &'static str) {
        self.needs[step].push(Need { at_least: 1, of: vec![other], because, only_if: Some(only_if) });
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn name(&self, step: usize) -> String {
        self.names[step].clone()
    }

    pub(super) fn needs(&self, step: usize) -> &[Need] {
        &self.needs[step]
    }
}

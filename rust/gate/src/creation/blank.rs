//! Before something is begun from nothing: every host that has to be blank has said so lately.

use super::ANSWER_SECONDS;
use super::ledger::BlankAnswer;
use super::request::Outcome;
use std::collections::BTreeMap;

/// Hosts that have to be blank.
pub(super) struct Required<'r> {
    /// Their names.
    pub nodes: &'r [String],
    /// Those of them without whose answer the operator goes on.
    pub without: &'r [String],
    /// Name of the cluster.
    pub cluster: &'r str,
}

impl Required<'_> {
    /// Why nothing may be begun yet, by the answers that were given; `None` when every host is blank.
    pub fn missing(&self, answers: &BTreeMap<String, BlankAnswer>, now: f64) -> Option<Outcome> {
        let required = || self.nodes.iter().filter(|name| !self.without.contains(name));
        let lately = |name: &&String| answers.get(*name).filter(|answer| now - answer.at <= ANSWER_SECONDS);
        if let Some((name, answer)) = required()
            .filter_map(|name| lately(&name).map(|answer| (name, answer)))
            .find(|(_, answer)| !answer.found.is_empty())
        {
            return Some(Outcome::refuse(format!(
                "{name} is not blank: {}. No cluster is initialised beside what may be another one",
                answer.found
            )));
        }
        let silent: Vec<&str> = required().filter(|name| lately(name).is_none()).map(String::as_str).collect();
        (!silent.is_empty()).then(|| {
            Outcome::wait(format!(
                "{} {} not answered yet that {} blank. To go without, name it: salt-run k8s_ha.create {} without={}",
                silent.join(", "),
                if silent.len() == 1 { "has" } else { "have" },
                if silent.len() == 1 { "it is" } else { "they are" },
                self.cluster,
                silent.join(","),
            ))
        })
    }
}

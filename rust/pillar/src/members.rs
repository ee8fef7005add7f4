//! Which minions get which pillar: one for each cluster, the same for all of its members.

use crate::codes::{MEMBER_WITHOUT_PILLAR, MEMBERS_DISAGREE, finding};
use crate::environment::Environment;
use crate::error::Error;
use crate::top::Assignment;
use diagnostics::Severity;
use std::collections::{BTreeMap, HashMap};
use tree::{NodeId, Value};

/// The pillar of one or more minions.
#[derive(Clone, Debug)]
pub(crate) struct Handed {
    /// The value of `k8s_ha`.
    pub pillar: NodeId,
    /// Minions that get it.
    pub minions: Vec<String>,
}

impl Environment<'_> {
    /// Puts together what each member of each cluster gets from `top.sls`.
    pub(crate) fn hand_out(&mut self, assignments: &[Assignment]) -> Result<Vec<Handed>, Error> {
        let mut merged: HashMap<Vec<usize>, Option<NodeId>> = HashMap::new();
        let mut handed: Vec<(Vec<usize>, Handed)> = Vec::new();
        for minion in self.declared_minions(assignments)? {
            let means = |assignment: &Assignment| assignment.target.means(&minion).unwrap_or(true);
            let matching: Vec<usize> =
                assignments.iter().enumerate().filter(|(_, one)| means(one)).map(|(index, _)| index).collect();
            let pillar = if let Some(known) = merged.get(&matching) {
                *known
            } else {
                let pillar = self.merged(assignments, &matching)?;
                merged.insert(matching.clone(), pillar);
                pillar
            };
            match (pillar, handed.iter_mut().find(|(files, _)| *files == matching)) {
                (Some(_), Some((_, known))) => known.minions.push(minion),
                (Some(pillar), None) => handed.push((matching, Handed { pillar, minions: vec![minion] })),
                (None, _) => {}
            }
        }
        let handed = handed.into_iter().map(|(_, handed)| handed).collect();
        Ok(self.one_for_each_cluster(handed))
    }

    /// Minion ids of the nodes that any assigned file declares, in order.
    fn declared_minions(&mut self, assignments: &[Assignment]) -> Result<Vec<String>, Error> {
        let mut minions = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for index in 0..assignments.len() {
            let Some(pillar) = self.merged(assignments, &[index])? else { continue };
            minions.extend(self.minions_of(pillar).into_iter().filter(|minion| seen.insert(minion.clone())));
        }
        Ok(minions)
    }

    fn minions_of(&self, pillar: NodeId) -> Vec<String> {
        let nodes = self.tree.get(pillar, "nodes");
        let Some(Value::Map(entries)) = nodes.map(|nodes| self.tree.value(nodes)) else { return Vec::new() };
        let id = |(name, node): &(NodeId, NodeId)| {
            let written = self.tree.get(*node, "minion").and_then(|minion| self.tree.text(minion));
            written.map_or_else(|| self.tree.key_text(*name), str::to_owned)
        };
        entries.iter().map(id).collect()
    }

    /// The value of `k8s_ha` after merging the files of these assignments in order.
    fn merged(&mut self, assignments: &[Assignment], indices: &[usize]) -> Result<Option<NodeId>, Error> {
        let mut pillar = None;
        for (name, span) in indices.iter().flat_map(|index| &assignments[*index].files) {
            if let Some(file) = self.sls(name, *span)? {
                pillar = Some(self.over(pillar, file));
            }
        }
        Ok(pillar.and_then(|pillar| self.tree.get(pillar, "k8s_ha")))
    }

    /// Reports members that get another pillar than the rest, or none; keeps what most members of a cluster get.
    fn one_for_each_cluster(&mut self, handed: Vec<Handed>) -> Vec<Handed> {
        let mut clusters: BTreeMap<String, Vec<Handed>> = BTreeMap::new();
        for one in handed {
            clusters.entry(self.cluster_name(one.pillar)).or_default().push(one);
        }
        let mut kept = Vec::new();
        for (name, variants) in clusters {
            let declared: Vec<Vec<String>> = variants.iter().map(|variant| self.minions_of(variant.pillar)).collect();
            let getting: std::collections::HashSet<&String> =
                variants.iter().flat_map(|variant| &variant.minions).collect();
            let mut missing: Vec<&String> =
                declared.iter().flatten().filter(|minion| !getting.contains(minion)).collect();
            missing.sort();
            missing.dedup();
            let span = variants.first().and_then(|variant| self.tree.node(variant.pillar).span);
            if !missing.is_empty() {
                let names = missing.into_iter().cloned().collect::<Vec<_>>().join(", ");
                let message = format!("members of cluster `{name}` get no pillar of it from top.sls: {names}");
                self.findings.push(finding(&MEMBER_WITHOUT_PILLAR, Severity::Error, message).at("nodes", span));
            }
            let digests: std::collections::BTreeSet<String> =
                variants.iter().map(|variant| topology::digest(&self.tree, variant.pillar)).collect();
            if digests.len() > 1 {
                let groups: Vec<String> = variants.iter().map(|variant| variant.minions.join(", ")).collect();
                let message = format!("members of cluster `{name}` get different pillars: {}", groups.join(" / "));
                self.findings.push(finding(&MEMBERS_DISAGREE, Severity::Error, message).at("", span));
            }
            kept.extend(variants.into_iter().max_by_key(|variant| variant.minions.len()));
        }
        kept
    }

    pub(crate) fn cluster_name(&self, pillar: NodeId) -> String {
        let name = self.tree.get(pillar, "cluster").and_then(|cluster| self.tree.get(cluster, "name"));
        name.and_then(|name| self.tree.text(name)).unwrap_or("without a name").to_owned()
    }
}

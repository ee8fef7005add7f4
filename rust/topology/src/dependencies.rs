//! What the pillar declares by name and what needs what of it: applications, services, backups.

use crate::model::Topology;
use crate::names::{Named, Names};
use crate::pillar::App;
use std::collections::{HashMap, HashSet};

/// Where the images of an application come from when its pods start on another node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageSource {
    /// Every node has them.
    Nowhere,
    /// A registry that others run.
    Outside,
    /// An application of the cluster.
    App(String),
}

/// Applications, services and backups in an order in which each comes after those that it needs.
#[derive(Clone, Debug)]
pub struct Dependencies {
    /// In that order; what is in a circle, or needs something in one, is missing.
    pub order: Vec<Named>,
    /// One circle of things that need each other; empty where there is none.
    pub circle: Vec<Named>,
    registry: Option<String>,
    below_registry: HashSet<Named>,
}

impl Dependencies {
    /// Those of a topology.
    #[must_use]
    pub fn of(topology: &Topology, names: &Names) -> Self {
        let mut apps = topology.pillar.apps.iter().flatten();
        let registry = apps.find(|(_, app)| app.r#type.as_deref() == Some("registry")).map(|(name, _)| name.clone());
        let mut all = Self { order: Vec::new(), circle: Vec::new(), registry, below_registry: HashSet::new() };
        all.below_registry = all.closure(topology, names);
        let things = things(topology);
        let places: HashMap<&Named, usize> = things.iter().enumerate().map(|(place, thing)| (thing, place)).collect();
        let needs: Vec<Vec<usize>> = things
            .iter()
            .map(|thing| {
                let mut needed: Vec<usize> = needed(topology, names, thing)
                    .into_iter()
                    .chain(all.pulls_from(topology, thing))
                    .filter_map(|thing| places.get(&thing).copied())
                    .collect();
                needed.sort_unstable();
                needed.dedup();
                needed
            })
            .collect();
        let order = needed_first(&needs);
        all.circle = circle(&needs, &order).into_iter().map(|place| things[place].clone()).collect();
        all.order = order.into_iter().map(|place| things[place].clone()).collect();
        all
    }

    /// Where the images of an application come from.
    #[must_use]
    pub fn images_of(&self, name: &str, app: &App) -> ImageSource {
        match (app.images_from.as_deref(), &self.registry) {
            (Some("nowhere"), _) | (None, None) => ImageSource::Nowhere,
            (Some("outside"), _) => ImageSource::Outside,
            (Some(other), _) => ImageSource::App(other.to_owned()),
            // The registry, and what it stands on, can only start from images that are there.
            (None, Some(_)) if self.below_registry.contains(&Named::App(name.to_owned())) => ImageSource::Nowhere,
            (None, Some(registry)) => ImageSource::App(registry.clone()),
        }
    }

    fn pulls_from(&self, topology: &Topology, thing: &Named) -> Option<Named> {
        let Named::App(name) = thing else { return None };
        let app = topology.pillar.apps.as_ref()?.get(name)?;
        match self.images_of(name, app) {
            ImageSource::App(registry) => Some(Named::App(registry)),
            ImageSource::Nowhere | ImageSource::Outside => None,
        }
    }

    /// The registry and all that it needs.
    fn closure(&self, topology: &Topology, names: &Names) -> HashSet<Named> {
        let mut open: Vec<Named> = self.registry.iter().cloned().map(Named::App).collect();
        let mut seen: HashSet<Named> = open.iter().cloned().collect();
        while let Some(thing) = open.pop() {
            for needed in needed(topology, names, &thing) {
                if seen.insert(needed.clone()) {
                    open.push(needed);
                }
            }
        }
        seen
    }
}

fn things(topology: &Topology) -> Vec<Named> {
    let pillar = &topology.pillar;
    let apps = pillar.apps.iter().flat_map(|apps| apps.keys().cloned().map(Named::App));
    let backups = pillar.dr.iter().flat_map(|dr| dr.backups.keys().cloned().map(Named::Backup));
    apps.chain(pillar.services.keys().cloned().map(Named::Service)).chain(backups).collect()
}

/// What a thing does not serve without, as far as names say it.
fn needed(topology: &Topology, names: &Names, thing: &Named) -> Vec<Named> {
    let pillar = &topology.pillar;
    let written: Vec<&str> = match thing {
        Named::App(name) => {
            let app = pillar.apps.as_ref().and_then(|apps| apps.get(name));
            app.into_iter().flat_map(|app| &app.requires).map(String::as_str).collect()
        }
        Named::Service(name) => {
            pillar.services.get(name).into_iter().flat_map(crate::pillar::ServiceSpec::needed).collect()
        }
        Named::Backup(name) => {
            let backup = pillar.dr.as_ref().and_then(|dr| dr.backups.get(name));
            backup.and_then(|backup| backup.of.as_deref()).into_iter().collect()
        }
        Named::Derived(_) | Named::Element(_) => Vec::new(),
    };
    written.into_iter().filter_map(|name| names.get(name).cloned()).collect()
}

/// Places in an order in which each comes after those that it needs; what is in a circle is missing.
fn needed_first(needs: &[Vec<usize>]) -> Vec<usize> {
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    for (place, needed) in needs.iter().enumerate() {
        for other in needed {
            dependents[*other].push(place);
        }
    }
    let mut open: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..needs.len()).filter(|place| open[*place] == 0).collect();
    let mut next = 0;
    while let Some(place) = order.get(next).copied() {
        for dependent in &dependents[place] {
            open[*dependent] -= 1;
            if open[*dependent] == 0 {
                order.push(*dependent);
            }
        }
        next += 1;
    }
    order
}

/// One circle among the places that are missing in the order.
fn circle(needs: &[Vec<usize>], order: &[usize]) -> Vec<usize> {
    let done: HashSet<usize> = order.iter().copied().collect();
    let Some(start) = (0..needs.len()).find(|place| !done.contains(place)) else { return Vec::new() };
    let mut path = vec![start];
    let mut at: HashMap<usize, usize> = HashMap::from([(start, 0)]);
    // Each place that is missing needs another one that is.
    while let Some(next) = path.last().and_then(|place| needs[*place].iter().find(|needed| !done.contains(needed))) {
        if let Some(from) = at.get(next) {
            return path.split_off(*from);
        }
        at.insert(*next, path.len());
        path.push(*next);
    }
    path
}

//! The uplinks of the sites.

use crate::builder::Builder;
use crate::formula::Formula;
use crate::service::Service;
use topology::{ElementId, Kind};

/// A site reaches the internet while one of its uplinks does.
pub(super) fn add(builder: &mut Builder<'_>) {
    for (name, site) in &builder.topology.pillar.sites {
        if site.uplinks.is_empty() {
            continue;
        }
        let uplinks: Vec<Formula> = site
            .uplinks
            .iter()
            .filter_map(|provider| builder.topology.domains.find(Kind::Uplink, &format!("{name}/{provider}")))
            .map(|uplink| builder.element(uplink))
            .collect();
        let lost = builder.formulas.all(uplinks);
        builder.add(Service::new(&format!("internet {name}"), site.origin, lost));
    }
}

impl Builder<'_> {
    /// The host is lost, or what it says reaches the internet no more. A host at a site that names no uplink is taken for
    /// connected.
    pub(super) fn online(&mut self, lost: Formula, host: ElementId) -> Formula {
        let sites = self.topology.sites_of(host);
        let name = |site: ElementId| format!("internet {}", self.topology.domains.element(site).name);
        let uplinks: Vec<Formula> = sites
            .into_iter()
            .filter_map(|site| self.named(&name(site)))
            .map(|internet| self.service(internet).serve)
            .collect();
        self.formulas.any(uplinks.into_iter().chain([lost]))
    }

    /// No site reaches the internet; never, where no uplink is declared.
    pub(super) fn offline(&mut self) -> Formula {
        let sites = self.topology.pillar.sites.keys().filter_map(|site| self.named(&format!("internet {site}")));
        let lost: Vec<Formula> = sites.map(|internet| self.service(internet).serve).collect();
        if lost.is_empty() { Formula::FALSE } else { self.formulas.all(lost) }
    }
}

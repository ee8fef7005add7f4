//! Networks of nodes and moving addresses.

use super::Resolver;
use crate::issue::{Issue, UNKNOWN_NAME};
use crate::model::{Network, Vip};
use crate::natural_order;
use crate::pillar::Pillar;
use std::net::IpAddr;
use tree::{Origin, Place, nearest};

impl Resolver<'_> {
    pub(super) fn vips(&mut self, pillar: &mut Pillar, networks: &[Network]) -> Vec<Vip> {
        let mut vips = Vec::new();
        for (name, spec) in &mut pillar.vips {
            let network = self.network_of(networks, spec.network.as_deref(), spec.address, spec.origin);
            spec.network = network.map(|index| networks[index].name.clone());
            vips.push(Vip {
                origin: spec.origin,
                name: name.clone(),
                address: spec.address,
                network,
                virtual_router_id: spec.virtual_router_id,
            });
        }
        vips.sort_by(|left, right| natural_order(&left.name, &right.name));
        vips
    }

    /// The network that is named, or the narrowest that holds the address.
    pub(super) fn network_of(
        &mut self,
        networks: &[Network],
        named: Option<&str>,
        address: IpAddr,
        origin: Origin,
    ) -> Option<usize> {
        if let Some(name) = named {
            let found = networks.iter().position(|network| network.name == name);
            if found.is_none() {
                let known = networks.iter().map(|network| network.name.as_str());
                let help = unknown_name_help(name, known, "networks");
                let message = format!("network `{name}` is declared nowhere");
                self.block(Issue::new(&UNKNOWN_NAME, Place::field(origin, "network"), message).help(help));
            }
            return found;
        }
        let holding = networks.iter().enumerate().filter(|(_, network)| network.spec.cidr.contains(&address));
        holding.max_by_key(|(_, network)| network.spec.cidr.prefix_len()).map(|(index, _)| index)
    }
}

/// What to write instead of a name that is declared nowhere.
pub(super) fn unknown_name_help<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone, section: &str) -> String {
    match nearest(name, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.clone().next().is_none() => format!("declare it under `{section}`"),
        None => format!("declare it under `{section}`, or use one of: {}", known.collect::<Vec<_>>().join(", ")),
    }
}

//! Nodes.

use super::Resolver;
use super::networks::unknown_name_help;
use crate::issue::{CONTRADICTION, Issue, MISSING_KEY, UNKNOWN_NAME};
use crate::model::{Network, Node};
use crate::natural_order;
use crate::pillar::{Kubelet, NodeSpec, Pillar};
use crate::values::{Distribution, OperatingSystem};
use tree::Place;

const DEFAULT_SYSTEM: OperatingSystem = OperatingSystem { distribution: Distribution::CentosStream, major: 10 };

impl Resolver<'_> {
    pub(super) fn nodes(&mut self, pillar: &mut Pillar, networks: &[Network]) -> Vec<Node> {
        self.check_profiles(pillar);
        if pillar.nodes.is_empty() {
            self.block(
                Issue::new(&MISSING_KEY, Place::field(pillar.origin, "nodes"), "there are no nodes")
                    .help("declare at least one node"),
            );
        }
        let cluster_kubelet = pillar.kubeadm.kubelet.clone();
        let major = pillar.containerd.major;
        let mut specs = std::mem::take(&mut pillar.nodes);
        let mut nodes = Vec::with_capacity(specs.len());
        for (name, spec) in &mut specs {
            nodes.extend(self.node(name, spec, networks, &cluster_kubelet, major));
        }
        pillar.nodes = specs;
        nodes.sort_by(|left, right| natural_order(&left.name, &right.name));
        nodes
    }

    fn check_profiles(&mut self, pillar: &Pillar) {
        for (name, profile) in &pillar.profiles {
            for (field, written) in [
                ("ip", profile.ip.is_some()),
                ("minion", profile.minion.is_some()),
                ("profile", profile.profile.is_some()),
            ] {
                if written {
                    let message = format!("profile `{name}` sets `{field}`, which belongs to one node alone");
                    self.block(
                        Issue::new(&CONTRADICTION, Place::field(profile.origin, field), message)
                            .help(format!("write `{field}` under the node")),
                    );
                }
            }
        }
        for (name, node) in &pillar.nodes {
            let Some(profile) = node.profile.as_deref().filter(|profile| !pillar.profiles.contains_key(*profile))
            else {
                continue;
            };
            let help = unknown_name_help(profile, pillar.profiles.keys().map(String::as_str), "profiles");
            let message = format!("node `{name}` takes profile `{profile}`, which is declared nowhere");
            self.block(Issue::new(&UNKNOWN_NAME, Place::field(node.origin, "profile"), message).help(help));
        }
    }

    fn node(
        &mut self,
        name: &str,
        spec: &mut NodeSpec,
        networks: &[Network],
        cluster_kubelet: &Kubelet,
        containerd: Option<u8>,
    ) -> Option<Node> {
        if spec.roles.is_empty() {
            let place = Place::field(spec.origin, "roles");
            let issue = Issue::new(&MISSING_KEY, place, format!("node `{name}` has no roles"));
            self.block(issue.help("write for example `roles: [control_plane]` or `roles: [worker]`"));
        }
        let Some(ip) = spec.ip else {
            let issue =
                Issue::new(&MISSING_KEY, Place::field(spec.origin, "ip"), format!("node `{name}` has no address"));
            self.block(issue.help("write `ip:` with the node's address"));
            return None;
        };
        let network = self.network_of(networks, spec.network.as_deref(), ip, spec.origin);
        spec.network = network.map(|index| networks[index].name.clone());
        let os = *spec.os.get_or_insert(DEFAULT_SYSTEM);
        let shipped = self.facts.platform(os).map_or(2, |platform| platform.containerd);
        let mut roles = spec.roles.clone();
        roles.sort();
        roles.dedup();
        Some(Node {
            origin: spec.origin,
            name: name.to_owned(),
            minion: spec.minion.get_or_insert_with(|| name.to_owned()).clone(),
            roles,
            ip,
            network,
            interface: spec.interface.get_or_insert_with(|| "eth0".to_owned()).clone(),
            os,
            containerd: containerd.unwrap_or(shipped),
            hypervisor: spec.hypervisor.clone(),
            cpus: spec.cpus,
            memory: spec.memory,
            disks: spec.disks.clone(),
            labels: spec.labels.clone(),
            taints: spec.taints.clone(),
            kubelet: spec.kubelet.clone().unwrap_or_else(|| cluster_kubelet.clone()),
            vm: spec.vm.clone(),
        })
    }
}

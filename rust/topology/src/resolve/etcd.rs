//! etcd: which nodes are members, and of which version.

use super::Resolver;
use crate::facts::Minor;
use crate::model::{Etcd, Node};
use crate::pillar::{ClusterDistribution, EtcdTopology, Pillar, Role};

impl Resolver<'_> {
    pub(super) fn etcd(&mut self, pillar: &mut Pillar, nodes: &[Node], release: &Minor) -> Etcd {
        let external = pillar.etcd.topology == EtcdTopology::External;
        let role = if external { Role::Etcd } else { Role::ControlPlane };
        let runs = pillar.cluster.distribution == ClusterDistribution::Kubeadm;
        let members =
            nodes.iter().enumerate().filter(|(_, node)| runs && node.has(role)).map(|(index, _)| index).collect();
        let default_version = if external { &self.facts.etcd.default_external } else { &release.etcd };
        let version = pillar.etcd.version.get_or_insert_with(|| default_version.clone()).clone();
        let token = pillar.etcd.initial_cluster_token.get_or_insert_with(|| pillar.cluster.name.clone()).clone();
        Etcd { spec: pillar.etcd.clone(), members, version, initial_cluster_token: token }
    }
}

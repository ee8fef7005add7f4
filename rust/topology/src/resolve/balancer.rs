//! What stands before the API servers.

use super::Resolver;
use crate::issue::{Issue, MISSING_KEY};
use crate::model::{LoadBalancer, Node, NodeIndex, Vip};
use crate::pillar::{ClusterDistribution, LoadBalancerType, Pillar, Role};
use crate::values::Endpoint;
use tree::Place;

impl Resolver<'_> {
    pub(super) fn load_balancer(
        &mut self,
        pillar: &mut Pillar,
        nodes: &[Node],
        vips: &[Vip],
        endpoint: &Endpoint,
    ) -> LoadBalancer {
        let count = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
        let maxconn = *pillar.load_balancer.haproxy.maxconn.get_or_insert((1000 + 50 * count).max(4000));
        let vip = vips.iter().position(|vip| vip.name == "api");
        let spec = &pillar.load_balancer;
        let moves = matches!(spec.r#type, LoadBalancerType::HaproxyKeepalived | LoadBalancerType::KubeVip);
        if moves && vip.is_none() && pillar.cluster.distribution == ClusterDistribution::Kubeadm {
            let place = Place::field(pillar.origin, "vips");
            let message = "there is no `vips.api`, the address that moves to a living load balancer";
            let help = "write `vips: {api: {address: …, network: …, virtual_router_id: …}}`, or choose `load_balancer: {type: local}` for hosts without a common network";
            self.block(Issue::new(&MISSING_KEY, place, message).help(help));
        }
        LoadBalancer {
            origin: spec.origin,
            r#type: spec.r#type,
            nodes: hosts(spec.r#type, nodes),
            vip: vip.filter(|_| moves),
            port: endpoint.port,
            haproxy: spec.haproxy.clone(),
            maxconn,
            keepalived: spec.keepalived.clone(),
            kube_vip: spec.kube_vip.clone(),
            external: spec.external.clone(),
        }
    }
}

/// The hosts that run the balancer: nodes of role `load_balancer`, or else the control plane.
fn hosts(kind: LoadBalancerType, nodes: &[Node]) -> Vec<NodeIndex> {
    let with = |role: Role| -> Vec<NodeIndex> {
        nodes.iter().enumerate().filter(|(_, node)| node.has(role)).map(|(index, _)| index).collect()
    };
    let dedicated = with(Role::LoadBalancer);
    match kind {
        LoadBalancerType::External => Vec::new(),
        LoadBalancerType::KubeVip => with(Role::ControlPlane),
        LoadBalancerType::Local => {
            nodes.iter().enumerate().filter(|(_, node)| node.runs_kubelet()).map(|(index, _)| index).collect()
        }
        LoadBalancerType::HaproxyKeepalived if dedicated.is_empty() => with(Role::ControlPlane),
        LoadBalancerType::HaproxyKeepalived => dedicated,
    }
}

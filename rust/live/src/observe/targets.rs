//! Where to look, as the topology says.

use super::{Moving, Targets};
use crate::{Access, Error, Identity, Keeper};
use std::net::SocketAddr;
use std::time::Duration;
use topology::pillar::LoadBalancerType;
use topology::{NodeIndex, Topology};

/// What the one who looks may show. What it has nothing for is not asked, and is not known.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// The authority of etcd's certificates, PEM, and a client certificate that it signed.
    pub etcd: Option<(String, Identity)>,
    /// A kubeconfig.
    pub kubeconfig: Option<String>,
}

/// The declared members of etcd: node, access, and the URL under which the other members know each.
fn etcd_members(topology: &Topology, ca: &str, identity: &Identity) -> Result<Vec<(String, Access, String)>, Error> {
    let member = |node: &topology::Node| {
        let access = Access::new(&render::etcd_client_url(node), ca, Some(identity.clone()))?;
        Ok((node.name.clone(), access, render::etcd_peer_url(node)))
    };
    topology.etcd_nodes().map(member).collect()
}

impl Keeper {
    /// The lock of a cluster, for whoever has a client certificate of etcd. Each question to a member takes `limit` at most.
    ///
    /// # Errors
    /// [`Error::Access`] for credentials that cannot be used.
    pub fn of(topology: &Topology, ca: &str, identity: &Identity, limit: Duration) -> Result<Self, Error> {
        let members = etcd_members(topology, ca, identity)?.into_iter().map(|(_, access, _)| access).collect();
        Ok(Self { members, limit })
    }
}

impl Targets {
    /// All servers of a topology.
    ///
    /// # Errors
    /// [`Error::Access`] for credentials that cannot be used.
    pub fn of(topology: &Topology, credentials: &Credentials) -> Result<Self, Error> {
        let mut targets =
            Self { nodes: topology.nodes.iter().map(|node| node.name.clone()).collect(), ..Self::default() };
        if let Some((ca, identity)) = &credentials.etcd {
            targets.etcd = etcd_members(topology, ca, identity)?;
        }
        let Some(kubeconfig) = credentials.kubeconfig.as_deref().filter(|_| topology.is_kubeadm()) else {
            return Ok(targets);
        };
        let access = Access::from_kubeconfig(kubeconfig)?;
        let at = |index: &NodeIndex, port: u16| {
            let node = &topology.nodes[*index];
            let access = access.clone().at(&format!("https://{}", SocketAddr::new(node.ip, port)))?;
            Ok::<_, Error>((node.name.clone(), access))
        };
        let endpoint = &topology.cluster.control_plane_endpoint;
        targets.api_servers = topology
            .control_plane()
            .iter()
            .map(|index| at(index, topology.kubeadm.bind_port))
            .collect::<Result<_, _>>()?;
        if topology.load_balancer.r#type == LoadBalancerType::HaproxyKeepalived {
            // Any API server may stand behind it, and all of their certificates hold the endpoint.
            let named = |index| at(index, endpoint.port).map(|(node, access)| (node, access.named(&endpoint.host)));
            targets.balancers = topology.load_balancer.nodes.iter().map(named).collect::<Result<_, _>>()?;
        }
        if let Some(vip) = topology.api_vip() {
            let server = format!("https://{}", SocketAddr::new(vip.address, endpoint.port));
            targets.endpoint = Some(access.at(&server)?.named(&endpoint.host));
            let host = |index: &NodeIndex| (topology.nodes[*index].name.clone(), topology.nodes[*index].ip);
            let hosts = topology.load_balancer.nodes.iter().map(host).collect();
            targets.moving = Some(Moving { address: vip.address, hosts });
        }
        Ok(targets)
    }
}

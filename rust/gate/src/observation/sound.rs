//! A cluster in which everything that is declared does its work.

use super::{EtcdMember, OBSERVATION_SCHEMA, Observation, ObservedNode, ObservedProgram, State};
use topology::pillar::LoadBalancerType;
use topology::{NodeIndex, Topology};

impl Observation {
    /// What would be seen if everything declared did its work: where somebody starts who writes a case by hand.
    #[must_use]
    pub fn sound(topology: &Topology) -> Self {
        let name = |index: &NodeIndex| topology.nodes[*index].name.clone();
        let program = |program: &str, node: &NodeIndex| ObservedProgram {
            name: program.to_owned(),
            node: name(node),
            state: State::Up,
            because: String::new(),
        };
        let balancer: &[&str] = match topology.load_balancer.r#type {
            LoadBalancerType::HaproxyKeepalived => &["haproxy", "keepalived"],
            LoadBalancerType::Local => &["haproxy"],
            LoadBalancerType::KubeVip => &["kube-vip"],
            LoadBalancerType::External => &[],
        };
        let balancers = &topology.load_balancer.nodes;
        let servers = topology.control_plane();
        let programs = servers
            .iter()
            .map(|node| program("kube-apiserver", node))
            .chain(balancers.iter().flat_map(|node| balancer.iter().map(move |name| program(name, node))));
        let members = topology.etcd.members.iter().enumerate().map(|(place, index)| EtcdMember {
            id: format!("{:x}", place + 1),
            node: name(index),
            state: State::Up,
            because: String::new(),
            is_learner: false,
            is_leader: place == 0,
            is_removing: false,
            applied_index: 1,
            alarms: Vec::new(),
            database_bytes: None,
            quota_bytes: None,
        });
        let nodes = topology.nodes.iter().map(|node| ObservedNode {
            name: node.name.clone(),
            state: State::Up,
            because: String::new(),
            unschedulable: false,
            clock_offset_seconds: Some(0.0),
        });
        let kubelets = topology.nodes.iter().filter(|node| node.runs_kubelet());
        let has_address = topology.api_vip().is_some();
        Self {
            schema: OBSERVATION_SCHEMA,
            observer: None,
            at: 0.0,
            etcd: members.collect(),
            nodes: nodes.collect(),
            programs: programs.collect(),
            budgets: Some(Vec::new()),
            address_holders: has_address.then(|| balancers.first().map(name).into_iter().collect()),
            // Wherever pods may run: two of them stand where the cluster's history has put them.
            name_servers: topology.is_kubeadm().then(|| kubelets.map(|node| node.name.clone()).collect()),
            machines: None,
            maintenance: Vec::new(),
        }
    }
}

//! The programs of the control plane, what stands before the API servers, and the API that clients reach.

use crate::builder::Builder;
use crate::formula::Formula;
use crate::service::{Service, ServiceId};
use topology::pillar::{ClusterDistribution, LoadBalancerType};
use topology::{EXTERNAL_BALANCER, Kind};

/// Each program serves while one instance does; whether the API answers from end to end is what `kubernetes` says, which
/// stands on all of them.
pub(super) fn add(builder: &mut Builder<'_>, store: Option<ServiceId>) {
    let topology = builder.topology;
    let servers = api_servers(builder);
    let none = builder.formulas.all(servers.iter().copied());
    let server = builder.add(Service::new("kube-apiserver", topology.kubeadm.api_server.origin, none));
    let parts = [
        ("kube-scheduler", topology.kubeadm.scheduler.origin),
        ("kube-controller-manager", topology.kubeadm.controller_manager.origin),
    ];
    for (program, origin) in parts {
        // It asks the API server beside it and no other, whatever stands before them.
        let processes = builder.processes(program_of(builder, program), &topology.control_plane());
        let instances: Vec<Formula> = processes
            .into_iter()
            .zip(&servers)
            .map(|(process, server)| builder.formulas.any([process, *server]))
            .collect();
        let none = builder.formulas.all(instances);
        builder.add(Service::new(program, origin, none));
    }
    let balancer = balancer(builder);
    let requires: Vec<ServiceId> = store.into_iter().chain([server]).chain(balancer).collect();
    let [serve, recover] = builder.any_lost(&requires);
    let data = store.and_then(|store| builder.service(store).data);
    let service = Service::new("kubernetes", topology.cluster.origin, serve).recover(recover).data(data);
    builder.add(service.requires(requires));
}

/// In MicroK8s one program is all of them.
fn program_of(builder: &Builder<'_>, program: &'static str) -> &'static str {
    if builder.topology.cluster.distribution == ClusterDistribution::Microk8s { "kubelite" } else { program }
}

/// The API servers. Where etcd is stacked one asks the member beside it and no other, so it is lost with that member.
fn api_servers(builder: &mut Builder<'_>) -> Vec<Formula> {
    let topology = builder.topology;
    let mut instances = Vec::new();
    for node in topology.control_plane() {
        let mut ways = vec![builder.process(program_of(builder, "kube-apiserver"), node)];
        if topology.etcd.members.contains(&node) {
            ways.push(builder.process("etcd", node));
        }
        instances.push(builder.formulas.any(ways));
    }
    instances
}

/// What stands before the API servers. MicroK8s has nothing there: each node asks itself.
fn balancer(builder: &mut Builder<'_>) -> Option<ServiceId> {
    let topology = builder.topology;
    if !topology.is_kubeadm() {
        return None;
    }
    let balancer = &topology.load_balancer;
    let lost = match balancer.r#type {
        LoadBalancerType::External => {
            let element = topology.domains.find(Kind::Outside, EXTERNAL_BALANCER);
            element.map_or(Formula::FALSE, |element| builder.element(element))
        }
        // The address is held by a host on which both programs run: keepalived gives it up where HAProxy does not answer.
        LoadBalancerType::HaproxyKeepalived => none_of(builder, &["haproxy", "keepalived"]),
        LoadBalancerType::Local => none_of(builder, &["haproxy"]),
        LoadBalancerType::KubeVip => none_of(builder, &["kube-vip"]),
    };
    Some(builder.add(Service::new("load balancer", balancer.origin, lost)))
}

/// On no host of the balancer all of these programs run.
fn none_of(builder: &mut Builder<'_>, programs: &[&str]) -> Formula {
    let mut hosts = Vec::new();
    for node in &builder.topology.load_balancer.nodes {
        let programs: Vec<Formula> = programs.iter().map(|program| builder.process(program, *node)).collect();
        hosts.push(builder.formulas.any(programs));
    }
    builder.formulas.all(hosts)
}

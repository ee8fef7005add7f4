//! Whom a host asks for names, and what a name or an address in the pillar means.

use topology::pillar::{App, LoadBalancerType, Managed};
use topology::{ElementId, Kind, Topology};

/// Types of applications that answer the questions of hosts for names.
const RESOLVERS: [&str; 6] = ["blocky", "adguard", "pihole", "unbound", "bind", "dns"];

/// The element of ours that a host name or an address means: a node by its name, minion id or address, or a hypervisor.
pub(super) fn own_host(topology: &Topology, host: &str) -> Option<ElementId> {
    let is_it = |node: &&topology::Node| node.name == host || node.minion == host || node.ip.to_string() == host;
    match topology.nodes.iter().find(is_it) {
        Some(node) => topology.domains.find(Kind::Node, &node.name),
        None => topology.domains.find(Kind::Hypervisor, host),
    }
}

/// The first application of one of these types.
pub(super) fn application<'t>(topology: &'t Topology, types: &[&str]) -> Option<&'t str> {
    let is_one = |app: &App| app.r#type.as_deref().is_some_and(|kind| types.contains(&kind));
    topology.pillar.apps.iter().flatten().find(|(_, app)| is_one(app)).map(|(name, _)| name.as_str())
}

/// The application that answers the questions of hosts for names.
pub(super) fn resolver_application(topology: &Topology) -> Option<&str> {
    application(topology, &RESOLVERS)
}

/// Whether a host must ask somebody for the address of the API: the endpoint is a name, and no file of ours holds it.
pub(super) fn endpoint_is_asked_for(topology: &Topology) -> bool {
    let in_hosts_file = topology.is_kubeadm()
        && topology.manage.hosts == Managed::Yes
        && topology.load_balancer.r#type != LoadBalancerType::External;
    topology.cluster.control_plane_endpoint.address().is_none() && !in_hosts_file
}

/// The host part of an image repository: `registry.lan` of `registry.lan:5000/k8s`.
pub(super) fn registry_host(repository: &str) -> &str {
    let registry = repository.split('/').next().unwrap_or_default();
    registry.rsplit_once(':').map_or(registry, |(host, _)| host)
}

/// Whether a name is one of this cluster's own: below its DNS domain, in the domain of its endpoint or of its dnsmasq.
pub(super) fn is_own_name(topology: &Topology, host: &str) -> bool {
    let below = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    let endpoint = topology.cluster.control_plane_endpoint.host.as_str();
    let of_endpoint =
        endpoint.split_once('.').map(|(_, domain)| domain).filter(|_| host.parse::<std::net::IpAddr>().is_err());
    let of_dnsmasq = topology.pillar.dns.dnsmasq.as_ref().and_then(|dnsmasq| dnsmasq.domain.as_deref());
    below(&topology.cluster.dns_domain) || of_endpoint.into_iter().chain(of_dnsmasq).any(below)
}

//! What stands between users and services: certificates, reverse proxy, ingress controller, service mesh, the way from outside.

use super::pods::Pods;
use crate::builder::Builder;
use crate::formula::Formula;
use crate::service::{Service, ServiceId};
use topology::NodeIndex;
use topology::pillar::{CertificateManager, Certs, Ingress, Mesh, ReverseProxy, Spread};

pub(super) fn add(builder: &mut Builder<'_>) {
    let pillar = &builder.topology.pillar;
    if let Some(certs) = &pillar.certs {
        add_renewal(builder, certs);
    }
    let renewal: Vec<ServiceId> = builder.all_named(&["certificate renewal"]);
    let proxies = pillar.reverse_proxy.as_ref().map(|proxy| add_proxy(builder, proxy, &renewal));
    if let Some(ingress) = &pillar.ingress {
        add_ingress(builder, ingress, renewal);
    }
    add_outside_access(builder, proxies);
    if let Some(Mesh { origin, replicas, .. }) = &pillar.mesh {
        let (nodes, replicas) = (builder.workers(), *replicas);
        let pods = Pods { nodes, replicas, needed: 1, spread: Spread::Preferred };
        let [serve, recover] = pods.counted(builder).lost(builder);
        builder.add(Service::new("mesh", *origin, serve).recover(recover));
    }
}

/// Certificates stay valid for a while when nothing renews them. A program on hosts needs the internet of its site.
fn add_renewal(builder: &mut Builder<'_>, certs: &Certs) {
    let manager = certs.manager.unwrap_or(CertificateManager::Certbot);
    let program = match manager {
        CertificateManager::Certbot => "certbot",
        CertificateManager::Lego => "lego",
        CertificateManager::AcmeSh => "acme.sh",
        CertificateManager::CertManager => {
            let pods = Pods { nodes: builder.workers(), replicas: 1, needed: 1, spread: Spread::Preferred };
            let offline = builder.offline();
            let lost = pods.counted(builder).lost(builder);
            let [serve, recover] = lost.map(|lost| builder.formulas.any([lost, offline]));
            let service = Service::new("certificate renewal", certs.origin, serve).recover(recover);
            builder.add(Service { grace: certs.renew_before, ..service });
            return;
        }
    };
    let proxies = builder.topology.pillar.reverse_proxy.iter().flat_map(|proxy| &proxy.nodes).cloned();
    let (nodes, named) = match (certs.nodes.is_empty(), proxies.collect::<Vec<_>>()) {
        (false, _) => (builder.nodes_named(&certs.nodes), true),
        (true, proxies) if !proxies.is_empty() => (builder.nodes_named(&proxies), false),
        (true, _) => (builder.topology.control_plane(), false),
    };
    let instances = online(builder, &nodes, &[program]);
    // Where nobody says which node it is, it is the one that is lost.
    let lost = if named { builder.formulas.all(instances) } else { builder.formulas.any(instances) };
    let service = Service::new("certificate renewal", certs.origin, lost);
    builder.add(Service { grace: certs.renew_before, ..service });
}

/// Programs on nodes whose site reaches the internet.
fn online(builder: &mut Builder<'_>, nodes: &[NodeIndex], programs: &[&str]) -> Vec<Formula> {
    let mut instances = Vec::new();
    for node in nodes {
        let lost: Vec<Formula> = programs.iter().map(|program| builder.process(program, *node)).collect();
        let lost = builder.formulas.any(lost.into_iter().chain([builder.node(*node)]));
        instances.push(builder.online(lost, builder.host(*node)));
    }
    instances
}

/// The reverse proxy serves while one of its nodes does. Returns its nodes, and the programs on each.
fn add_proxy<'t>(
    builder: &mut Builder<'t>,
    proxy: &'t ReverseProxy,
    renewal: &[ServiceId],
) -> (Vec<NodeIndex>, Vec<&'t str>) {
    let nodes = builder.nodes_named(&proxy.nodes);
    let mut programs = vec![proxy.r#type.as_deref().unwrap_or("reverse-proxy")];
    // The address is with a node on which both run.
    programs.extend(proxy.vip.is_some().then_some("keepalived"));
    let mut instances = Vec::new();
    for node in &nodes {
        let lost: Vec<Formula> = programs.iter().map(|program| builder.process(program, *node)).collect();
        instances.push(builder.formulas.any(lost));
    }
    let lost = builder.formulas.all(instances);
    builder.add(Service::new("reverse proxy", proxy.origin, lost).degraded_by(renewal.to_vec()));
    (nodes, programs)
}

fn add_ingress(builder: &mut Builder<'_>, ingress: &Ingress, renewal: Vec<ServiceId>) {
    let spread = ingress.spread.unwrap_or(Spread::Preferred);
    let pods = Pods { nodes: builder.workers(), replicas: ingress.replicas, needed: 1, spread };
    let [serve, recover] = pods.counted(builder).lost(builder);
    builder.add(Service::new("ingress", ingress.origin, serve).recover(recover).degraded_by(renewal));
}

/// From outside, services are reached at a host that takes them in and whose site has an uplink.
fn add_outside_access(builder: &mut Builder<'_>, proxies: Option<(Vec<NodeIndex>, Vec<&str>)>) {
    let topology = builder.topology;
    if !topology.derived_services().iter().any(|name| name == "outside access") {
        return;
    }
    let ingress = builder.named("ingress");
    let (nodes, programs, behind) = match (proxies, ingress) {
        (Some((nodes, programs)), _) => (nodes, programs, builder.named("reverse proxy")),
        (None, Some(ingress)) => (builder.workers(), Vec::new(), Some(ingress)),
        (None, None) => (topology.control_plane(), Vec::new(), builder.named("kubernetes")),
    };
    let hosts = online(builder, &nodes, &programs);
    let unreachable = builder.formulas.all(hosts);
    let requires: Vec<ServiceId> = behind.into_iter().collect();
    let [serve, recover] = builder.any_lost(&requires).map(|lost| builder.formulas.any([lost, unreachable]));
    let service = Service::new("outside access", topology.targets.origin, serve).recover(recover);
    builder.add(service.requires(requires));
}

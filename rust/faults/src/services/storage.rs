//! Storage: Longhorn, Rook with Ceph, NFS, arrays of disks.

use super::counted::Counted;
use super::raid::array_lost;
use crate::builder::Builder;
use crate::formula::{Formula, count};
use crate::service::{Service, ServiceId};
use topology::pillar::{Longhorn, Nfs, Raid, Rook};
use topology::{ElementId, Kind, NodeIndex};
use tree::Origin;

pub(super) fn add(builder: &mut Builder<'_>) {
    let Some(storage) = &builder.topology.pillar.storage else { return };
    if let Some(longhorn) = &storage.longhorn {
        add_longhorn(builder, longhorn);
    }
    if let Some(rook) = &storage.rook {
        add_rook(builder, rook);
    }
    if let Some(nfs) = &storage.nfs {
        add_nfs(builder, nfs);
    }
    for (name, raid) in &storage.raid {
        add_array(builder, name, raid);
    }
}

/// Volumes of each class are served while one of their replicas is left. Two replicas are never on one node; nobody knows on
/// which they are, so every node that is lost is taken to hold one.
fn add_longhorn(builder: &mut Builder<'_>, longhorn: &Longhorn) {
    let nodes = holders(builder, &longhorn.nodes);
    let classes = longhorn.classes.iter().map(|(name, replicas)| (name.as_str(), *replicas));
    for (class, replicas) in [("longhorn", longhorn.replicas)].into_iter().chain(classes) {
        let replicas = replicas.min(count(nodes.len()));
        let counted = Counted::fixed(nodes.clone(), copies_lost(replicas, 1));
        let [lost, _] = counted.lost(builder);
        let name = format!("storage {class}");
        let degraded = builder.all_named(&["kubernetes"]);
        let service = Service::new(&name, longhorn.origin, lost).data(Some(lost)).degraded_by(degraded);
        let volumes = builder.add(service);
        builder.counted.insert(volumes, counted);
        add_attach(builder, &name, longhorn.origin, volumes);
    }
}

/// Objects have `size` copies on as many hosts. Writes stop below `min_size` copies or without a majority of the monitors,
/// which are on hosts of their own choice.
fn add_rook(builder: &mut Builder<'_>, rook: &Rook) {
    let nodes = holders(builder, &rook.nodes);
    let monitors = rook.mons.min(count(nodes.len()));
    let majority = monitors / 2 + 1;
    let mut pool = Counted::fixed(nodes.clone(), (monitors + 1).saturating_sub(majority));
    let mut kept = Counted::fixed(nodes.clone(), majority);
    let ([serve, _], [data, _]) = (pool.lost(builder), kept.lost(builder));
    let monitors = builder.add(Service::new("rook monitors", rook.origin, serve).data(Some(data)));
    let size = rook.size.min(count(nodes.len()));
    pool.requires(builder, &Counted::fixed(nodes.clone(), copies_lost(size, rook.min_size)));
    kept.requires(builder, &Counted::fixed(nodes, copies_lost(size, 1)));
    let ([serve, _], [data, _]) = (pool.lost(builder), kept.lost(builder));
    let degraded = builder.all_named(&["kubernetes"]);
    let service = Service::new("storage rook", rook.origin, serve).data(Some(data));
    let id = builder.add(service.requires(vec![monitors]).degraded_by(degraded));
    builder.counted.insert(id, pool);
    add_attach(builder, "storage rook", rook.origin, id);
}

/// How many nodes take so many copies that fewer than `needed` are left, when every lost node held one.
fn copies_lost(copies: u32, needed: u32) -> u32 {
    (copies + 1).saturating_sub(needed)
}

/// A volume that is served already needs nothing more; to attach it elsewhere, or to rebuild a copy, Kubernetes is needed.
fn add_attach(builder: &mut Builder<'_>, name: &str, origin: Origin, volumes: ServiceId) {
    let requires: Vec<ServiceId> = [volumes].into_iter().chain(builder.named("kubernetes")).collect();
    let [serve, recover] = builder.any_lost(&requires);
    let data = builder.service(volumes).data;
    let service = Service::new(&format!("{name} attach"), origin, serve).recover(recover).data(data);
    builder.add(service.requires(requires));
}

/// The server keeps the only copy; whether it is highly available itself is its own affair.
fn add_nfs(builder: &mut Builder<'_>, nfs: &Nfs) {
    let domains = &builder.topology.domains;
    let Some(server) = builder.topology.nfs_server() else { return };
    let lost = builder.element(server);
    let serve = match domains.element(server).kind {
        Kind::Node | Kind::Hypervisor => builder.process_on("nfs-server", server),
        _ => lost,
    };
    builder.add(Service::new("storage nfs", nfs.origin, serve).data(Some(lost)));
}

/// An array is lost with its host, whatever its level is, or with more of its disks than the level survives.
fn add_array(builder: &mut Builder<'_>, name: &str, raid: &Raid) {
    let domains = &builder.topology.domains;
    let disk = |number: u32| domains.find(Kind::StorageDevice, &format!("{name}/disk-{number}"));
    let disks: Vec<ElementId> = (1..).map_while(disk).collect();
    let disks: Vec<Formula> = disks.into_iter().map(|disk| builder.element(disk)).collect();
    let mut ways = Vec::new();
    if let (Some(level), false) = (raid.level, disks.is_empty()) {
        ways.push(array_lost(&mut builder.formulas, level, &disks));
    }
    let host = raid.node.as_deref().and_then(|node| domains.find(Kind::Node, node));
    ways.extend(host.map(|host| builder.element(host)));
    let lost = builder.formulas.any(ways);
    builder.add(Service::new(&format!("storage {name}"), raid.origin, lost).data(Some(lost)));
}

/// The nodes that are named, or all that take workloads.
fn holders(builder: &Builder<'_>, named: &[String]) -> Vec<NodeIndex> {
    if named.is_empty() { builder.workers() } else { builder.nodes_named(named) }
}

//! Backups: whether new ones are made, and whether a copy is left.

use super::composites::{Part, services};
use crate::builder::Builder;
use crate::formula::Formula;
use crate::service::Service;
use topology::pillar::{Backup, DestinationType};
use topology::{Names, NodeIndex};

/// A copy: when its destination is out of reach, and when it is lost itself.
struct Copy {
    unreachable: Formula,
    lost: Formula,
    off_site: bool,
}

/// Each backup that goes away from the site: whether a copy of it is left there.
pub(super) fn add_copies(builder: &mut Builder<'_>) {
    for (name, backup) in builder.topology.pillar.dr.iter().flat_map(|dr| &dr.backups) {
        let copies: Vec<Copy> = copies(builder, backup).into_iter().filter(|copy| copy.off_site).collect();
        if copies.is_empty() {
            continue;
        }
        let unreachable = builder.formulas.all(copies.iter().map(|copy| copy.unreachable));
        let lost = builder.formulas.all(copies.iter().map(|copy| copy.lost));
        let name = format!("off-site copy of {name}");
        builder.add(Service::new(&name, backup.origin, unreachable).data(Some(lost)));
    }
}

/// New backups are made while what is backed up serves and one of the destinations is reached. What was backed up is lost when
/// no copy is left.
pub(super) fn add_backup(builder: &mut Builder<'_>, names: &Names, name: &str, backup: &Backup) {
    let copies = copies(builder, backup);
    let unreachable = builder.formulas.all(copies.iter().map(|copy| copy.unreachable));
    let lost = builder.formulas.all(copies.iter().map(|copy| copy.lost));
    let source: Vec<Part> = Part::all_named(builder, names, &backup.of);
    let serve = builder.formulas.any(source.iter().map(|part| part.serve).chain([unreachable]));
    let recover = builder.formulas.any(source.iter().map(|part| part.recover).chain([unreachable]));
    let service = Service::new(&format!("backup {name}"), backup.origin, serve).recover(recover).data(Some(lost));
    builder.add(service.requires(services(&source)));
}

fn copies(builder: &mut Builder<'_>, backup: &Backup) -> Vec<Copy> {
    let topology = builder.topology;
    let destinations = topology.pillar.dr.as_ref().map(|dr| &dr.destinations);
    let mut copies = Vec::new();
    for to in &backup.to {
        let Some(destination) = destinations.and_then(|destinations| destinations.get(to)) else { continue };
        let lost = match topology.backup_destination(to) {
            Some(element) => builder.element(element),
            None if destination.r#type == Some(DestinationType::Local) => {
                // It lies on the node that made it, and nobody says which that was.
                let hosts = builder.each(&makers(builder, backup));
                builder.formulas.any(hosts)
            }
            None => continue,
        };
        let unreachable = if destination.off_site {
            let offline = builder.offline();
            builder.formulas.any([lost, offline])
        } else {
            lost
        };
        copies.push(Copy { unreachable, lost, off_site: destination.off_site });
    }
    copies
}

/// The nodes of which one makes a backup.
fn makers(builder: &Builder<'_>, backup: &Backup) -> Vec<NodeIndex> {
    let topology = builder.topology;
    let arrays = topology.pillar.storage.as_ref().map(|storage| &storage.raid);
    let of = backup.of.as_deref().unwrap_or_default();
    let array = arrays.and_then(|arrays| arrays.get(of)).and_then(|array| array.node.clone());
    match (of, array) {
        ("etcd", _) => topology.etcd.members.clone(),
        ("dqlite", _) => topology.control_plane(),
        (_, Some(node)) => builder.nodes_named(&[node]),
        (_, None) => builder.workers(),
    }
}

//! Applications, services of the user's and backups, each after what it needs.

use super::backups::add_backup;
use super::composites::{Part, add_composite, services};
use super::pods::Pods;
use crate::builder::Builder;
use crate::formula::Formula;
use crate::service::Service;
use topology::pillar::{App, Spread};
use topology::{Dependencies, ImageSource, Kind, Named, Names, NodeIndex, PUBLIC_REGISTRY};

pub(super) fn add(builder: &mut Builder<'_>, names: &Names, dependencies: &Dependencies) {
    let pillar = &builder.topology.pillar;
    for thing in &dependencies.order {
        match thing {
            Named::App(name) => {
                if let Some(app) = pillar.apps.as_ref().and_then(|apps| apps.get(name)) {
                    add_app(builder, names, dependencies, name, app);
                }
            }
            Named::Service(name) => {
                if let Some(spec) = pillar.services.get(name) {
                    add_composite(builder, names, name, spec);
                }
            }
            Named::Backup(name) => {
                if let Some(backup) = pillar.dr.as_ref().and_then(|dr| dr.backups.get(name)) {
                    add_backup(builder, names, name, backup);
                }
            }
            Named::Derived(_) | Named::Element(_) => {}
        }
    }
    add_degradations(builder, names);
}

/// What a service serves less without may come after it, and may need it in turn.
fn add_degradations(builder: &mut Builder<'_>, names: &Names) {
    let pillar = &builder.topology.pillar;
    let apps = pillar.apps.iter().flatten().map(|(name, app)| (name, &app.degraded_by));
    let own = pillar.services.iter().filter_map(|(name, spec)| Some((name, spec.degraded_by.as_ref()?)));
    for (name, written) in apps.chain(own) {
        let degraded = services(&Part::all_named(builder, names, written));
        if let Some(id) = builder.named(name) {
            builder.services[id.0].degraded_by = degraded;
        }
    }
}

/// An application serves while enough of its pods do, and all that it requires does.
fn add_app(builder: &mut Builder<'_>, names: &Names, dependencies: &Dependencies, name: &str, app: &App) {
    let pods = Pods {
        nodes: places(builder, app),
        replicas: app.replicas,
        // A budget may keep none; without any the application does not serve.
        needed: app.min_available.unwrap_or(1).max(1),
        spread: app.spread.unwrap_or(Spread::Preferred),
    };
    let mut counted = pods.counted(builder);
    match dependencies.images_of(name, app) {
        ImageSource::Nowhere => {}
        ImageSource::Outside => {
            let registry = builder.topology.domains.find(Kind::Outside, PUBLIC_REGISTRY);
            let offline = builder.offline();
            let lost = registry.map_or(Formula::FALSE, |registry| builder.element(registry));
            counted.stuck = builder.formulas.any([counted.stuck, lost, offline]);
        }
        ImageSource::App(registry) => {
            let registry = builder.named(&registry).and_then(|id| builder.counted.get(&id).cloned());
            if let Some(registry) = registry {
                counted.pulls_from(builder, &registry);
            }
        }
    }
    let volume = app.storage.as_ref().and_then(|storage| builder.named(&format!("storage {storage}")));
    let mut parts = Part::all_named(builder, names, &app.requires);
    parts.extend(volume.map(|volume| Part::of(builder, volume)));
    for part in &parts {
        let known = part.service.and_then(|id| builder.counted.get(&id).cloned());
        if !known.is_some_and(|known| counted.requires(builder, &known)) {
            counted.requires_besides(builder, [part.serve, part.recover]);
        }
    }
    let [serve, recover] = counted.lost(builder);
    let data = builder.any_of(parts.iter().map(|part| part.data));
    let service = Service::new(name, app.origin, serve).recover(recover).data(data);
    let id = builder.add(service.requires(services(&parts)));
    builder.counted.insert(id, counted);
}

/// The nodes on which its pods can run: the one to which it or its array is bound, the control plane for a cloud controller
/// manager, or all that take workloads.
fn places(builder: &Builder<'_>, app: &App) -> Vec<NodeIndex> {
    let topology = builder.topology;
    let arrays = topology.pillar.storage.as_ref().map(|storage| &storage.raid);
    let array = app.storage.as_ref().and_then(|storage| arrays?.get(storage));
    let bound = app.node.as_ref().or_else(|| array.and_then(|array| array.node.as_ref()));
    if let Some(node) = bound {
        return builder.nodes_named(std::slice::from_ref(node));
    }
    if app.r#type.as_deref() == Some("cloud-controller-manager") {
        return topology.control_plane();
    }
    builder.workers()
}

//! Services of services: what a name in the pillar brings with it, and how several are put together.

use crate::builder::Builder;
use crate::formula::{Formula, count};
use crate::service::{Service, ServiceId};
use topology::pillar::ServiceSpec;
use topology::{Named, Names};

/// What a name means for whoever needs it.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub serve: Formula,
    pub recover: Formula,
    pub data: Option<Formula>,
    /// `None` for an element.
    pub service: Option<ServiceId>,
}

impl Part {
    pub(super) fn of(builder: &Builder<'_>, id: ServiceId) -> Self {
        let service = builder.service(id);
        Self { serve: service.serve, recover: service.recover, data: service.data, service: Some(id) }
    }

    /// What a name means; nothing, where it is declared nowhere or stands in a circle, which are findings.
    pub(super) fn named(builder: &Builder<'_>, names: &Names, name: &str) -> Option<Self> {
        let service = match names.get(name)? {
            Named::Element(element) => {
                let lost = builder.element(*element);
                return Some(Self { serve: lost, recover: lost, data: None, service: None });
            }
            Named::Derived(name) | Named::App(name) | Named::Service(name) => builder.named(name),
            Named::Backup(name) => builder.named(&format!("backup {name}")),
        };
        service.map(|service| Self::of(builder, service))
    }

    pub(super) fn all_named<'n>(
        builder: &Builder<'_>,
        names: &Names,
        written: impl IntoIterator<Item = &'n String>,
    ) -> Vec<Self> {
        written.into_iter().filter_map(|name| Self::named(builder, names, name)).collect()
    }
}

/// The services among the parts.
pub(super) fn services(parts: &[Part]) -> Vec<ServiceId> {
    parts.iter().filter_map(|part| part.service).collect()
}

/// A service of the user's: it needs all of some, one of some, some of some.
pub(super) fn add_composite(builder: &mut Builder<'_>, names: &Names, name: &str, spec: &ServiceSpec) {
    let requires = Part::all_named(builder, names, spec.requires.iter().flatten());
    let any = Part::all_named(builder, names, spec.any.iter().flatten());
    let of = Part::all_named(builder, names, spec.k_of_n.iter().flat_map(|some| &some.of));
    let needed = spec.k_of_n.as_ref().map_or(0, |some| some.k);
    let lost = |builder: &mut Builder<'_>, level: fn(&Part) -> Formula| {
        let mut ways: Vec<Formula> = requires.iter().map(level).collect();
        if spec.any.is_some() {
            ways.push(builder.formulas.all(any.iter().map(level)));
        }
        if spec.k_of_n.is_some() {
            let too_many = count(of.len() + 1).saturating_sub(needed);
            ways.push(builder.formulas.at_least(too_many, of.iter().map(level)));
        }
        builder.formulas.any(ways)
    };
    let serve = lost(builder, |part| part.serve);
    let recover = lost(builder, |part| part.recover);
    // A write may have been acknowledged by any of the alternatives.
    let parts: Vec<Part> = requires.iter().chain(&any).chain(&of).copied().collect();
    let data = builder.any_of(parts.iter().map(|part| part.data));
    let service = Service::new(name, spec.origin, serve).recover(recover).data(data);
    builder.add(service.requires(services(&parts)));
}

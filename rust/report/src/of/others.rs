//! Partitions, capacity, start-up and findings.

use super::indices;
use crate::data::{Capacity, Circle, ComesUp, Finding, Partition, Resource, Severity, Side, StartUp, Step};
use crate::of::services::service_index;
use diagnostics::{Diagnostic, Sources};
use faults::{CapacityRow, CircleKind, Demand, EventId, Lack, Model, Verdict, start_order};
use topology::{Kind, Topology};

/// What every cut of the declared network does.
pub(super) fn partitions(topology: &Topology, model: &Model, work: &mut u64) -> Vec<Partition> {
    let element = |node: &usize| topology.domains.find(Kind::Node, &topology.nodes[*node].name);
    let partition = |cut: &faults::Partition| {
        let side = |side: &faults::Side| Side {
            elements: side.nodes.iter().filter_map(element).map(|element| element.0).collect(),
            serves: side.serve.iter().map(|service| service_index(service.0)).collect(),
        };
        let answer = model.partition_answer(topology, cut);
        let made_by = answer.made_by.iter().map(|maker| {
            maker
                .iter()
                .map(|element| format!("{} {}", element.kind.replace('_', " "), element.name))
                .collect::<Vec<_>>()
        });
        let makers: Vec<String> = made_by.map(|maker| maker.join(" with ")).collect();
        let mut notes = Vec::new();
        if answer.address_serves_twice {
            notes.push("Both sides serve the API behind its address.".to_owned());
        } else if answer.address_held_twice {
            notes.push("Both sides hold the address of the API; one of them serves behind it.".to_owned());
        }
        let discarded = answer.rejoin.iter().filter(|rejoin| rejoin.loses_writes);
        notes.extend(discarded.map(|rejoin| format!("{}: {}.", rejoin.of, rejoin.because)));
        Partition {
            name: format!("{} cut off from the rest", makers.join(", or ")),
            sides: cut.sides.iter().map(side).collect(),
            notes,
        }
    };
    faults::partitions(model, topology, work).evaluated.iter().map(partition).collect()
}

/// Whether the declared applications fit after each loss that must be survived.
pub(super) fn capacity(topology: &Topology, model: &Model, work: &mut u64) -> Vec<Capacity> {
    let demands = Demand::declared(topology);
    let pods: u64 = demands.iter().map(|demand| u64::from(demand.replicas)).sum();
    let cpu: u64 = demands.iter().map(|demand| u64::from(demand.replicas) * demand.cpu_millis).sum();
    let memory: u64 = demands.iter().map(|demand| u64::from(demand.replicas) * demand.memory_bytes).sum();
    let mut all = Vec::new();
    for row in faults::capacity(topology, &demands, work) {
        let after = match row.kind {
            None => "nothing is lost".to_owned(),
            Some(kind) => format!("the loss of {} {}", row.losses, model.kind_words(kind)),
        };
        let witness: Vec<EventId> = row.witness.iter().map(|element| model.event_of(*element)).collect();
        let entry = |resource, needed: u64, left: Option<i64>, obstacle: String| {
            // What is left over is beside what is needed.
            let left = u64::try_from(i64::try_from(needed).unwrap_or(i64::MAX).saturating_add(left?)).unwrap_or(0);
            Some(Capacity { after: after.clone(), resource, needed, left, witness: indices(&witness), obstacle })
        };
        all.extend(entry(Resource::Cpu, cpu, row.cpu_millis_left, String::new()));
        all.extend(entry(Resource::Memory, memory, row.memory_bytes_left, String::new()));
        if let Some(obstacle) = obstacle(&row) {
            all.extend(entry(Resource::Pods, pods, Some(0), obstacle));
        }
    }
    all
}

fn obstacle(row: &CapacityRow) -> Option<String> {
    match &row.verdict {
        Verdict::DoesNotFit(lack @ (Lack::NoPacking | Lack::Places { .. } | Lack::Pods)) => Some(lack.sentence()),
        _ => None,
    }
}

/// In which order everything starts after a total power loss.
pub(super) fn start_up(topology: &Topology) -> StartUp {
    let order = start_order(topology);
    let circle = |circle: &faults::Circle| {
        let why = circle.path.iter().map(|edge| {
            let condition = edge.only_if.map(|condition| format!(", {condition}")).unwrap_or_default();
            format!("{} needs {}: {}{condition}", edge.step, edge.needs, edge.because)
        });
        Circle {
            of: circle.path.iter().map(|edge| edge.step.clone()).collect(),
            comes_up: match circle.kind {
                CircleKind::Closed => ComesUp::Never,
                CircleKind::Conditional => ComesUp::Sometimes,
                CircleKind::AnotherWay => ComesUp::Always,
            },
            note: why.collect::<Vec<_>>().join("; "),
        }
    };
    StartUp {
        steps: order.layers.into_iter().map(|starts| Step { starts, note: String::new() }).collect(),
        circles: order.circles.iter().map(circle).collect(),
    }
}

/// A finding, with the place to which it points.
pub(super) fn finding(found: &Diagnostic, sources: &Sources) -> Finding {
    let place = found.span.and_then(|span| {
        let source = sources.get(span.source)?;
        Some(format!("{}:{}:{}", source.name, span.start.line, span.start.column))
    });
    Finding {
        code: found.code.to_string(),
        severity: match found.severity {
            diagnostics::Severity::Error => Severity::Error,
            diagnostics::Severity::Warn => Severity::Warn,
            diagnostics::Severity::Info => Severity::Info,
        },
        path: found.path.clone(),
        place: place.unwrap_or_default(),
        message: found.message.clone(),
        why: found.why.clone().unwrap_or_default(),
        help: found.help.clone().unwrap_or_default(),
        acknowledged: found.acknowledged.as_ref().map(|accepted| accepted.because.clone()),
    }
}

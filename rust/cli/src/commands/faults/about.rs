//! Partitions, capacity, start-up, fail-over times, availability: as YAML for a person, as JSON for a program.

use crate::Error;
use crate::arguments::{About, Faults, FaultsFormat};
use crate::report::print_json;
use faults::{
    Cut, Demand, Model, Partition, capacity, declared_availability, machines, partition, partitions, start_order,
    switch_over,
};
use serde::Serialize;
use std::io::Write;
use topology::Topology;

/// Steps that one answer may take: seconds.
const WORK: u64 = 200_000_000;

/// Prints the answer.
pub(super) fn print(
    topology: &Topology,
    model: &mut Model,
    about: About,
    arguments: &Faults,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let mut work = WORK;
    match about {
        About::Partitions => {
            let all = asked_partitions(topology, model, &arguments.cut, &mut work)?;
            let answers: Vec<_> = all.iter().map(|each| model.partition_answer(topology, each)).collect();
            written(&answers, arguments, out)
        }
        About::Capacity => {
            let rows = capacity(topology, &Demand::declared(topology), &mut work);
            let machines = machines(topology, &mut work);
            written(&model.capacity_answer(topology, &rows, &machines), arguments, out)
        }
        About::StartOrder => written(&start_order(topology), arguments, out),
        About::SwitchOver => {
            let answers: Vec<_> = switch_over(topology).iter().map(|each| each.answer(topology)).collect();
            written(&answers, arguments, out)
        }
        About::Availability => {
            if topology.pillar.reliability.is_none() {
                let message = "the pillar has no `reliability`: write mean times by kind, such as `reliability: {node: {mtbf: 8000h, \
                               mttr: 2h}}`";
                return Err(Error::Usage(message.to_owned()));
            }
            let asked: Vec<_> = model.services.iter().map(|service| (service.name.clone(), service.serve)).collect();
            let mut answers = Vec::with_capacity(asked.len());
            for (name, lost) in asked {
                let found =
                    declared_availability(model, lost, &mut work).map_err(|error| Error::Usage(error.to_string()))?;
                answers.push(model.availability_answer(&name, &found));
            }
            written(&answers, arguments, out)
        }
    }
}

fn asked_partitions(
    topology: &Topology,
    model: &Model,
    cut: &[String],
    work: &mut u64,
) -> Result<Vec<Partition>, Error> {
    if cut.is_empty() {
        return Ok(partitions(model, topology, work).evaluated);
    }
    let names: Vec<&str> = cut.iter().map(String::as_str).collect();
    let cut = Cut::of_nodes(topology, &names).map_err(|error| Error::Usage(error.to_string()))?;
    Ok(vec![partition(model, topology, cut)])
}

fn written(answer: &impl Serialize, arguments: &Faults, out: &mut dyn Write) -> Result<(), Error> {
    if arguments.format == FaultsFormat::Json {
        return print_json(answer, out);
    }
    let text = serde_yaml::to_string(answer).map_err(|error| Error::Usage(error.to_string()))?;
    out.write_all(text.as_bytes())?;
    Ok(())
}

mod look;
mod seen;

use crate::arguments::{AnswerFormat, Gate};
use crate::one_cluster::{Accepted, resolved};
use crate::report::{facts, print_json};
use crate::{CLEAN, Error, FINDINGS};
use ::gate::{JudgementAnswer, Observation, ObservedMachine, Step, judge, taken};
use faults::Model;
use serde::Serialize;
use std::io::Write;
use std::path::Path;
use topology::Topology;

/// Says whether a step may be done to a cluster as it is seen now, or was seen.
pub(crate) fn gate(arguments: &Gate, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Error> {
    let facts = facts()?;
    let Some(Accepted { topology, .. }) = resolved(arguments.pillar.source(), &facts, err)? else {
        return Ok(FINDINGS);
    };
    if arguments.all_up {
        print_json(&Observation::sound(&topology), out)?;
        return Ok(CLEAN);
    }
    let Some(action) = arguments.step else {
        return Err(Error::Usage("give --step, or --all-up".to_owned()));
    };
    let (seen, nodes) = if let Some(file) = &arguments.observation {
        let seen = observation(file)?;
        let nodes = nodes(&topology, arguments, seen.machines.as_deref())?;
        (seen, nodes)
    } else {
        let machines = look::machines(&topology, arguments)?;
        let nodes = nodes(&topology, arguments, machines.as_deref())?;
        (look::look(&topology, arguments, &nodes, machines)?, nodes)
    };
    let step = Step { action, nodes, programs: arguments.program.clone() };
    let answer = judge(&topology, &mut Model::of(&topology), &seen, &step).answer();
    match arguments.format {
        AnswerFormat::Json => print_json(&Told { answer: &answer, observation: &seen }, out)?,
        AnswerFormat::Text => {
            if arguments.observation.is_none() {
                seen::print(&seen, out)?;
            }
            sentences(&answer, out)?;
        }
    }
    Ok(if answer.verdict == "go" { CLEAN } else { FINDINGS })
}

/// The answer, and by what it was given.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    answer: &'a JudgementAnswer,
    observation: &'a Observation,
}

fn observation(file: &Path) -> Result<Observation, Error> {
    let text = text(file)?;
    Observation::read(&text).map_err(|error| {
        Error::Usage(format!(
            "`{}` is no observation: {error}; `k8s-ha schema --observation` says what one is",
            file.display()
        ))
    })
}

fn text(place: &Path) -> Result<String, Error> {
    std::fs::read_to_string(place)
        .map_err(|error| Error::Usage(format!("`{}` cannot be read: {error}", place.display())))
}

/// The named nodes, and those on the named hypervisors.
fn nodes(topology: &Topology, arguments: &Gate, machines: Option<&[ObservedMachine]>) -> Result<Vec<String>, Error> {
    taken(topology, machines, &arguments.node, &arguments.hypervisor).map_err(|error| Error::Usage(error.to_string()))
}

fn sentences(answer: &JudgementAnswer, out: &mut dyn Write) -> Result<(), Error> {
    match (&answer.reason, &answer.remedy) {
        (Some(reason), Some(remedy)) => writeln!(out, "{}: {reason}.\nRemedy: {remedy}.", answer.verdict)?,
        _ => writeln!(out, "{}", answer.verdict)?,
    }
    if let Some(node) = &answer.move_leader_to {
        writeln!(out, "First: move etcd's leadership to {node}.")?;
    }
    if !answer.takes.is_empty() {
        writeln!(out, "Takes meanwhile, as nothing else is declared for it: {}.", answer.takes.join(", "))?;
    }
    Ok(())
}

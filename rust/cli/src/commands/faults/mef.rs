//! Fault trees in the Open-PSA Model Exchange Format.

use crate::arguments::{Faults, FaultsFormat};
use crate::report::print_json;
use crate::{CLEAN, Error};
use faults::mef::FaultTree;
use faults::{Bdd, EventId, Model, as_far_as_known, cut_sets, probability};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// The service whose fault tree is written when none is named.
const DEFAULT_SERVICE: &str = "kubernetes";

/// Steps that a decision diagram of a file may take: a minute.
const WORK_OF_A_FILE: u64 = 200_000_000;

/// Steps without a diagram: seconds.
const WORK_WITHOUT_DIAGRAM: u64 = 20_000_000;

/// Writes the fault tree of a service.
pub(super) fn write(model: &mut Model, down: &[EventId], arguments: &Faults, out: &mut dyn Write) -> Result<(), Error> {
    let name = arguments.service.as_deref().unwrap_or(DEFAULT_SERVICE);
    let level = arguments.level.level();
    let lost = model.lost_service(name, level).map_err(|error| Error::Usage(error.to_string()))?;
    let lost = model.with_down(lost, down);
    let called = |event: EventId| {
        let named = model.element_name(event);
        format!("{} {}", named.kind, named.name)
    };
    let name = format!("{name} {}", level.key());
    let text = faults::mef::write(&name, &model.formulas, lost, called, |event| model.unavailability(event));
    out.write_all(text.map_err(|error| Error::Usage(error.to_string()))?.as_bytes())?;
    Ok(())
}

/// What a file says.
#[derive(Serialize)]
struct Answer {
    /// Name of the fault tree.
    name: String,
    /// Basic events in the file.
    basic_events: usize,
    /// Of the top event; `null` where a basic event that matters has no probability, or where finding it takes too long.
    probability: Option<f64>,
    /// Whether all minimal cut sets, or all up to `--cut-sets`, are listed.
    complete: bool,
    /// How many there are of each order, from order 0 on.
    cut_sets_by_order: Vec<u128>,
    /// Each by the names of its basic events, those of few events first.
    minimal_cut_sets: Vec<Vec<String>>,
}

/// Answers about the fault tree in a file.
pub(super) fn read(file: &Path, arguments: &Faults, out: &mut dyn Write) -> Result<u8, Error> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Error::Usage(format!("`{}` cannot be read: {error}", file.display())))?;
    let mut tree = faults::mef::read(&text).map_err(|error| Error::Usage(format!("`{}`: {error}", file.display())))?;
    let answer = answer(&mut tree, arguments.cut_sets.unwrap_or(u32::MAX));
    match arguments.format {
        FaultsFormat::Json => print_json(&answer, out)?,
        FaultsFormat::Text => sentences(&answer, out)?,
        FaultsFormat::OpsaMef => {
            let events = &tree.events;
            let text = faults::mef::write(
                &tree.name,
                &tree.formulas,
                tree.root,
                |event| events[event.0 as usize].0.clone(),
                |event| events[event.0 as usize].1,
            );
            out.write_all(text.map_err(|error| Error::Usage(error.to_string()))?.as_bytes())?;
        }
    }
    Ok(CLEAN)
}

fn answer(tree: &mut FaultTree, order: u32) -> Answer {
    let (found, complete) = as_far_as_known(cut_sets(&mut tree.formulas, tree.root, order, WORK_OF_A_FILE));
    let name = |event: EventId| tree.events[event.0 as usize].0.clone();
    let names = |events: Vec<EventId>| events.into_iter().map(name).collect();
    Answer {
        name: tree.name.clone(),
        basic_events: tree.events.len(),
        complete,
        cut_sets_by_order: found.as_ref().map(|found| found.counts().to_vec()).unwrap_or_default(),
        minimal_cut_sets: found.iter().flat_map(|found| found.iter().map(names)).collect(),
        probability: top_probability(tree),
    }
}

fn top_probability(tree: &mut FaultTree) -> Option<f64> {
    let known = |event: EventId| tree.events[event.0 as usize].1;
    if tree.formulas.support(tree.root).into_iter().any(|event| known(event).is_none()) {
        return None;
    }
    let of = |event: EventId| tree.events[event.0 as usize].1.unwrap_or(0.0);
    if let Ok(diagram) = Bdd::of(&tree.formulas, tree.root, WORK_OF_A_FILE) {
        return Some(diagram.probability(of));
    }
    probability(&mut tree.formulas, tree.root, of, &mut WORK_WITHOUT_DIAGRAM.clone()).ok()
}

fn sentences(answer: &Answer, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "{}: {} basic events", answer.name, answer.basic_events)?;
    match answer.probability {
        Some(probability) => writeln!(out, "probability: {probability:.6e}")?,
        None => writeln!(out, "probability: not known")?,
    }
    let orders = answer.cut_sets_by_order.iter().enumerate().filter(|(_, number)| **number > 0);
    for (order, number) in orders {
        writeln!(out, "minimal cut sets of order {order}: {number}")?;
    }
    if !answer.complete {
        writeln!(out, "there are more: finding all takes too long")?;
    }
    for set in answer.minimal_cut_sets.iter().take(20) {
        writeln!(out, "  {}", set.join(", "))?;
    }
    if answer.minimal_cut_sets.len() > 20 {
        writeln!(out, "  ... (--format json lists all)")?;
    }
    Ok(())
}

//! Minimal cut sets, grouped by what may be swapped.

use super::{WORK, service};
use crate::Error;
use crate::arguments::{Faults, FaultsFormat};
use crate::report::print_json;
use faults::{CutSetsAnswer, EventId, Formula, Model, as_far_as_known, cut_sets, groups};
use std::io::Write;

/// Groups that are printed for one service, at most.
const MOST: usize = 200;

/// Prints the minimal cut sets of a service, or of all.
pub(super) fn print(
    model: &mut Model,
    down: &[EventId],
    order: u32,
    arguments: &Faults,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let level = arguments.level.level();
    let asked: Vec<(String, Formula)> = match &arguments.service {
        Some(name) => {
            let found = service(model, name, level)?;
            found.lost(level).map(|lost| (found.name.clone(), lost)).into_iter().collect()
        }
        None => {
            model.services.iter().filter_map(|service| Some((service.name.clone(), service.lost(level)?))).collect()
        }
    };
    let mut answers = Vec::with_capacity(asked.len());
    for (name, lost) in asked {
        let lost = model.with_down(lost, down);
        let (found, complete) = as_far_as_known(cut_sets(&mut model.formulas, lost, order, WORK));
        let grouped = found.as_ref().map(|found| groups(found, MOST, WORK));
        answers.push(model.cut_sets_answer(&name, level, found.as_ref(), grouped.as_ref(), complete));
    }
    if arguments.format == FaultsFormat::Json {
        return print_json(&answers, out);
    }
    answers.iter().try_for_each(|answer| sentences(answer, out))
}

fn sentences(answer: &CutSetsAnswer, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "{} ({}):", answer.service, answer.level)?;
    if answer.groups.is_empty() && answer.complete {
        writeln!(out, "  nothing of so few failures loses it")?;
    }
    for group in &answer.groups {
        let number = if group.cut_sets == 1 { String::new() } else { format!(" ({} sets)", group.cut_sets) };
        writeln!(out, "  {}{number}", group.sentence)?;
    }
    for (order, number) in &answer.not_grouped {
        writeln!(out, "  and {number} sets of {order} failures")?;
    }
    if !answer.complete {
        writeln!(out, "  there are more: finding all takes too long")?;
    }
    Ok(())
}

//! Minimal cut sets, grouped by what may be swapped.

use crate::Error;
use crate::arguments::{Faults, FaultsFormat};
use crate::report::print_json;
use faults::{CutSetsAnswer, CutSetsQuestion, EventId, Model};
use std::io::Write;

/// Prints the minimal cut sets of a service, or of all.
pub(super) fn print(
    model: &mut Model,
    down: &[EventId],
    order: u32,
    arguments: &Faults,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let question =
        CutSetsQuestion { service: arguments.service.as_deref(), level: arguments.level.level(), order, down };
    let answers = model.listed_cut_sets(question).map_err(|error| Error::Usage(error.to_string()))?;
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

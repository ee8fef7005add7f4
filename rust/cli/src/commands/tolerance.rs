use crate::arguments::{TableFormat, Tolerance};
use crate::one_cluster::{Accepted, resolved};
use crate::report::{elements, facts, print_json};
use crate::text_table::{self, Cell, Mark};
use crate::{CLEAN, Error, FINDINGS};
use faults::{Model, ServiceAnswer, TableAnswer, ToleranceAnswer, WORK_OF_A_TABLE};
use std::io::Write;

/// Prints how many losses of each kind every service survives.
pub(crate) fn tolerance(arguments: &Tolerance, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Error> {
    let facts = facts()?;
    let Some(Accepted { topology, .. }) = resolved(arguments.pillar.source(), &facts, err)? else {
        return Ok(FINDINGS);
    };
    let mut model = Model::of(&topology);
    let down = elements(&model, &arguments.down)?;
    let table = faults::table(&mut model, &down, &mut WORK_OF_A_TABLE.clone());
    let answer = model.table_answer(&table, &down, &topology.targets.survive);
    match arguments.format {
        TableFormat::Json => print_json(&answer, out)?,
        TableFormat::Markdown => text_table::markdown(&rows(&answer), out)?,
        TableFormat::Csv => text_table::csv(&rows(&answer), out)?,
        TableFormat::Text => {
            text_table::text(&rows(&answer), arguments.color.applies(), out)?;
            explanations(&answer, out)?;
        }
    }
    Ok(CLEAN)
}

/// One row for each service and level: how many losses of each kind it survives.
fn rows(answer: &TableAnswer) -> Vec<Vec<Cell>> {
    let mut head: Vec<Cell> = vec!["service".into(), "level".into()];
    head.extend(answer.kinds.iter().map(|kind| kind.as_str().into()));
    let mut rows = vec![head];
    for service in &answer.services {
        for (level, tolerances) in &service.tolerance {
            let mut row: Vec<Cell> = vec![service.service.as_str().into(), (*level).into()];
            row.extend(tolerances.values().map(cell));
            rows.push(row);
        }
    }
    rows
}

fn cell(tolerance: &ToleranceAnswer) -> Cell {
    let text = match tolerance.survives {
        None => "lost".to_owned(),
        Some(survives) if !tolerance.settled => format!(">={survives}"),
        Some(_) if tolerance.witness.is_empty() => "all".to_owned(),
        Some(survives) => survives.to_string(),
    };
    let wanted = tolerance.target.min(tolerance.of);
    let mark = match tolerance.survives {
        None => Mark::Bad,
        Some(survives) if survives < wanted => Mark::Bad,
        Some(survives) if survives == wanted && !tolerance.witness.is_empty() => Mark::Tight,
        Some(_) => Mark::Good,
    };
    Cell { text, mark }
}

/// What breaks the services that miss a target, and what the marks in the table mean.
fn explanations(answer: &TableAnswer, out: &mut dyn Write) -> Result<(), Error> {
    let misses: Vec<String> = answer.services.iter().flat_map(misses).collect();
    if !misses.is_empty() {
        writeln!(out, "\nbelow `targets.survive`:")?;
        for miss in misses {
            writeln!(out, "  {miss}")?;
        }
    }
    writeln!(
        out,
        "\nserve: without starting anything anew; recover: once it was started elsewhere; data: no acknowledged write lost"
    )?;
    let cells = || answer.services.iter().flat_map(|service| service.tolerance.values()).flat_map(|row| row.values());
    if cells().any(|tolerance| tolerance.survives.is_some() && tolerance.witness.is_empty()) {
        writeln!(out, "all: the loss of all elements of this kind takes nothing from it")?;
    }
    if cells().any(|tolerance| !tolerance.settled) {
        writeln!(out, ">=: proven; whether one more is survived was not settled within the work allowed")?;
    }
    Ok(())
}

/// What breaks this service, at the first level at which it misses the target of a kind.
fn misses(service: &ServiceAnswer) -> Vec<String> {
    let serve = service.tolerance.get("serve").into_iter().flatten();
    let missed = serve.filter(|(_, tolerance)| {
        tolerance.survives.is_some_and(|survives| survives < tolerance.target.min(tolerance.of))
    });
    missed
        .map(|(kind, tolerance)| {
            let degraded = service.tolerance.get("recover").and_then(|recover| recover.get(kind));
            let recovers = degraded.is_some_and(|recover| recover.survives >= Some(tolerance.target.min(recover.of)));
            let after = if recovers { " stops until it was started elsewhere" } else { " stops" };
            format!(
                "{}{after} when {} {} is lost",
                service.service,
                kind.replace('_', " "),
                tolerance.witness.join(" with ")
            )
        })
        .collect()
}

use crate::arguments::{AnswerFormat, Plan};
use crate::one_cluster::{Accepted, Source, resolved, resolved_and_judged};
use crate::report::{facts, print_json};
use crate::text_table::{self, Cell};
use crate::{CLEAN, Error, FINDINGS};
use ::gate::{Objection, PlanAction, PlanStep, ProgramAction, ProgramChange};
use std::io::Write;

/// So many names of a list are printed, and how many more there are.
const SHOWN: usize = 3;

/// Says how a running cluster comes from one pillar to another.
pub(crate) fn plan(arguments: &Plan, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Error> {
    let facts = facts()?;
    let source = |path| Source { path, reading: &arguments.reading, cluster: arguments.cluster.as_deref() };
    let Some(Accepted { topology: old, .. }) = resolved(source(&arguments.old), &facts, err)? else {
        return Ok(FINDINGS);
    };
    let Some((new, report)) = resolved_and_judged(source(&arguments.new), &facts, err)? else {
        return Ok(FINDINGS);
    };
    // They refuse the new pillar by itself.
    let forbids = report.findings.iter().filter(|finding| lint::blocks(finding)).map(Objection::of).collect();
    let plan = ::gate::plan(&old, &new, &facts, forbids)?;
    match arguments.format {
        AnswerFormat::Json => print_json(&plan, out)?,
        AnswerFormat::Text if plan.refused.is_empty() && plan.steps.is_empty() => {
            let why = if old.pillar == new.pillar {
                "the pillars say the same"
            } else {
                "the pillars differ in what no host is told, such as targets"
            };
            writeln!(out, "nothing changes: {why}")?;
        }
        AnswerFormat::Text => text(&plan, out)?,
    }
    Ok(if plan.refused.is_empty() { CLEAN } else { FINDINGS })
}

fn text(plan: &::gate::Plan, out: &mut dyn Write) -> Result<(), Error> {
    for (word, objections) in [("refused", &plan.refused), ("warning", &plan.warnings)] {
        for Objection { code, reason, remedy } in objections {
            writeln!(out, "{word}: {code}: {reason}.\n  Remedy: {remedy}.")?;
        }
    }
    if !plan.refused.is_empty() {
        return Ok(());
    }
    steps(&plan.steps, out)?;
    writeln!(out)?;
    if plan.steps.iter().any(|step| step.leader_last) {
        writeln!(out, "leader last: of these steps, that of the member that leads etcd at the time comes last")?;
    }
    if plan.steps.iter().any(|step| step.action == PlanAction::Remove) {
        writeln!(
            out,
            "remove: before NEW is applied, as every host refuses a pillar that lacks a member which etcd still has"
        )?;
    }
    for sentence in plan.end_sentences() {
        writeln!(out, "at the end {sentence}")?;
    }
    if plan.end.is_empty() {
        writeln!(out, "at the end as much is survived as before")?;
    }
    Ok(())
}

/// The steps, each with what is survived otherwise while it lasts.
fn steps(steps: &[PlanStep], out: &mut dyn Write) -> Result<(), Error> {
    let mut table = Vec::new();
    text_table::text(&rows(steps), false, &mut table)?;
    let table = String::from_utf8_lossy(&table);
    let mut lines = table.lines();
    writeln!(out, "{}", lines.next().unwrap_or_default())?;
    for (line, step) in lines.zip(steps) {
        writeln!(out, "{line}")?;
        for sentence in step.sentences() {
            writeln!(out, "      {sentence}")?;
        }
    }
    Ok(())
}

/// A row for each step.
fn rows(steps: &[PlanStep]) -> Vec<Vec<Cell>> {
    let head = ["step", "do", "on", "what"].map(Cell::from);
    let row = |(place, step): (usize, &PlanStep)| {
        let cells = [(place + 1).to_string(), step.action.key().to_owned(), few(&step.nodes), what(step)];
        cells.iter().map(|text| Cell::from(text.as_str())).collect()
    };
    std::iter::once(head.into()).chain(steps.iter().enumerate().map(row)).collect()
}

fn what(step: &PlanStep) -> String {
    let text = match step.action {
        PlanAction::Add => "etcd gets a learner".to_owned(),
        PlanAction::Promote => "the learner gets its vote".to_owned(),
        PlanAction::Join => "becomes a part of the cluster".to_owned(),
        PlanAction::Drain => "its pods go elsewhere".to_owned(),
        PlanAction::Remove => "its member is taken out of etcd".to_owned(),
        PlanAction::Leave => "is deleted from the cluster, and reset".to_owned(),
        PlanAction::Write => few(&step.files),
        PlanAction::Machine => step.machine.join(", "),
        PlanAction::Apply => "the pod network is applied".to_owned(),
        PlanAction::Start | PlanAction::Reload | PlanAction::Restart => {
            let action = |program: &ProgramChange| format!("{} {}", verb(program.action), program.name);
            step.programs.iter().map(action).collect::<Vec<_>>().join(", ")
        }
    };
    if step.leader_last { text + " (leader last)" } else { text }
}

fn verb(action: ProgramAction) -> &'static str {
    match action {
        ProgramAction::Start => "start",
        ProgramAction::Reload => "reload",
        ProgramAction::Restart => "restart",
    }
}

/// The first of them, and how many more there are.
fn few(all: &[String]) -> String {
    let shown = all.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if all.len() > SHOWN { format!("{shown} and {} more", all.len() - SHOWN) } else { shown }
}

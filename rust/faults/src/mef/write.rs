//! From formulas to the text of a model.

use super::names::Names;
use crate::formula::{EventId, Formula, Formulas, Node, Term};
use crate::model::Model;
use crate::service::{Level, Service};
use quick_xml::escape::escape;
use rustc_hash::FxHashMap;
use std::fmt::Write as _;

/// Weights of a gate that add up to more are not written: the format counts operands, each once.
const WEIGHTS: u64 = 100_000;

/// A gate whose weights are too large for a format that has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a gate weighs its operands with more than {WEIGHTS} altogether, and the format only counts operands")]
pub struct MefTooLarge;

/// When a level of a service is lost, as a model; `None` where the level means nothing for it. `probability` gives that of
/// each event, 0 to 1, where it is known.
///
/// # Errors
/// [`MefTooLarge`] when a gate cannot be written.
pub fn write_service(
    model: &Model,
    service: &Service,
    level: Level,
    probability: impl Fn(EventId) -> Option<f64>,
) -> Result<Option<String>, MefTooLarge> {
    let Some(root) = service.lost(level) else { return Ok(None) };
    let name = format!("{} {}", service.name, level.key());
    let event = |event: EventId| {
        let event = model.event(event);
        format!("{} {}", model.kind_key(event.kind), event.name)
    };
    write(&name, &model.formulas, root, event, probability).map(Some)
}

/// A formula as a model with one fault tree. What is written depends on the arguments alone. `name` and `event` name the
/// fault tree and the events; names that the format does not allow are made valid, and stand in the label as they are.
///
/// # Errors
/// [`MefTooLarge`] when a gate cannot be written.
pub fn write(
    name: &str,
    formulas: &Formulas,
    root: Formula,
    event: impl Fn(EventId) -> String,
    probability: impl Fn(EventId) -> Option<f64>,
) -> Result<String, MefTooLarge> {
    let cone = formulas.cone(root);
    let mut names = Names::default();
    let top = names.give(name);
    let mut data = String::new();
    let mut called: FxHashMap<Formula, String> = FxHashMap::default();
    for formula in &cone {
        if let Node::Event(happened) = formulas.node(*formula) {
            let label = event(*happened);
            let name = names.give(&label);
            data += &basic_event(&name, &label, probability(*happened));
            called.insert(*formula, format!("<basic-event name=\"{name}\"/>"));
        }
    }
    for (number, formula) in (1..).zip(cone.iter().filter(|formula| is_gate(formulas, **formula))) {
        let name = if *formula == root { top.clone() } else { names.give(&format!("gate-{number}")) };
        called.insert(*formula, format!("<gate name=\"{name}\"/>"));
    }
    let copies = copies(formulas, &cone, &called, &mut names)?;
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opsa-mef>\n  <define-fault-tree name=\"{top}\">\n{}",
        label(name, &top, 4)
    );
    match formulas.node(root) {
        Node::Constant(holds) => {
            let constant = names.give(if *holds { "always" } else { "never" });
            text += &gate(&top, &format!("      <house-event name=\"{constant}\"/>\n"));
            _ = write!(
                text,
                "    <define-house-event name=\"{constant}\">\n      <constant value=\"{holds}\"/>\n    </define-house-event>\n"
            );
        }
        Node::Event(_) => text += &gate(&top, &format!("      {}\n", called[&root])),
        Node::Gate { .. } => {}
    }
    // The top first, and every gate before what it is made of, as one reads.
    for formula in cone.iter().rev() {
        if let Node::Gate { need, terms } = formulas.node(*formula) {
            let own = &called[formula]["<gate name=\"".len()..];
            let own = own.trim_end_matches("\"/>");
            text += &gate(own, &operands(*need, terms, &called, &copies));
        }
    }
    for formula in &cone {
        for copy in copies.get(formula).into_iter().flatten() {
            text += &gate(copy, &format!("      {}\n", called[formula]));
        }
    }
    _ = write!(text, "  </define-fault-tree>\n  <model-data>\n{data}  </model-data>\n</opsa-mef>\n");
    Ok(text)
}

fn is_gate(formulas: &Formulas, formula: Formula) -> bool {
    matches!(formulas.node(formula), Node::Gate { .. })
}

/// The format counts operands, each once. So what weighs three is three operands: itself, and two gates that hold when it
/// does; the names of those.
fn copies(
    formulas: &Formulas,
    cone: &[Formula],
    called: &FxHashMap<Formula, String>,
    names: &mut Names,
) -> Result<FxHashMap<Formula, Vec<String>>, MefTooLarge> {
    let mut weights: FxHashMap<Formula, u32> = FxHashMap::default();
    for formula in cone {
        if let Node::Gate { terms, .. } = formulas.node(*formula) {
            for (term, weight) in terms {
                let most = weights.entry(*term).or_default();
                *most = (*most).max(*weight);
            }
        }
    }
    if weights.values().map(|weight| u64::from(*weight)).sum::<u64>() > WEIGHTS + weights.len() as u64 {
        return Err(MefTooLarge);
    }
    let mut copies: FxHashMap<Formula, Vec<String>> = FxHashMap::default();
    for formula in cone.iter().filter(|formula| called.contains_key(*formula)) {
        let more = weights.get(formula).map_or(0, |weight| weight - 1);
        if more > 0 {
            copies.insert(*formula, (0..more).map(|_| names.give("again")).collect());
        }
    }
    Ok(copies)
}

/// What a gate counts.
fn operands(
    need: u32,
    terms: &[Term],
    called: &FxHashMap<Formula, String>,
    copies: &FxHashMap<Formula, Vec<String>>,
) -> String {
    let total: u32 = terms.iter().map(|(_, weight)| weight).sum();
    let (open, close) = match need {
        1 => ("or".to_owned(), "or"),
        _ if need == total => ("and".to_owned(), "and"),
        _ => (format!("atleast min=\"{need}\""), "atleast"),
    };
    let mut text = format!("      <{open}>\n");
    for (term, weight) in terms {
        _ = writeln!(text, "        {}", called[term]);
        for copy in copies.get(term).into_iter().flatten().take(*weight as usize - 1) {
            _ = writeln!(text, "        <gate name=\"{copy}\"/>");
        }
    }
    _ = writeln!(text, "      </{close}>");
    text
}

fn gate(name: &str, formula: &str) -> String {
    format!("    <define-gate name=\"{name}\">\n{formula}    </define-gate>\n")
}

fn basic_event(name: &str, written: &str, probability: Option<f64>) -> String {
    let constant =
        probability.map(|probability| format!("      <float value=\"{probability:?}\"/>\n")).unwrap_or_default();
    let label = label(written, name, 6);
    if label.is_empty() && constant.is_empty() {
        return format!("    <define-basic-event name=\"{name}\"/>\n");
    }
    format!("    <define-basic-event name=\"{name}\">\n{label}{constant}    </define-basic-event>\n")
}

/// The name as it was, where a valid one differs.
fn label(written: &str, name: &str, indent: usize) -> String {
    let line: String = written
        .chars()
        .map(|letter| if letter.is_control() || ['\u{fffe}', '\u{ffff}'].contains(&letter) { ' ' } else { letter })
        .collect();
    let line = line.trim();
    if line.is_empty() || line == name {
        return String::new();
    }
    format!("{:indent$}<label>{}</label>\n", "", escape(line))
}

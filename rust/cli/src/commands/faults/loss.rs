//! What is lost when something is down, in words.

use crate::Error;
use faults::{ElementName, LossAnswer};
use std::collections::BTreeMap;
use std::io::Write;

/// What is lost, what is left, and what the next loss would take.
pub(super) fn sentences(answer: &LossAnswer, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "down: {}", if answer.down.is_empty() { "nothing".to_owned() } else { by_kind(&answer.down) })?;
    writeln!(out, "\nlost:")?;
    if answer.lost.is_empty() {
        writeln!(out, "  nothing")?;
    }
    for lost in &answer.lost {
        let what = match lost.levels[..] {
            ["serve"] => "until it was started elsewhere".to_owned(),
            ref levels if levels.contains(&"data") => "with acknowledged writes".to_owned(),
            _ => "until something comes back".to_owned(),
        };
        writeln!(out, "  {}: {what}", lost.service)?;
    }
    for degraded in &answer.degraded {
        writeln!(out, "  {} serves, without {}", degraded.service, degraded.without.join(", "))?;
    }
    writeln!(out, "\nleft: {}", if answer.left.is_empty() { "nothing".to_owned() } else { answer.left.join(", ") })?;
    writeln!(out, "\nthe next loss:")?;
    if answer.next.is_empty() {
        writeln!(out, "  of any one element takes nothing")?;
    }
    // Elements that take the same stand in one line.
    let mut same: Vec<(&[String], Vec<ElementName>)> = Vec::new();
    for next in &answer.next {
        match same.iter_mut().find(|(takes, _)| *takes == next.takes.as_slice()) {
            Some((_, elements)) => elements.push(next.element.clone()),
            None => same.push((&next.takes, vec![next.element.clone()])),
        }
    }
    for (takes, elements) in same {
        let one = if elements.len() > 1 { "any one of " } else { "" };
        writeln!(out, "  {one}{}: takes {}", by_kind(&elements), takes.join(", "))?;
    }
    Ok(())
}

/// `hypervisor pve2; node cp3, w1`.
fn by_kind(elements: &[ElementName]) -> String {
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for element in elements {
        kinds.entry(&element.kind).or_default().push(&element.name);
    }
    let words = |(kind, names): (&str, Vec<&str>)| format!("{} {}", kind.replace('_', " "), names.join(", "));
    kinds.into_iter().map(words).collect::<Vec<_>>().join("; ")
}

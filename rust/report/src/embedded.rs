//! The answers as the page's script reads them, kept small.

use crate::data::{Answer, Error, Report};
use crate::words::{STATES, bits};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What the script reads. Names of fields are short because one page holds thousands of them.
#[derive(Serialize)]
struct Embedded<'r> {
    /// Words for the lost levels, by their bits.
    states: [&'static str; 8],
    /// Kinds: one, many.
    kinds: Vec<[&'r str; 2]>,
    /// Elements: kind, name.
    elements: Vec<(usize, &'r str)>,
    /// Services.
    services: Vec<&'r str>,
    /// Class of each element.
    classes: Vec<u32>,
    /// Questions: all classes but the last, and for the last one `class:answer` or `first-last:answer`.
    asked: BTreeMap<String, String>,
    /// The answer when nothing is down.
    none: Option<u32>,
    /// `[effects: [service, bits, [without]], next: [service, level, kind, count, [examples]]]`.
    answers: Vec<Value>,
    /// What fails, and what goes down with it.
    takes: Vec<(&'r [u32], &'r [u32])>,
}

/// The answers as JSON that may stand in a `<script>`.
pub(crate) fn embedded(report: &Report) -> Result<String, Error> {
    let position = |key: &str| report.kinds.iter().position(|kind| kind.key == key).unwrap_or(0);
    let losses = &report.losses;
    let classes =
        if losses.classes.is_empty() { (0..).take(report.elements.len()).collect() } else { losses.classes.clone() };
    let embedded = Embedded {
        states: STATES,
        kinds: report.kinds.iter().map(|kind| [kind.one.as_str(), kind.many.as_str()]).collect(),
        elements: report.elements.iter().map(|element| (position(&element.kind), element.name.as_str())).collect(),
        services: report.services.iter().map(|service| service.name.as_str()).collect(),
        classes,
        asked: asked(report),
        none: losses.asked.iter().find(|asked| asked.down.is_empty()).map(|asked| asked.answer),
        answers: losses.answers.iter().map(|answer| answered(answer, position)).collect(),
        takes: losses.takes.iter().map(|takes| (takes.down.as_slice(), takes.lost.as_slice())).collect(),
    };
    Ok(inert(&serde_json::to_string(&embedded)?))
}

fn answered(answer: &Answer, position: impl Fn(&str) -> usize) -> Value {
    let effects: Vec<Value> =
        answer.effects.iter().map(|effect| json!([effect.service, bits(&effect.lost), effect.without])).collect();
    let next: Vec<Value> = answer
        .next
        .iter()
        .map(|next| json!([next.service, next.level as usize, position(&next.kind), next.count, next.examples]))
        .collect();
    json!([effects, next])
}

/// Neighbouring classes with one answer are one entry: that makes a table of pairs small.
fn asked(report: &Report) -> BTreeMap<String, String> {
    let mut sorted: Vec<_> = report.losses.asked.iter().filter(|asked| !asked.down.is_empty()).collect();
    // By all classes but the last, then by the last.
    sorted.sort_by_key(|asked| asked.down.split_last().map(|(last, before)| (before, *last)));
    let mut table: BTreeMap<String, String> = BTreeMap::new();
    for same_first in
        sorted.chunk_by(|left, right| left.down.split_last().map(|of| of.1) == right.down.split_last().map(|of| of.1))
    {
        let mut line = String::new();
        let mut rest = same_first;
        while let Some((first, class)) = rest.first().and_then(|first| Some((first, *first.down.last()?))) {
            let run = (class..)
                .zip(rest)
                .take_while(|(at, asked)| asked.down.last() == Some(at) && asked.answer == first.answer)
                .count();
            let run = run.max(1);
            if !line.is_empty() {
                line.push(';');
            }
            let last = rest[run - 1].down.last().copied().unwrap_or(class);
            let range = if last == class { class.to_string() } else { format!("{class}-{last}") };
            // Writing to a string does not fail.
            _ = write!(line, "{range}:{}", first.answer);
            rest = &rest[run..];
        }
        let prefix = same_first.first().and_then(|first| first.down.split_last()).map_or(&[][..], |(_, prefix)| prefix);
        let prefix: Vec<String> = prefix.iter().map(u32::to_string).collect();
        table.insert(prefix.join(","), line);
    }
    table
}

/// JSON in which nothing ends a script or begins a comment.
fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => _ = write!(out, "\\u{:04x}", u32::from(character)),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Asked, Losses};

    #[test]
    fn neighbours_with_one_answer_are_one_entry() {
        let singles = [0, 0, 0, 1, 0];
        let mut asked_about: Vec<Asked> =
            (0..).zip(singles).map(|(class, answer)| Asked { down: vec![class], answer }).collect();
        asked_about.push(Asked { down: vec![1, 1], answer: 1 });
        asked_about.push(Asked { down: vec![1, 3], answer: 1 });
        asked_about.push(Asked { down: vec![1, 4], answer: 1 });
        asked_about.push(Asked { down: Vec::new(), answer: 0 });
        let report = Report { losses: Losses { asked: asked_about, ..Losses::default() }, ..Report::default() };
        let table = asked(&report);
        assert_eq!(table[""], "0-2:0;3:1;4:0");
        assert_eq!(table["1"], "1:1;3-4:1");
        assert_eq!(table.len(), 2);
    }

    #[test]
    fn no_name_ends_the_script() {
        assert_eq!(inert("\"</script><!--&\""), "\"\\u003c/script\\u003e\\u003c!--\\u0026\"");
    }
}

use crate::arguments::{AnswerFormat, Fix};
use crate::one_cluster::resolved;
use crate::report::{facts, print_json};
use crate::{CLEAN, Error, FINDINGS};
use lint::Suggestion;
use serde_json::{Value, json};
use std::io::Write;

/// Suggests changes of the pillar that mend what `targets.survive` asks for.
pub(crate) fn fix(arguments: &Fix, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Error> {
    let facts = facts()?;
    let Some(resolved) = resolved(arguments.pillar.source(), &facts, err)? else {
        return Ok(FINDINGS);
    };
    let suggestions = lint::suggest(&resolved.cluster.reading, &facts);
    match arguments.format {
        AnswerFormat::Json => {
            let all: Vec<Value> = suggestions.iter().map(answer).collect();
            print_json(&all, out)?;
        }
        AnswerFormat::Text if suggestions.is_empty() => {
            writeln!(out, "# every target is met: there is nothing to mend")?;
        }
        AnswerFormat::Text => {
            for suggestion in &suggestions {
                writeln!(out, "# {}", suggestion.missed)?;
                let (Some(change), Some(patch)) = (&suggestion.change, &suggestion.patch) else {
                    writeln!(out, "# no single change mends it\n")?;
                    continue;
                };
                let patch = serde_yaml::to_string(&json!({"k8s_ha": patch}))
                    .map_err(|error| Error::Usage(error.to_string()))?;
                writeln!(out, "# {change}\n{patch}")?;
            }
        }
    }
    Ok(if suggestions.is_empty() { CLEAN } else { FINDINGS })
}

fn answer(suggestion: &Suggestion) -> Value {
    json!({"missed": suggestion.missed, "change": suggestion.change, "patch": suggestion.patch})
}

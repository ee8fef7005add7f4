use crate::arguments::{FailOn, Lint};
use crate::report::{Report, facts, today};
use crate::{CLEAN, Error, FINDINGS};
use diagnostics::{Baseline, RuleDescription, Settings, Severity, Summary};
use std::io::Write;
use std::path::Path;

/// Judges pillars and prints what was found.
pub(crate) fn lint(arguments: &Lint, out: &mut dyn Write) -> Result<u8, Error> {
    let facts = facts()?;
    let today = today(arguments.reading.today);
    let mut report = Report::default();
    for path in arguments.paths.iter().flat_map(|path| pillar::trees(path)) {
        report.add(&pillar::load(&path, &arguments.reading.options(), &facts)?, &facts, today);
    }
    report.sort();
    if let Some(path) = &arguments.baseline {
        let gone = read_baseline(path)?.filter(&mut report.findings);
        if gone > 0 && arguments.format == diagnostics::Format::Text {
            writeln!(
                out,
                "{gone} findings of the baseline are gone; write it again with --write-baseline {}",
                path.display()
            )?;
        }
    }
    if let Some(path) = &arguments.write_baseline {
        std::fs::write(path, Baseline::write(&report.findings)).map_err(|error| unwritable(path, &error))?;
        writeln!(out, "{} written: {}", path.display(), Summary::of(&report.findings))?;
        return Ok(CLEAN);
    }
    let rules = descriptions();
    let settings = Settings { color: arguments.color.applies(), rules: &rules };
    out.write_all(diagnostics::render(arguments.format, &report.findings, &report.sources, &settings).as_bytes())?;
    let threshold = if arguments.fail_on == FailOn::Warn { Severity::Warn } else { Severity::Error };
    let counts =
        |finding: &diagnostics::Diagnostic| finding.acknowledged.is_none() && at_least(finding.severity, threshold);
    Ok(if report.findings.iter().any(counts) { FINDINGS } else { CLEAN })
}

fn at_least(severity: Severity, threshold: Severity) -> bool {
    severity == Severity::Error || (threshold == Severity::Warn && severity == Severity::Warn)
}

fn descriptions() -> Vec<RuleDescription<'static>> {
    let describe = |rule: &'static lint::Rule| RuleDescription {
        code: rule.code,
        name: rule.name,
        severity: rule.severity,
        summary: rule.reason,
        help: rule.remedy,
    };
    let structural = |code: &'static topology::StructuralCode| RuleDescription {
        code: code.code,
        name: code.name,
        severity: Severity::Error,
        summary: code.reason,
        help: code.remedy,
    };
    lint::rules::all().map(describe).chain(lint::structural_codes().chain(pillar::CODES).map(structural)).collect()
}

fn read_baseline(path: &Path) -> Result<Baseline, Error> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::Usage(format!("`{}` cannot be read: {error}", path.display())))?;
    Baseline::read(&text).map_err(|error| Error::Usage(format!("`{}`: {error}", path.display())))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::Usage(format!("`{}` cannot be written: {error}", path.display()))
}

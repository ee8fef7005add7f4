//! The `k8s-ha` command: used by the wheel and by the program of the same name.
//!
//! Exit status 0: clean; 1: findings; 2: input or arguments that cannot be used.

mod arguments;
mod as_read;
mod commands;
mod folder;
mod one_cluster;
mod report;
mod text_table;

use arguments::{Arguments, Command};
use clap::Parser;
use std::ffi::OsString;
use std::io::{self, Write};

/// Nothing was found.
const CLEAN: u8 = 0;
/// Something was found.
const FINDINGS: u8 = 1;
/// The input or the arguments cannot be used.
const UNUSABLE: u8 = 2;

/// Why a command ended without an answer.
#[derive(Debug, thiserror::Error)]
enum Error {
    /// The pillar cannot be read.
    #[error(transparent)]
    Pillar(#[from] pillar::Error),
    /// A file cannot be rendered.
    #[error(transparent)]
    Render(#[from] render::Error),
    /// Anything else that the user can mend, in one sentence.
    #[error("{0}")]
    Usage(String),
    /// Output cannot be written.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
}

/// Runs the command with these arguments, the first of which is the name of the program.
///
/// It writes to `out` and `err` only, never ends the process, and returns the exit status.
pub fn run<A: Into<OsString> + Clone>(
    arguments: impl IntoIterator<Item = A>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(refusal) => return usage(&refusal, out, err),
    };
    let done = match &arguments.command {
        Command::Lint(lint) => commands::lint(lint, out),
        Command::Render(render) => commands::render(render, out, err),
        Command::Show(show) => commands::show(show, out, err),
        Command::Tolerance(tolerance) => commands::tolerance(tolerance, out, err),
        Command::Faults(faults) => commands::faults(faults, out, err),
        Command::Report(report) => commands::report(report, out, err),
        Command::Fix(fix) => commands::fix(fix, out, err),
        Command::Plan(plan) => commands::plan(plan, out, err),
        Command::Gate(gate) => commands::gate(gate, out, err),
        Command::Schema(schema) => commands::schema(schema, out),
        Command::Explain(explain) => commands::explain(explain, out),
    };
    let done = done.and_then(|status| out.flush().map(|()| status).map_err(Error::from));
    done.unwrap_or_else(|error| match error {
        // Whoever read our output has seen enough.
        Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => CLEAN,
        error => {
            let _ = writeln!(err, "k8s-ha: {error}");
            UNUSABLE
        }
    })
}

fn usage(refusal: &clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    if refusal.use_stderr() {
        let _ = write!(err, "{}", refusal.render());
        UNUSABLE
    } else {
        let _ = write!(out, "{}", refusal.render());
        CLEAN
    }
}

//! The `k8s-ha` command as a program of its own, for machines without Python.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let mut err = std::io::stderr().lock();
    ExitCode::from(cli::run(std::env::args_os(), &mut out, &mut err))
}

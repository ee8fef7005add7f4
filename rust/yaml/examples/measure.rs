//! How long a pillar takes to read: `tests/bench/generate.py 5000 > pillar.sls`, then
//! `cargo run --release -p k8s-ha-yaml --example measure -- pillar.sls`.

use std::io::Write as _;
use std::time::{Duration, Instant};
use std::{env, error, fs, io};

use tree::SourceId;
use yaml::{Limits, parse};

/// The best of several runs is the least disturbed by what else the machine does.
const RUNS: usize = 15;

fn main() -> Result<(), Box<dyn error::Error>> {
    let path = env::args().nth(1).ok_or("usage: measure FILE")?;
    let text = fs::read(path)?;
    let mut best = Duration::MAX;
    let mut nodes = 0;
    for _ in 0..RUNS {
        let begin = Instant::now();
        let document = parse(&text, SourceId(0), &Limits::default())?;
        best = best.min(begin.elapsed());
        nodes = document.tree.len();
    }
    let mut output = io::stdout();
    writeln!(output, "{} bytes, {nodes} nodes: {:.1} ms", text.len(), best.as_secs_f64() * 1000.0)?;
    Ok(())
}

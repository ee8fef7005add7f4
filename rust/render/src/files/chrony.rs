//! chrony: the clock of every host.

use super::Context;
use crate::file::{Activation, File};
use crate::template::{Error, fill};
use serde::Serialize;

#[derive(Serialize)]
struct Configuration {
    sources: Vec<String>,
    driftfile: &'static str,
}

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let (path, driftfile, unit) = if context.node.os.is_enterprise_linux() {
        ("/etc/chrony.conf", "/var/lib/chrony/drift", "chronyd.service")
    } else {
        ("/etc/chrony/chrony.conf", "/var/lib/chrony/chrony.drift", "chrony.service")
    };
    let sources = context.topology.chrony.sources.iter().map(|written| source(written)).collect();
    let template = include_str!("../../templates/chrony/chrony.conf");
    let text = fill("chrony.conf", template, Configuration { sources, driftfile })?;
    let file = File::new(path, "time synchronisation", text)
        .activation(Activation::Restart(unit.to_owned()))
        .check("chronyd -p -f {file}")
        .component("chrony");
    Ok(vec![file])
}

/// A directive for a source as the pillar writes it: `pool NAME` is a pool, any other name a server; further words are
/// options of chrony. `iburst` makes the clock right within seconds of a start.
fn source(written: &str) -> String {
    let words: Vec<&str> = written.split_whitespace().collect();
    let directive = match words.first() {
        Some(&("pool" | "server" | "peer")) => "",
        _ => "server ",
    };
    let burst = if words.contains(&"iburst") { "" } else { " iburst" };
    format!("{directive}{}{burst}", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::source;

    #[test]
    fn a_name_alone_is_a_server() {
        assert_eq!(source("ntp1.lan"), "server ntp1.lan iburst");
        assert_eq!(source("pool pool.ntp.org"), "pool pool.ntp.org iburst");
        assert_eq!(source("ntp1.lan prefer iburst"), "server ntp1.lan prefer iburst");
    }
}

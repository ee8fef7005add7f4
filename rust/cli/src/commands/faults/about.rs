//! Partitions, capacity, start-up, fail-over times, availability: as YAML for a person, as JSON for a program.

use crate::Error;
use crate::arguments::{About, Faults, FaultsFormat};
use crate::report::print_json;
use faults::Model;
use std::io::Write;
use topology::Topology;

/// Prints the answer.
pub(super) fn print(
    topology: &Topology,
    model: &mut Model,
    about: About,
    arguments: &Faults,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let asked = match about {
        About::Partitions => faults::About::Partitions(&arguments.cut),
        About::Capacity => faults::About::Capacity,
        About::StartOrder => faults::About::StartOrder,
        About::SwitchOver => faults::About::SwitchOver,
        About::Availability => faults::About::Availability,
    };
    let answer = faults::about(topology, model, asked).map_err(|error| Error::Usage(error.to_string()))?;
    if arguments.format == FaultsFormat::Json {
        return print_json(&answer, out);
    }
    let text = serde_yaml::to_string(&answer).map_err(|error| Error::Usage(error.to_string()))?;
    out.write_all(text.as_bytes())?;
    Ok(())
}

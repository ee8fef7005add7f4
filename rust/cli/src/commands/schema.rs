use crate::arguments::Schema;
use crate::{CLEAN, Error};
use std::io::Write;

/// Prints the JSON Schema of a pillar, or of an observation.
pub(crate) fn schema(arguments: &Schema, out: &mut dyn Write) -> Result<u8, Error> {
    let text = if arguments.observation { ::gate::observation_schema() } else { topology::json_schema() };
    out.write_all(text.as_bytes())?;
    Ok(CLEAN)
}

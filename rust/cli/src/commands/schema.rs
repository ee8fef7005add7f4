use crate::{CLEAN, Error};
use std::io::Write;

/// Prints the JSON Schema of a pillar.
pub(crate) fn schema(out: &mut dyn Write) -> Result<u8, Error> {
    out.write_all(topology::json_schema().as_bytes())?;
    Ok(CLEAN)
}

//! The date, which only the edge of the program may ask for.

use crate::errors;
use pyo3::prelude::*;
use std::time::{SystemTime, UNIX_EPOCH};
use topology::values::Date;

const SECONDS_OF_A_DAY: u64 = 24 * 60 * 60;

/// The day that was given as `YYYY-MM-DD`, or the system's date in UTC.
///
/// # Errors
/// When the text is no day.
pub fn today(given: Option<&str>) -> PyResult<Date> {
    if let Some(text) = given {
        return text.parse().map_err(|error: String| errors::argument(format!("today: {error}")));
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Date::from_days_since_epoch(since.as_secs() / SECONDS_OF_A_DAY))
}

//! Writes a report that is read as JSON from standard input: `sample [html|svg|mermaid] < report.json > report.html`.

use std::error::Error;
use std::io::{Read as _, Write as _};

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let report: report::Report = serde_json::from_str(&text)?;
    let out = match std::env::args().nth(1).as_deref() {
        None | Some("html") => report::html(&report)?,
        Some("svg") => report::svg(&report)?,
        Some("mermaid") => report::mermaid(&report)?,
        Some(other) => return Err(format!("there is no output `{other}`").into()),
    };
    std::io::stdout().write_all(out.as_bytes())?;
    Ok(())
}

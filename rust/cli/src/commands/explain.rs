use crate::arguments::Explain;
use crate::{CLEAN, Error};
use std::io::Write;

/// Prints the page of a code, or the list of all codes.
pub(crate) fn explain(arguments: &Explain, out: &mut dyn Write) -> Result<u8, Error> {
    let Some(code) = &arguments.code else {
        for (code, name) in lint::code_names().chain(pillar::CODES.iter().map(|code| (code.code, code.name))) {
            writeln!(out, "{code}  {name}")?;
        }
        return Ok(CLEAN);
    };
    let upper = code.to_ascii_uppercase();
    let of_files = || pillar::CODES.iter().find(|known| known.code == upper).map(|known| lint::structural_page(known));
    let page = lint::explain(&upper).or_else(of_files).ok_or_else(|| {
        let near = tree::nearest(&upper, lint::code_names().map(|(code, _)| code));
        let hint =
            near.map_or_else(|| "`k8s-ha explain` lists them all".to_owned(), |near| format!("did you mean {near}?"));
        Error::Usage(format!("there is no code `{code}`; {hint}"))
    })?;
    out.write_all(page.as_bytes())?;
    Ok(CLEAN)
}

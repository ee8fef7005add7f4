use crate::arguments::{Report, ReportFormat};
use crate::one_cluster::resolved_and_judged;
use crate::report::{facts, today};
use crate::{CLEAN, Error, FINDINGS};
use std::io::Write;
use std::path::Path;

/// Writes a report about a cluster.
pub(crate) fn report(arguments: &Report, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Error> {
    let facts = facts()?;
    let judged = resolved_and_judged(arguments.pillar.source(), &facts, err)?;
    let Some((topology, found)) = judged else { return Ok(FINDINGS) };
    let day = today(arguments.pillar.reading.today).to_string();
    let data = ::report::of(&topology, &found.findings, &found.sources, &day);
    let text = match arguments.format {
        ReportFormat::Html => ::report::html(&data),
        ReportFormat::Svg => ::report::svg(&data),
        ReportFormat::Mermaid => ::report::mermaid(&data),
        ReportFormat::Json => Ok(serde_json::to_string(&data).map_err(|error| Error::Usage(error.to_string()))? + "\n"),
    };
    let text = text.map_err(|error| Error::Usage(error.to_string()))?;
    match &arguments.output {
        Some(file) => write_whole(file, &text)?,
        None => out.write_all(text.as_bytes())?,
    }
    Ok(CLEAN)
}

/// The file appears as a whole or not at all.
fn write_whole(file: &Path, text: &str) -> Result<(), Error> {
    let unwritable = |error: std::io::Error| Error::Usage(format!("`{}` cannot be written: {error}", file.display()));
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut making = tempfile::Builder::new().prefix(".k8s-ha-").tempfile_in(folder).map_err(unwritable)?;
    making.write_all(text.as_bytes()).map_err(unwritable)?;
    // As any other new file: a temporary one is private.
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    making.as_file().set_permissions(readable).map_err(unwritable)?;
    making.persist(file).map(|_| ()).map_err(|error| unwritable(error.error))
}

//! Which files have Jinja, and how Salt renders them.

use crate::options::{Options, Rendering};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The renderers that a file names in its first line, such as `#!jinja|yaml|gpg`.
pub(crate) struct Header<'t> {
    renderers: Vec<&'t str>,
}

impl<'t> Header<'t> {
    pub fn of(text: &'t str) -> Self {
        let line = text.lines().next().and_then(|line| line.strip_prefix("#!")).filter(|line| !line.starts_with('/'));
        let names = line.unwrap_or("jinja|yaml").split('|').filter_map(|part| part.split_whitespace().next());
        Self { renderers: names.collect() }
    }

    pub fn has(&self, renderer: &str) -> bool {
        self.renderers.contains(&renderer)
    }

    pub fn allows_jinja(&self) -> bool {
        self.has("jinja")
    }

    /// A renderer whose work cannot be followed here.
    pub fn unknown(&self) -> Option<&'t str> {
        self.renderers.iter().copied().find(|name| !["jinja", "yaml", "gpg"].contains(name))
    }
}

/// Whether a text has anything that Jinja acts on.
pub(crate) fn has_jinja(text: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|mark| text.contains(mark))
}

/// Renders a file by `salt-call --local`, found on PATH or named by the environment variable `SALT_CALL`.
///
/// It works in a folder of its own: no configuration, key or cache of this host is read or written.
#[must_use]
pub fn salt_call(path: &Path, root: &Path, options: &Options) -> Rendering {
    let named = std::env::var_os("SALT_CALL").filter(|name| !name.is_empty()).map(PathBuf::from);
    let Some(program) = named.or_else(|| which::which("salt-call").ok()) else { return Rendering::NoSalt };
    match prepared(root, options) {
        Ok(folder) => call(&program, path, &folder),
        Err(why) => Rendering::Failed(why),
    }
}

/// A configuration folder with the grains and the pillar that the user gave.
fn prepared(root: &Path, options: &Options) -> Result<TempDir, String> {
    let folder = tempfile::tempdir().map_err(|error| format!("no folder for salt-call: {error}"))?;
    let at = folder.path();
    let root = root.canonicalize().map_err(|error| format!("`{}`: {error}", root.display()))?;
    let grains = options.grains.as_deref().map_or(Ok("{}".to_owned()), read_mapping)?;
    let given = options.pillar.as_deref().map_or(Ok("{}".to_owned()), read_mapping)?;
    let quoted = |path: &Path| serde_json::Value::String(path.display().to_string()).to_string();
    let minion = [
        "id: lint".to_owned(),
        "file_client: local".to_owned(),
        "log_level: error".to_owned(),
        "autoload_dynamic_modules: false".to_owned(),
        format!("root_dir: {}", quoted(at)),
        format!("file_roots: {{base: [{}]}}", quoted(&root)),
        format!("pillar_roots: {{base: [{}]}}", quoted(&at.join("pillar"))),
        format!("grains: {grains}"),
    ];
    let write = |name: &str, text: &str| {
        fs::write(at.join(name), text).map_err(|error| format!("no configuration for salt-call: {error}"))
    };
    fs::create_dir(at.join("pillar")).map_err(|error| format!("no folder for salt-call: {error}"))?;
    write("minion", &(minion.join("\n") + "\n"))?;
    write("pillar/top.sls", "base: {'*': [given]}\n")?;
    write("pillar/given.sls", &format!("#!yaml\n{given}\n"))?;
    Ok(folder)
}

/// A YAML mapping from a file, as JSON on one line, which is YAML too.
fn read_mapping(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| format!("`{}`: {error}", path.display()))?;
    let value: serde_json::Value =
        serde_yaml::from_slice(&bytes).map_err(|error| format!("`{}` is not YAML: {error}", path.display()))?;
    if value.is_object() { Ok(value.to_string()) } else { Err(format!("`{}` is not a mapping", path.display())) }
}

fn call(program: &Path, path: &Path, folder: &TempDir) -> Rendering {
    let absolute = match path.canonicalize() {
        Ok(absolute) => absolute,
        Err(error) => return Rendering::Failed(error.to_string()),
    };
    let output = Command::new(program)
        .args(["--local", "--out=json", "--log-level=quiet", "--config-dir"])
        .arg(folder.path())
        .arg("slsutil.renderer")
        .arg(format!("path={}", absolute.display()))
        .arg("default_renderer=jinja")
        .stdin(Stdio::null())
        .output();
    match output {
        Ok(output) => answer(&String::from_utf8_lossy(&output.stdout), &String::from_utf8_lossy(&output.stderr)),
        Err(error) => Rendering::Failed(format!("`{}` cannot be started: {error}", program.display())),
    }
}

/// `slsutil.renderer` gives text; anything else is a refusal, of which the last line says why.
fn answer(out: &str, err: &str) -> Rendering {
    let parsed: Option<serde_json::Value> = out.find('{').and_then(|start| serde_json::from_str(&out[start..]).ok());
    match parsed.as_ref().and_then(|parsed| parsed.get("local")).and_then(serde_json::Value::as_str) {
        Some(text) if !text.starts_with("The minion function caused an exception") => Rendering::Text(text.to_owned()),
        other => {
            let said = other.unwrap_or(if err.trim().is_empty() { out } else { err });
            let mut lines = said.lines().rev().map(str::trim);
            let reason =
                lines.find(|line| line.contains("Error") || line.contains("error")).unwrap_or("salt-call gave no text");
            Rendering::Failed(reason.chars().take(300).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_names_the_renderers() {
        assert!(Header::of("a: 1\n").allows_jinja());
        assert!(!Header::of("#!yaml\na: {{ 1 }}\n").allows_jinja());
        assert!(Header::of("#!jinja|yaml|gpg\n").has("gpg"));
        assert_eq!(Header::of("#!py\n").unknown(), Some("py"));
        assert_eq!(Header::of("#!/usr/bin/env salt\n").unknown(), None);
    }

    #[test]
    fn an_answer_is_text_or_a_refusal() {
        assert_eq!(answer("{\"local\": \"a: 1\\n\"}", ""), Rendering::Text("a: 1\n".to_owned()));
        let refused =
            answer("{\"local\": \"The minion function caused an exception: Traceback\\nSaltRenderError: no x\"}", "");
        assert_eq!(refused, Rendering::Failed("SaltRenderError: no x".to_owned()));
        assert!(matches!(answer("", ""), Rendering::Failed(_)));
    }
}

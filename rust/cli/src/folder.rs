//! A folder that appears as a whole or not at all.
//!
//! Its files are not forced to the disk one by one: after a power loss it is rendered again, from the same pillar to the
//! same bytes.

use crate::Error;
use render::File;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};
use tempfile::TempDir;

/// Stands in every folder that this command wrote, so that it may be replaced.
const OWN: &str = ".k8s-ha";

/// A folder in the making, beside its place.
pub(crate) struct Folder {
    place: PathBuf,
    making: TempDir,
}

impl Folder {
    /// Begins a folder. Its place must be new, empty, or written by this command before.
    pub fn begin(place: &Path) -> Result<Self, Error> {
        let refuse = |why: String| Error::Usage(format!("`{}` cannot be written: {why}", place.display()));
        if place.exists() {
            let mut entries = fs::read_dir(place).map_err(|error| refuse(error.to_string()))?;
            if entries.next().is_some() && !place.join(OWN).is_dir() {
                return Err(refuse(
                    "it holds files that this command did not write; give a new or an empty folder".to_owned(),
                ));
            }
        }
        let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|error| refuse(error.to_string()))?;
        let making = tempfile::Builder::new()
            .prefix(".k8s-ha-")
            .tempdir_in(parent)
            .map_err(|error| refuse(error.to_string()))?;
        fs::create_dir(making.path().join(OWN)).map_err(|error| refuse(error.to_string()))?;
        Ok(Self { place: place.to_path_buf(), making })
    }

    /// Writes the files of a node below a part of the folder, and what else is known about them into its `.k8s-ha`.
    pub fn node(&self, below: &str, files: &[File], machine: Option<&render::Machine>) -> Result<(), Error> {
        let root = self.making.path().join(below);
        for file in files {
            let path = joined(&root, &file.path)?;
            self.write(&path, &file.contents, u32::from_str_radix(&file.mode, 8).unwrap_or(0o600))?;
        }
        let listed: Vec<serde_json::Value> = files.iter().map(without_contents).collect();
        self.write(&root.join(OWN).join("files.json"), &pretty(&listed)?, 0o644)?;
        if let Some(machine) = machine {
            self.write(&root.join(OWN).join("machine.json"), &pretty(machine)?, 0o644)?;
        }
        Ok(())
    }

    fn write(&self, path: &Path, text: &str, mode: u32) -> Result<(), Error> {
        let shown = path.strip_prefix(self.making.path()).unwrap_or(path).display().to_string();
        let refuse = |error: &io::Error| {
            Error::Usage(format!("`{}` cannot be written, and nothing was: {error}", self.place.join(&shown).display()))
        };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| refuse(&error))?;
        }
        let opened = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
        let mut file = opened.map_err(|error| refuse(&error))?;
        file.write_all(text.as_bytes()).map_err(|error| refuse(&error))
    }

    /// Puts the folder in its place.
    pub fn finish(self) -> Result<(), Error> {
        let place = self.place;
        let refuse = |error: &io::Error| Error::Usage(format!("`{}` cannot be put in place: {error}", place.display()));
        let made = self.making.keep();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&made, open).map_err(|error| refuse(&error))?;
        let before = made.with_extension("before");
        let existed = place.exists();
        if existed {
            fs::rename(&place, &before).map_err(|error| refuse(&error))?;
        }
        if let Err(error) = fs::rename(&made, &place) {
            if existed {
                let _ = fs::rename(&before, &place);
            }
            let _ = fs::remove_dir_all(&made);
            return Err(refuse(&error));
        }
        if existed {
            fs::remove_dir_all(&before).map_err(|error| refuse(&error))?;
        }
        Ok(())
    }
}

/// An absolute path of a host, below a folder.
fn joined(root: &Path, path: &str) -> Result<PathBuf, Error> {
    let mut below = root.to_path_buf();
    for part in Path::new(path).components() {
        match part {
            Component::RootDir => {}
            Component::Normal(name) => below.push(name),
            _ => return Err(Error::Usage(format!("`{path}` is no plain absolute path"))),
        }
    }
    Ok(below)
}

fn without_contents(file: &File) -> serde_json::Value {
    let mut value = serde_json::to_value(file).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("contents");
    }
    value
}

fn pretty(value: &(impl serde::Serialize + ?Sized)) -> Result<String, Error> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|error| Error::Usage(error.to_string()))
}

//! A file that is there as a whole, after a power loss too, or not at all.

use crate::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A file that is being written beside its place; it goes when this does, unless it is kept.
pub(super) struct WholeFile {
    place: PathBuf,
    beside: PathBuf,
    file: File,
}

impl WholeFile {
    pub(super) fn create(place: &Path) -> Result<Self, Error> {
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let beside = place.with_file_name(format!(".{name}.{}.partial", std::process::id()));
        if place.exists() {
            return Err(failed(place, "there is such a file already"));
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside);
        let file = file.map_err(|error| failed(place, words(&error)))?;
        Ok(Self { place: place.to_owned(), beside, file })
    }

    pub(super) fn write(&mut self, data: &[u8]) -> Result<(), Error> {
        self.file.write_all(data).map_err(|error| self.failed(words(&error)))
    }

    pub(super) fn keep(self) -> Result<(), Error> {
        let kept = || {
            self.file.sync_all()?;
            fs::rename(&self.beside, &self.place)?;
            let directory = self.place.parent().filter(|parent| !parent.as_os_str().is_empty());
            File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
        };
        kept().map_err(|error: io::Error| self.failed(words(&error)))
    }

    pub(super) fn failed(&self, reason: impl Into<String>) -> Error {
        failed(&self.place, reason)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // After it was kept it is not there any more.
        _ = fs::remove_file(&self.beside);
    }
}

fn failed(place: &Path, reason: impl Into<String>) -> Error {
    Error::File { path: place.display().to_string(), reason: reason.into() }
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            format!("the disk is full ({error}): free some, or name another directory")
        }
        _ => error.to_string(),
    }
}

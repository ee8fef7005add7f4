//! Copies the SLS tree to where maturin picks it up for the wheel: files outside of this crate cannot be included directly.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let directory =
        |name: &str| env::var_os(name).map(PathBuf::from).ok_or_else(|| io::Error::other(format!("{name} is not set")));
    let states = directory("CARGO_MANIFEST_DIR")?.join("../../states");
    let formula = directory("OUT_DIR")?.join("formula");
    // A file that was removed from the tree must not stay in the wheel.
    if formula.exists() {
        fs::remove_dir_all(&formula)?;
    }
    copy(&states, &formula)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", from.display());
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            println!("cargo::rerun-if-changed={}", entry.path().display());
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

//! The pages of the rules are made from the rules, committed, and current.
//!
//! `K8S_HA_UPDATE=1 cargo test -p k8s-ha-lint --test committed` writes them again.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pages")
}

fn made() -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> =
        lint::code_names().filter_map(|(code, _)| Some((format!("{code}.md"), lint::explain(code)?))).collect();
    let mut index = String::from("# Findings\n\nOne page for each code, made from the rule itself.\n\n");
    for (code, name) in lint::code_names() {
        let _ = writeln!(index, "- [{code}]({code}.md) {name}");
    }
    pages.insert("README.md".to_owned(), index);
    pages
}

fn committed() -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder()).into_iter().flatten().flatten();
    entries
        .map(|entry| {
            (entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path()).unwrap_or_default())
        })
        .collect()
}

#[test]
fn the_pages_are_current() {
    let made = made();
    if std::env::var_os("K8S_HA_UPDATE").is_some() {
        let _ = fs::remove_dir_all(folder());
        fs::create_dir_all(folder()).unwrap();
        for (name, text) in &made {
            fs::write(folder().join(name), text).unwrap();
        }
    }
    let committed = committed();
    let stale: Vec<&String> =
        made.iter().filter(|(name, text)| committed.get(*name) != Some(text)).map(|(name, _)| name).collect();
    let left: Vec<&String> = committed.keys().filter(|name| !made.contains_key(*name)).collect();
    assert!(stale.is_empty() && left.is_empty(), "stale: {stale:?}, left over: {left:?}; `make pages` writes them");
}

//! The schema of an observation is committed, and current.
//!
//! `K8S_HA_UPDATE=1 cargo test -p k8s-ha-gate --test committed` writes it again.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::Path;

#[test]
fn the_schema_of_an_observation_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("observation.schema.json");
    let made = gate::observation_schema();
    if std::env::var_os("K8S_HA_UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == made, "rust/gate/observation.schema.json is not what the types say; `make pages` writes it");
}

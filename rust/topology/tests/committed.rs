//! What is generated from the types is committed, and current.
//!
//! `K8S_HA_UPDATE=1 cargo test -p k8s-ha-topology` writes it again.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::Path;

#[test]
fn the_json_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pillar/schema.json");
    let made = topology::json_schema();
    if std::env::var_os("K8S_HA_UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "pillar/schema.json is not what the types say; K8S_HA_UPDATE=1 cargo test -p k8s-ha-topology writes it"
    );
}

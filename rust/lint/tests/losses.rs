//! Losses that take something only together.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use lint::{Base, run};
use topology::{Facts, read_pillar};
use tree::{SourceId, Strategy, Tree, merge};

/// The codes and messages of what is found in the three masters with this laid over.
fn found(overlay: &str) -> Vec<(String, String)> {
    found_on(Base::ThreeMasters, overlay)
}

fn found_on(base: Base, overlay: &str) -> Vec<(String, String)> {
    let mut tree = Tree::new();
    let limits = yaml::Limits::default();
    let base = yaml::parse_into(&mut tree, base.text().as_bytes(), SourceId(0), &limits).unwrap();
    let overlay = yaml::parse_into(&mut tree, overlay.as_bytes(), SourceId(1), &limits).unwrap();
    let root = merge(&mut tree, base, overlay, Strategy::Recurse);
    let facts = Facts::built_in().unwrap();
    let found = run(&read_pillar(tree, root, &facts), &facts, "2026-11-21".parse().unwrap());
    found.into_iter().map(|finding| (finding.code.to_string(), finding.message)).collect()
}

const TWO_FEEDS: &str = "
hypervisors:
  pve1: {power_feeds: [a, b]}
  pve2: {power_feeds: [b, a]}
  pve3: {power_feeds: [a, b]}
power_feeds: {a: {}, b: {}, c: {}}
";

#[test]
fn two_feeds_that_take_nothing_alone_take_the_majority_together() {
    let one = found(&format!("targets: {{survive: {{power_feed: 1}}}}{TWO_FEEDS}"));
    assert!(!one.iter().any(|(code, _)| code == "ETCD-005"), "{one:?}");
    let two = found(&format!("targets: {{survive: {{power_feed: 2}}}}{TWO_FEEDS}"));
    let quorum = two.iter().find(|(code, _)| code == "ETCD-005").expect("the loss of both is found");
    assert_eq!(
        quorum.1,
        "the loss of power feed a, b takes cp1, cp2, cp3: 0 of 3 members of etcd are left, 2 are needed"
    );
    for code in ["LB-002", "PLACE-022"] {
        assert!(two.iter().any(|(found, _)| found == code), "{code}: {two:?}");
    }
}

#[test]
fn two_nodes_of_microk8s_survive_no_loss() {
    let two = found_on(
        Base::Nothing,
        "
cluster: {name: cheap, distribution: microk8s, kubernetes_version: v1.36.4, control_plane_endpoint: \"api.cheap.lan:16443\"}
networks: {lan: {cidr: 10.0.10.0/24, gateway: 10.0.10.1}}
nodes:
  a: {roles: [control_plane, worker], ip: 10.0.10.11, interface: eth0}
  b: {roles: [control_plane, worker], ip: 10.0.10.12, interface: eth0}
",
    );
    let missed: Vec<&str> =
        two.iter().filter(|(code, _)| code == "PLACE-002").map(|(_, message)| message.as_str()).collect();
    // What the API misses with dqlite is said of dqlite alone.
    assert_eq!(missed, ["node a takes dqlite, and nothing starts it elsewhere"], "{two:?}");
}

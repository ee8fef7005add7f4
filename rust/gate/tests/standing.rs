//! A node that is a member, beside the pillar of a later day.
#![expect(clippy::unwrap_used, reason = "clippy allows it in test functions, not in their helpers")]

use gate::{Fixed, Member, undeclared};
use std::collections::BTreeMap;
use topology::{Facts, Topology};

const PILLAR: &str = "
cluster: {name: prod1, kubernetes_version: v1.36.4, control_plane_endpoint: 'api.prod1.lan:8443'}
networks: {lan: {cidr: 10.0.10.0/24}}
vips: {api: {address: 10.0.10.5, network: lan, virtual_router_id: 61}}
profiles: {master: {roles: [control_plane]}}
nodes:
  cp1: {profile: master, ip: 10.0.10.11}
  cp2: {profile: master, ip: 10.0.10.12}
  cp3: {profile: master, ip: 10.0.10.13}
";

fn topology(text: &str) -> Topology {
    let document = yaml::parse(text.as_bytes(), tree::SourceId(0), &yaml::Limits::default()).unwrap();
    topology::read_pillar(document.tree, document.root, &Facts::built_in().unwrap()).topology.unwrap()
}

fn facts(text: &str, node: &str) -> Fixed {
    let topology = topology(text);
    Fixed::of(&topology, topology.node(node).unwrap())
}

#[test]
fn what_the_cluster_was_built_on_is_told_with_both_values() {
    let kept = facts(PILLAR, "cp1");
    assert_eq!(kept.changed(&facts(PILLAR, "cp1")), Vec::<String>::new());
    for (from, to, told) in [
        ("prod1,", "prod2,", "cluster.name is prod2 in the pillar, and prod1 since"),
        ("10.0.10.11", "10.0.10.21", "ip is 10.0.10.21 in the pillar, and 10.0.10.11 since"),
        ("lan:8443", "lan:6443", "cluster.control_plane_endpoint is api.prod1.lan:6443"),
        ("networks:", "network: {pod_cidrs: [10.99.0.0/16]}\nnetworks:", "network.pod_cidrs is 10.99.0.0/16"),
        ("networks:", "network: {service_cidrs: [10.98.0.0/16]}\nnetworks:", "network.service_cidrs is 10.98.0.0/16"),
        ("{name: prod1", "{dns_domain: prod1.example, name: prod1", "cluster.dns_domain is prod1.example"),
    ] {
        let changed = kept.changed(&facts(&PILLAR.replace(from, to), "cp1"));
        assert_eq!(changed.len(), 1, "{changed:?}");
        assert!(changed[0].starts_with(told), "{changed:?}");
    }
    let renamed = kept.changed(&facts(PILLAR, "cp2"));
    assert!(renamed[0].starts_with("nodes is cp2 in the pillar, and cp1 since"), "{renamed:?}");
}

#[test]
fn what_was_not_kept_is_not_compared() {
    let kept: Fixed = serde_json::from_str(r#"{"cluster": "prod1", "of a later release": "x"}"#).unwrap();
    assert_eq!(kept.changed(&facts(PILLAR, "cp1")), Vec::<String>::new());
}

fn member(id: u64, name: &str, url: &str) -> Member {
    Member { id, name: name.to_owned(), peer_urls: vec![url.to_owned()] }
}

#[test]
fn a_member_that_the_pillar_does_not_declare_is_told() {
    let declared: BTreeMap<String, String> =
        ["cp1", "cp2"].map(|name| (name.to_owned(), format!("https://{name}.lan:2380"))).into();
    let known = [member(1, "cp1", "https://cp1.lan:2380"), member(2, "", "https://cp2.lan:2380")];
    assert_eq!(undeclared(&declared, &known), Vec::<String>::new());
    assert_eq!(undeclared(&declared, &known[..1]), Vec::<String>::new());
    let gone = undeclared(&declared, &[member(0xAB, "cp3", "https://cp3.lan:2380")]);
    assert!(gone[0].contains("a member ab (cp3)") && gone[0].contains("etcdctl member remove ab"), "{gone:?}");
    let moved = undeclared(&declared, &[member(3, "cp2", "https://old.lan:2380")]);
    assert!(moved[0].contains("cp2 as member 3 at https://old.lan:2380, the pillar has it at https://cp2.lan:2380"));
    let waiting = undeclared(&declared, &[member(4, "", "https://x.lan:2380")]);
    assert!(waiting[0].contains("(not started yet)"), "{waiting:?}");
}

//! The tables that were computed for the four source documents, as answers about their pillars.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::{model, row};
use faults::Model;
use topology::Kind;

const HOME: &str = include_str!("../../../pillar/stacked-three-masters/home.sls");
const LAB: &str = include_str!("../../../pillar/proxmox-salt-centos/lab.sls");
const BOLABADEN: &str = include_str!("../../../pillar/zero-spof-five/bolabaden.sls");
const CHEAP: &str = include_str!("../../../pillar/microk8s-three/cheap.sls");

fn check(model: &mut Model, kind: Kind, rows: &[(&str, &str)]) {
    let found: Vec<(String, String)> =
        rows.iter().map(|(name, _)| ((*name).to_owned(), row(model, name, kind))).collect();
    let expected: Vec<(String, String)> =
        rows.iter().map(|(name, row)| ((*name).to_owned(), (*row).to_owned())).collect();
    assert_eq!(found, expected, "serve/recover/data against {}", kind.words());
}

#[test]
fn three_masters_at_home_against_nodes() {
    let rows = [
        ("dnsmasq", "2/2/-"),
        ("etcd", "1/1/1"),
        ("kube-apiserver", "2/2/-"),
        ("load balancer", "2/2/-"),
        ("kubernetes", "1/1/1"),
        ("storage longhorn", "1/1/1"),
        ("storage longhorn-three", "2/2/2"),
        ("storage longhorn-three attach", "1/1/2"),
        ("reverse proxy", "2/2/-"),
        ("certificate renewal", "0/0/-"),
        // Nobody said that its two replicas never share a node.
        ("registry", "0/1/1"),
        ("blocky", "0/1/-"),
        ("blocky-postgres", "0/1/1"),
        ("blocky-redis", "0/1/-"),
    ];
    check(&mut model(&[HOME]), Kind::Node, &rows);
}

#[test]
fn with_a_hard_spread_two_replicas_survive_a_node() {
    let spread = "apps: {registry: {spread: required}, blocky: {spread: required}}";
    let published = "services: {published: {requires: [dnsmasq, reverse proxy, longhorn, blocky]}}";
    let rows = [("registry", "1/1/1"), ("blocky", "1/1/-"), ("published", "1/1/1")];
    check(&mut model(&[HOME, spread, published]), Kind::Node, &rows);
}

#[test]
fn at_home_nothing_survives_the_feed_or_the_site() {
    let mut home = model(&[HOME]);
    for kind in [Kind::PowerFeed, Kind::Site] {
        // The pillar does not say what feeds the line.
        let fed = |name: &str| kind == Kind::Site || !name.starts_with("internet");
        for service in home.services.clone().into_iter().filter(|service| fed(&service.name)) {
            let lost = row(&mut home, &service.name, kind);
            assert!(lost.starts_with("0/0"), "{} {lost} against {}", service.name, kind.words());
        }
    }
    check(
        &mut home,
        Kind::Uplink,
        &[("outside access", "0/0/-"), ("certificate renewal", "0/0/-"), ("kubernetes", "1/1/1")],
    );
}

#[test]
fn five_hosts_with_three_members_of_etcd() {
    let five = "storage: {longhorn: {nodes: [micklethefickle, cloudserver1, cloudserver2, cloudserver3, blackboar]}}";
    let rows = [
        ("etcd", "1/1/1"),
        ("kubernetes", "1/1/1"),
        ("kube-scheduler", "2/2/-"),
        ("storage longhorn", "2/2/2"),
        ("coredns", "2/2/-"),
        ("ingress", "2/2/-"),
    ];
    check(&mut model(&[BOLABADEN, five]), Kind::Node, &rows);
    let shipped = "dns: {coredns: {replicas: 2, spread: preferred}}";
    check(&mut model(&[BOLABADEN, shipped]), Kind::Node, &[("coredns", "0/1/-")]);
}

#[test]
fn two_and_three_balancers() {
    for (balancers, survives) in [(2, "1/1/-"), (3, "2/2/-")] {
        let nodes: Vec<String> = (1..=balancers)
            .map(|number| format!("lb{number}: {{roles: [load_balancer], ip: 10.0.10.3{number}}}"))
            .collect();
        let text = format!("nodes: {{{}}}", nodes.join(", "));
        check(&mut model(&[common::THREE, &text]), Kind::Node, &[("load balancer", survives), ("kubernetes", "1/1/1")]);
    }
}

#[test]
fn ceph_of_three_and_of_four_copies() {
    let all = "nodes: [micklethefickle, cloudserver1, cloudserver2, cloudserver3, blackboar]";
    let three = format!("storage: {{rook: {{mons: 3, size: 3, min_size: 2, {all}}}}}");
    let rows = [("rook monitors", "1/1/1"), ("storage rook", "1/1/1")];
    check(&mut model(&[BOLABADEN, &three]), Kind::Node, &rows);
    let four = format!("storage: {{rook: {{mons: 5, size: 4, min_size: 2, {all}}}}}");
    let rows = [("rook monitors", "2/2/2"), ("storage rook", "2/2/2")];
    check(&mut model(&[BOLABADEN, &four]), Kind::Node, &rows);
    // The copies alone would survive the loss of two hosts; three monitors do not.
    let mixed = format!("storage: {{rook: {{mons: 5, size: 3, min_size: 2, {all}}}}}");
    check(&mut model(&[BOLABADEN, &mixed]), Kind::Node, &[("storage rook", "1/1/2")]);
}

#[test]
fn five_members_survive_two() {
    let roles = "nodes: {cloudserver3: {profile: both}, blackboar: {profile: both}}";
    let rows = [("etcd", "2/2/2"), ("kube-apiserver", "4/4/-"), ("kubernetes", "2/2/2")];
    check(&mut model(&[BOLABADEN, roles]), Kind::Node, &rows);
}

#[test]
fn the_workstation_holds_the_only_copy() {
    let rows = [
        ("dqlite", "1/1/1"),
        ("kubernetes", "1/1/1"),
        ("storage array", "0/0/0"),
        ("postgres", "0/0/0"),
        ("site", "0/0/0"),
        ("off-site copy of array", "3/3/3"),
    ];
    let mut cheap = model(&[CHEAP]);
    check(&mut cheap, Kind::Node, &rows);
    // Three disks in RAID 1E: any one, and no two.
    check(
        &mut cheap,
        Kind::StorageDevice,
        &[("storage array", "1/1/1"), ("postgres", "1/1/1"), ("kubernetes", "3/3/3")],
    );
    check(
        &mut cheap,
        Kind::Outside,
        &[("off-site copy of array", "0/0/0"), ("backup array", "0/0/0"), ("postgres", "1/1/1")],
    );
}

#[test]
fn three_hypervisors_with_two_machines_each() {
    let dns = |replicas| format!("dns: {{coredns: {{replicas: {replicas}}}}}");
    let controller = "apps: {ccm: {type: cloud-controller-manager}, web: {replicas: 2, spread: required}}";
    let rows = [
        ("etcd", "1/1/1"),
        ("kube-apiserver", "2/2/-"),
        ("proxmox quorum", "1/1/-"),
        ("kubernetes", "1/1/1"),
        ("ccm", "0/1/-"),
        ("web", "1/1/-"),
        // Both may be on the two machines of one host.
        ("coredns", "0/1/-"),
    ];
    check(&mut model(&[LAB, controller, &dns(2)]), Kind::Hypervisor, &rows);
    check(&mut model(&[LAB, &dns(3)]), Kind::Hypervisor, &[("coredns", "1/1/-")]);
    let together = "nodes: {master2: {hypervisor: pve1}}";
    check(&mut model(&[LAB, together]), Kind::Hypervisor, &[("etcd", "0/0/0"), ("kubernetes", "0/0/0")]);
}

//! What is rendered for a host: packages, kernel, clock, runtime, firewall and the way to the API.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod balancer;
mod firewall;
mod packages;
mod system;

use render::{File, Part, files};
use std::collections::BTreeMap;
use topology::{Facts, Reading, Topology, read_pillar};
use tree::{SourceId, Strategy, Tree, Value, merge};

const BASES: [(&str, &str); 5] = [
    ("three_masters", include_str!("../../../lint/src/bases/three_masters.yaml")),
    ("local_balancer", include_str!("../../../lint/src/bases/local_balancer.yaml")),
    ("kube_vip", include_str!("../../../lint/src/bases/kube_vip.yaml")),
    ("external_etcd", include_str!("../../../lint/src/bases/external_etcd.yaml")),
    ("proxmox", include_str!("../../../lint/src/bases/proxmox.yaml")),
];
const THREE_MASTERS: &str = BASES[0].1;
const LOCAL_BALANCER: &str = BASES[1].1;
const KUBE_VIP: &str = BASES[2].1;
const EXTERNAL_ETCD: &str = BASES[3].1;
const SYSCTL: &str = "/etc/sysctl.d/99-zz-k8s-ha.conf";
const SYSTEMS: [&str; 4] = ["rocky-9", "centos-stream-10", "debian-12", "debian-13"];
const COMPONENTS: [&str; 7] = ["repositories", "kernel", "hosts", "chrony", "firewall", "containerd", "load_balancer"];

fn read(base: &str, overlay: &str) -> Topology {
    let mut tree = Tree::new();
    let limits = yaml::Limits::default();
    let base = yaml::parse_into(&mut tree, base.as_bytes(), SourceId(0), &limits).expect("the base is YAML");
    let overlay = yaml::parse_into(&mut tree, overlay.as_bytes(), SourceId(1), &limits).expect("the overlay is YAML");
    let empty = matches!(tree.value(overlay), Value::Null);
    let root = if empty { base } else { merge(&mut tree, base, overlay, Strategy::Recurse) };
    let Reading { topology, findings, .. } = read_pillar(tree, root, &facts());
    topology.unwrap_or_else(|| panic!("{findings:#?}"))
}

fn facts() -> Facts {
    Facts::built_in().expect("built-in facts")
}

/// Everything managed, and all profiles on one operating system.
fn on(system: &str) -> String {
    format!(
        "profiles: {{master: {{os: {system}}}, worker: {{os: {system}}}, etcd: {{roles: [etcd], os: {system}}}}}\n\
         manage: {{firewall: true, chrony: true}}"
    )
}

/// The files of a node that are not Kubernetes' own, by path.
fn host_files(topology: &Topology, node: &str) -> BTreeMap<String, File> {
    let node = topology.node(node).expect("a node of the base");
    let all = files(topology, &facts(), node).unwrap_or_else(|error| panic!("{}: {error}", node.name));
    let ours = all.into_iter().filter(|file| COMPONENTS.contains(&file.component.as_str()));
    ours.map(|file| (file.path.clone(), file)).collect()
}

fn text(topology: &Topology, node: &str, path: &str) -> String {
    let mut files = host_files(topology, node);
    files.remove(path).unwrap_or_else(|| panic!("{node} has no {path}, but {:?}", files.keys())).contents
}

#[test]
fn every_node_of_every_base_is_rendered_the_same_twice() {
    for (name, base) in BASES {
        for system in SYSTEMS {
            let (first, second) = (read(base, &on(system)), read(base, &on(system)));
            for node in &first.nodes {
                let files = host_files(&first, &node.name);
                assert_eq!(files, host_files(&second, &node.name), "{name} {system} {}", node.name);
                for file in files.values() {
                    check_shape(file, &format!("{name} {system} {} {}", node.name, file.path));
                }
            }
        }
    }
}

fn check_shape(file: &File, what: &str) {
    let mut lines = file.contents.lines().skip_while(|line| line.starts_with("#!"));
    let header = lines.next().unwrap_or_default();
    assert!(header.contains("Written by Salt (saltext-k8s-ha): do not edit, change the pillar."), "{what}: {header}");
    assert!(file.contents.ends_with('\n') && !file.contents.ends_with("\n\n"), "{what}: its end");
    assert!(!file.contents.contains("\n\n\n"), "{what}: empty lines");
    assert!(file.contents.lines().all(|line| line == line.trim_end()), "{what}: blanks at the end of a line");
    assert!(!file.secret, "{what}");
    assert_eq!(file.part == Part::Block, file.path == "/etc/hosts", "{what}");
    assert!(!file.contents.contains("flush ruleset"), "{what}");
    let command = file.check.as_ref().map_or("{file}", |check| check.command.as_str());
    assert_eq!(command.matches("{file}").count(), 1, "{what}: {command}");
}

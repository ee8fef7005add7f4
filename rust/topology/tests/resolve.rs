//! From pillar text to topology: defaults, references, contradictions.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use topology::pillar::LoadBalancerType;
use topology::{Facts, Kind, Reading, Timing, effective, read_pillar};
use tree::SourceId;

const THREE: &str = include_str!("../../lint/src/bases/three_masters.yaml");

fn read(text: &str) -> Reading {
    let document = yaml::parse(text.as_bytes(), SourceId(0), &yaml::Limits::default()).unwrap();
    read_pillar(document.tree, document.root, &Facts::built_in().unwrap())
}

fn messages(reading: &Reading) -> Vec<String> {
    reading.findings.iter().map(|finding| format!("{} {}: {}", finding.code, finding.path, finding.message)).collect()
}

#[test]
fn defaults_are_derived_from_what_is_written() {
    let reading = read(THREE);
    assert!(reading.findings.is_empty(), "{:?}", messages(&reading));
    let topology = reading.topology.unwrap();
    let names: Vec<&str> = topology.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["cp1", "cp2", "cp3", "w1", "w2"]);
    assert_eq!(topology.etcd.members, [0, 1, 2]);
    assert_eq!(topology.etcd.version, "3.6.8-0");
    assert_eq!(topology.load_balancer.nodes, [0, 1, 2]);
    assert_eq!(topology.load_balancer.r#type, LoadBalancerType::HaproxyKeepalived);
    assert_eq!((topology.load_balancer.port, topology.load_balancer.maxconn), (8443, 4000));
    assert_eq!(topology.coredns.replicas, 3);
    assert_eq!(topology.pillar.containerd.sandbox_image.as_deref(), Some("registry.k8s.io/pause:3.10.2"));
    assert_eq!(topology.domains.of_kind(Kind::Hypervisor).count(), 3);
}

#[test]
fn the_order_of_nodes_does_not_matter() {
    let turned = THREE.replace("  cp1: {profile: master, ip: 10.0.10.11, hypervisor: pve1}\n", "")
        + "  cp1: {profile: master, ip: 10.0.10.11, hypervisor: pve1}\n";
    let (one, other) = (read(THREE), read(&turned));
    assert_eq!(one.digest, other.digest);
    let order = |reading: Reading| -> Vec<String> {
        reading.topology.unwrap().nodes.into_iter().map(|node| node.name).collect()
    };
    assert_eq!(order(one), order(other));
}

#[test]
fn the_effective_pillar_means_the_same_and_is_its_own_effective_pillar() {
    let first = effective(&read(THREE)).unwrap();
    let document = yaml::parse(first.as_bytes(), SourceId(0), &yaml::Limits::default()).unwrap();
    let root = document.tree.get(document.root, "k8s_ha").unwrap();
    let again = read_pillar(document.tree, root, &Facts::built_in().unwrap());
    assert!(again.findings.is_empty(), "{:?}\n{first}", messages(&again));
    let plain = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split("  #").next().unwrap_or("").to_owned()).collect()
    };
    assert_eq!(plain(&first), plain(&effective(&again).unwrap()));
    assert!(first.contains("api_failover: \"10s\"\n"), "written values are not marked:\n{first}");
    assert!(first.contains("dns_domain: cluster.local  # default\n"), "defaults are:\n{first}");
    assert!(first.contains("cpus: 4  # from profiles.master\n"), "and what came from a profile:\n{first}");
}

#[test]
fn all_contradictions_are_reported_at_once() {
    let text = THREE
        .replace("v1.36.4", "v1.30.0")
        .replace("cp2: {profile: master", "cp2: {profile: mister")
        .replace("cp3: {profile: master, ip: 10.0.10.13", "cp3: {profile: master")
        .replace("network: lan", "network: lam");
    let reading = read(&text);
    assert!(reading.topology.is_none());
    let found = messages(&reading).join("\n");
    for part in
        ["PILLAR-005", "takes profile `mister`", "node `cp3` has no address", "network `lam` is declared nowhere"]
    {
        assert!(found.contains(part), "{part} is missing in:\n{found}");
    }
    assert!(reading.findings.iter().any(|finding| finding.help.as_deref() == Some("did you mean `lan`?")), "{found}");
}

#[test]
fn a_declared_section_makes_other_names_unknown() {
    let text = format!("{THREE}hypervisors: {{pve1: {{}}, pve2: {{}}, pve3: {{}}}}\n")
        .replace("hypervisor: pve3", "hypervisor: pev3");
    let found = messages(&read(&text)).join("\n");
    assert!(found.contains("PILLAR-004 nodes.cp3.hypervisor: hypervisor `pev3` is not declared"), "{found}");
}

#[test]
fn domains_that_need_each_other_are_refused() {
    let text = format!("{THREE}power_feeds: {{a: {{fed_by: [b]}}, b: {{fed_by: [a]}}}}\n");
    let reading = read(&text);
    assert!(reading.topology.is_none());
    assert!(messages(&reading).join("\n").contains("PILLAR-006"), "{:?}", messages(&reading));
}

#[test]
fn without_an_address_that_moves_there_is_no_endpoint() {
    let text = THREE.replace(", control_plane_endpoint: \"api.prod1.lan:8443\"", "");
    assert_eq!(read(&text).topology.unwrap().cluster.control_plane_endpoint.to_string(), "10.0.10.5:8443");
    let without = text.replace("vips: {api: {address: 10.0.10.5, network: lan, virtual_router_id: 61}}\n", "");
    let found = messages(&read(&without)).join("\n");
    assert!(
        found.contains("`control_plane_endpoint` is missing") && found.contains("there is no `vips.api`"),
        "{found}"
    );
}

#[test]
fn times_come_from_the_settings() {
    let topology = read(THREE).topology.unwrap();
    let timing = Timing::of(&topology);
    // 3 x 500 ms + (256 - 110) / 256 x 500 ms, for the last of three hosts with priorities 150, 130, 110.
    assert_eq!(timing.address_takeover().unwrap().as_millis(), 1785);
    // 2 x 1 s + 900 ms + skew 285 ms.
    assert_eq!(timing.hung_balancer().unwrap().as_millis(), 3185);
    // 2 x (1 s + 1 s).
    assert_eq!(timing.backend_removed().unwrap().as_millis(), 4000);
    assert_eq!(timing.lease_takeover(), None);
    assert_eq!(timing.api_failover().unwrap().as_millis(), 4000);
}

#[test]
fn a_literal_secret_leaves_no_trace() {
    let secret = |value: &str| format!("{THREE}images: {{registry_password: {value}}}\n");
    let one = read(&secret("marker-4711"));
    assert!(!format!("{:?}", one.topology).contains("marker-4711"));
    assert!(!effective(&one).unwrap().contains("marker-4711"));
    assert_eq!(one.digest, read(&secret("marker-4712")).digest, "the digest tells nothing about a secret");
    assert_ne!(one.digest, read(&secret("sdb://keys/registry")).digest);
}

#[test]
fn what_is_written_once_for_all_nodes_lies_under_each_of_them() {
    let text = THREE
        .replace("cp1: {profile: master,", "cp1: {profile: master, kubelet: {max_pods: 50}, vm: {vmid: 401},")
        + "kubeadm: {kubelet: {max_pods: 90, extra_config: {a: 1}}}\nproxmox: {vm: {storage: local, raw: {tablet: 0}}}\n";
    let reading = read(&text);
    assert!(reading.findings.is_empty(), "{:?}", messages(&reading));
    let shown = effective(&reading).unwrap();
    assert!(shown.contains("storage: local  # from proxmox.vm\n"), "{shown}");
    assert!(shown.contains("extra_config:\n          a: 1  # from kubeadm.kubelet\n"), "{shown}");
    let node = &reading.topology.as_ref().unwrap().nodes[0];
    assert_eq!((node.kubelet.max_pods, node.kubelet.extra_config.len()), (50, 1));
    let disk = reading.tree.locate(&tree::Place::field(node.disks["etcd"].origin, "size"));
    assert!(disk.path.ends_with("profiles.master.disks.etcd.size"), "{}", disk.path);
}

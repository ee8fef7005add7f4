//! What a node installs, and from where.

use super::{
    BASES, EXTERNAL_ETCD, KUBE_VIP, LOCAL_BALANCER, SYSTEMS, THREE_MASTERS, facts, host_files, on, read, text,
};
use render::{Package, packages, repositories};
use topology::Topology;
use topology::pillar::Managed;

const KEY: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----";
const SOURCES: &str = "/etc/apt/sources.list.d/containerd.sources";

fn of(topology: &Topology, node: &str) -> Vec<Package> {
    packages(topology, &facts(), topology.node(node).expect("a node of the base"))
}

fn names(topology: &Topology, node: &str) -> Vec<String> {
    of(topology, node).into_iter().map(|package| package.name).collect()
}

fn runtime(topology: &Topology) -> Package {
    of(topology, "w1").into_iter().find(|package| package.brings == "containerd").expect("a runtime")
}

#[test]
fn each_role_installs_what_it_runs() {
    let debian = read(THREE_MASTERS, &on("debian-12"));
    let worker = ["kubelet", "kubeadm", "kubectl", "containerd", "conntrack", "nftables", "chrony"];
    assert_eq!(names(&debian, "w1"), worker);
    let master = [
        "kubelet",
        "kubeadm",
        "kubectl",
        "containerd",
        "conntrack",
        "nftables",
        "haproxy",
        "keepalived",
        "curl",
        "chrony",
    ];
    assert_eq!(names(&debian, "cp1"), master);
    let enterprise = read(THREE_MASTERS, &on("rocky-9"));
    let worker =
        ["kubelet", "kubeadm", "kubectl", "containerd.io", "conntrack-tools", "nftables", "chrony", "firewalld"];
    assert_eq!(names(&enterprise, "w1")[..8], worker);
    assert_eq!(names(&enterprise, "w1")[8], "python3-dnf-plugin-versionlock");
    let local = names(&read(LOCAL_BALANCER, ""), "w1");
    assert!(local.contains(&"haproxy".to_owned()) && !local.contains(&"keepalived".to_owned()), "{local:?}");
    assert!(!names(&read(KUBE_VIP, ""), "cp1").contains(&"haproxy".to_owned()));
    assert_eq!(names(&read(EXTERNAL_ETCD, "manage: {chrony: true}"), "etcd1")[..2], ["etcd", "chrony"]);
    assert_eq!(names(&read(THREE_MASTERS, "cluster: {distribution: microk8s}"), "cp1"), Vec::<String>::new());
}

#[test]
fn no_package_is_named_twice() {
    for (name, base) in BASES {
        for system in SYSTEMS {
            let topology = read(base, &on(system));
            for node in &topology.nodes {
                let mut all = names(&topology, &node.name);
                let count = all.len();
                all.sort();
                all.dedup();
                assert_eq!(all.len(), count, "{name} {system} {}", node.name);
            }
        }
    }
}

#[test]
fn kubernetes_and_the_runtime_are_held_at_their_version() {
    let topology = read(THREE_MASTERS, &on("debian-13"));
    let held: Vec<(String, Option<String>)> = of(&topology, "cp1")
        .into_iter()
        .filter(|package| package.hold)
        .map(|package| (package.name, package.version))
        .collect();
    let release = Some("1.36.4-*".to_owned());
    let expected = [
        ("kubelet".to_owned(), release.clone()),
        ("kubeadm".to_owned(), release.clone()),
        ("kubectl".to_owned(), release),
        ("containerd".to_owned(), Some("1.*".to_owned())),
    ];
    assert_eq!(held, expected);
}

#[test]
fn the_runtime_is_the_package_that_has_the_wanted_major() {
    let chosen = |system: &str, overlay: &str| runtime(&read(THREE_MASTERS, &format!("{}\n{overlay}", on(system))));
    let shipped = chosen("debian-12", "");
    assert_eq!((shipped.name.as_str(), shipped.alternatives), ("containerd", vec!["containerd.io".to_owned()]));
    let newer = chosen("debian-12", "containerd: {major: 2}");
    assert_eq!((newer.name.as_str(), newer.version.as_deref()), ("containerd.io", Some("2.*")));
    assert_eq!(newer.alternatives, ["containerd"], "a host that has it already keeps it, if it is new enough");
    let written = chosen("debian-12", "containerd: {package: containerd}");
    assert_eq!(written.excludes, ["containerd.io"]);
    assert!(written.alternatives.is_empty());
    assert_eq!(chosen("rocky-9", "").name, "containerd.io");
}

#[test]
fn what_somebody_else_manages_is_not_installed() {
    assert_eq!(names(&read(THREE_MASTERS, "manage: {repositories: false}"), "cp1"), Vec::<String>::new());
    let checked = of(&read(THREE_MASTERS, "manage: {repositories: check}"), "cp1");
    assert!(!checked.is_empty() && checked.iter().all(|package| package.managed == Managed::Check));
    let topology = read(THREE_MASTERS, "manage: {load_balancer: check, containerd: false}");
    let all = of(&topology, "cp1");
    assert!(!all.iter().any(|package| package.name.starts_with("containerd")));
    let haproxy = all.iter().find(|package| package.name == "haproxy").expect("haproxy");
    assert_eq!(haproxy.managed, Managed::Check);
    assert!(!names(&topology, "cp1").contains(&"chrony".to_owned()), "chrony is only checked by default");
}

#[test]
fn a_key_in_the_pillar_is_a_file_and_is_not_fetched() {
    let written = |system: &str| {
        let key = serde_json::to_string(KEY).expect("JSON");
        read(THREE_MASTERS, &format!("{}\npackages: {{kubernetes: {{key: {key}}}}}", on(system)))
    };
    let debian = written("debian-12");
    assert_eq!(text(&debian, "w1", "/etc/apt/keyrings/kubernetes.asc"), format!("{KEY}\n"));
    let sources = text(&debian, "w1", "/etc/apt/sources.list.d/kubernetes.sources");
    assert!(sources.contains("\nSigned-By: /etc/apt/keyrings/kubernetes.asc\n"), "{sources}");
    assert!(!sources.contains("The key comes from"), "{sources}");
    let enterprise = written("rocky-9");
    let repository = text(&enterprise, "w1", "/etc/yum.repos.d/kubernetes.repo");
    assert!(repository.contains("\ngpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-kubernetes\n"), "{repository}");
    let node = debian.node("w1").expect("w1");
    let all = repositories(&debian, &facts(), node).expect("repositories");
    assert_eq!((all.len(), all[0].key_url.as_deref()), (1, None));
}

#[test]
fn containerd_has_a_repository_where_the_pillar_says_so() {
    let overlay = |system: &str, more: &str| {
        let section = format!("packages: {{containerd: {{base_url: \"http://mirror.lan/{{minor}}/\"{more}}}}}");
        read(THREE_MASTERS, &format!("{}\ncontainerd: {{major: 2}}\n{section}", on(system)))
    };
    let flat = text(&overlay("debian-12", ", key_url: \"salt://keys/containerd.asc\""), "w1", SOURCES);
    assert!(flat.ends_with("URIs: http://mirror.lan/1.36/\nSuites: /\nSigned-By: /etc/apt/keyrings/containerd.asc\n"));
    let suite = text(&overlay("debian-12", ", suite: bookworm, component: stable"), "w1", SOURCES);
    assert!(suite.ends_with("Suites: bookworm\nComponents: stable\n"), "the keys of the host have to do: {suite}");
    let enterprise = text(&overlay("rocky-9", ""), "w1", "/etc/yum.repos.d/containerd.repo");
    assert!(enterprise.contains("\n[containerd]\n") && !enterprise.contains("exclude="), "{enterprise}");
    let topology = overlay("debian-12", ", key_url: \"salt://keys/containerd.asc\"");
    let all = repositories(&topology, &facts(), topology.node("w1").expect("w1")).expect("repositories");
    assert_eq!(all[1].packages, ["containerd.io"]);
    assert_eq!(all[1].key_url.as_deref(), Some("salt://keys/containerd.asc"));
    assert!(!host_files(&read(THREE_MASTERS, &on("debian-12")), "w1").contains_key(SOURCES));
}

#[test]
fn etcd_on_hosts_of_its_own_is_held_at_the_release_of_the_pillar() {
    let etcd = |overlay: &str, node: &str| {
        of(&read(EXTERNAL_ETCD, overlay), node).into_iter().find(|package| package.brings == "etcd")
    };
    let package = etcd("etcd: {version: 3.6.16}", "etcd1").expect("etcd");
    assert_eq!((package.version.as_deref(), package.hold), (Some("3.6.16-*"), true));
    assert_eq!(etcd("etcd: {version: 3.6.16-2}", "etcd1").expect("etcd").version.as_deref(), Some("3.6.16-2"));
    assert!(etcd("", "cp1").is_none() && etcd("", "w1").is_none());
    let path = "/etc/apt/sources.list.d/etcd.sources";
    let mirror = format!("{}\npackages: {{etcd: {{base_url: \"http://mirror.lan/etcd/\"}}}}", on("debian-12"));
    let topology = read(EXTERNAL_ETCD, &mirror);
    assert!(text(&topology, "etcd1", path).contains("URIs: http://mirror.lan/etcd/\n"));
    assert!(!host_files(&topology, "cp1").contains_key(path));
    let all = repositories(&topology, &facts(), topology.node("etcd1").expect("etcd1")).expect("repositories");
    assert_eq!((all.len(), all[0].packages[0].as_str()), (1, "etcd"));
}

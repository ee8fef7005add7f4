//! What holds for every node of every base.

use crate::support::{BASES, arguments, base, cluster, documents, files, topology};
use render::File;
use std::collections::HashSet;
use topology::pillar::Role;
use topology::{Facts, Node, Topology};

fn each_node(check: impl Fn(&str, &Topology, &Node)) {
    for (name, _) in BASES {
        let topology = base(name, "");
        for node in &topology.nodes {
            check(&format!("{name}, {}", node.name), &topology, node);
        }
    }
}

/// The files that these tests are about.
fn of_kubernetes(topology: &Topology, node: &Node) -> Vec<File> {
    let prefixes = [
        "/etc/kubernetes/",
        "/etc/etcd/",
        "/etc/crictl.yaml",
        "/etc/systemd/system/kubelet",
        "/etc/systemd/system/etcd",
        "/etc/systemd/logind",
    ];
    files(topology, &node.name)
        .into_iter()
        .filter(|file| prefixes.iter().any(|prefix| file.path.starts_with(prefix)))
        .collect()
}

#[test]
fn the_same_pillar_gives_the_same_bytes() {
    for (name, _) in BASES {
        let (first, second) = (base(name, ""), base(name, ""));
        for node in &first.nodes {
            assert_eq!(files(&first, &node.name), files(&second, &node.name), "{name}, {}", node.name);
        }
    }
}

#[test]
fn the_order_of_nodes_in_the_pillar_does_not_matter() {
    let nodes = |order: [&str; 3]| {
        let lines =
            order.map(|number| format!("  cp{number}: {{roles: [control_plane], ip: 10.0.0.1{number}}}")).join("\n");
        topology(&format!(
            "cluster: {{name: one}}\nnetworks: {{lan: {{cidr: 10.0.0.0/24}}}}\n\
             vips: {{api: {{address: 10.0.0.5, network: lan, virtual_router_id: 61}}}}\nnodes:\n{lines}\n"
        ))
    };
    assert_eq!(files(&nodes(["1", "2", "3"]), "cp2"), files(&nodes(["3", "2", "1"]), "cp2"));
}

#[test]
fn no_path_stands_twice() {
    each_node(|name, topology, node| {
        let mut paths = HashSet::new();
        for file in files(topology, &node.name) {
            assert!(paths.insert(file.path.clone()), "{name}: {}", file.path);
        }
    });
}

#[test]
fn the_first_line_names_the_keeper() {
    each_node(|name, topology, node| {
        for file in of_kubernetes(topology, node) {
            let first = file.contents.lines().next().unwrap();
            assert_eq!(
                first, "# Written by Salt (saltext-k8s-ha): do not edit, change the pillar.",
                "{name}: {}",
                file.path
            );
            assert!(file.contents.ends_with('\n') && !file.contents.ends_with("\n\n"), "{name}: {}", file.path);
        }
    });
}

/// The programs that read them are of YAML 1.1, as Salt is.
#[test]
fn every_document_is_the_same_in_both_versions_of_yaml() {
    each_node(|name, topology, node| {
        for file in of_kubernetes(topology, node).iter().filter(|file| file.path.contains(".yaml")) {
            for text in file.contents.split("---\n") {
                let read = yaml::parse(text.as_bytes(), tree::SourceId(0), &yaml::Limits::default()).unwrap();
                let surprises: Vec<_> = read.surprises.iter().collect();
                assert!(surprises.is_empty(), "{name}: {}: {surprises:?}", file.path);
                assert!(
                    documents(text).iter().all(serde_json::Value::is_object) || file.path.contains("+json"),
                    "{name}: {}",
                    file.path
                );
            }
        }
    });
}

#[test]
fn each_role_has_its_files() {
    each_node(|name, topology, node| {
        let paths: HashSet<String> = files(topology, &node.name).into_iter().map(|file| file.path).collect();
        let has = |path: &str| paths.contains(path);
        let control_plane = node.has(Role::ControlPlane);
        let kubelet = control_plane || node.has(Role::Worker);
        for (path, expected) in [
            ("/etc/kubernetes/kubeadm/init.yaml", control_plane),
            ("/etc/kubernetes/kubeadm/join.yaml", kubelet),
            ("/etc/kubernetes/kube-apiserver/audit-policy.yaml", control_plane),
            ("/etc/kubernetes/kube-apiserver/authentication-config.yaml", control_plane),
            ("/etc/kubernetes/patches/corednsdeployment0+strategic.yaml", control_plane),
            ("/etc/kubernetes/manifests/kube-vip.yaml", control_plane && name.starts_with("kube_vip")),
            ("/etc/systemd/system/kubelet.service.d/20-k8s-ha.conf", kubelet),
            ("/usr/libexec/k8s-ha/etcd-guard", control_plane && !topology.etcd.is_external()),
            ("/etc/systemd/logind.conf.d/99-kubernetes.conf", kubelet),
            ("/etc/crictl.yaml", kubelet),
            ("/etc/etcd/etcd.conf.yaml", node.has(Role::Etcd)),
            ("/etc/systemd/system/etcd.service", node.has(Role::Etcd)),
        ] {
            assert_eq!(has(path), expected, "{name}: {path}");
        }
    });
}

#[test]
fn kubeadm_keeps_what_salt_does_not_write() {
    each_node(|name, topology, node| {
        let kept = render::kept_by_kubeadm(topology, &Facts::built_in().unwrap(), node);
        let paths: HashSet<&str> = kept.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths.len(), kept.len(), "{name}");
        assert!(files(topology, &node.name).iter().all(|file| !paths.contains(file.path.as_str())), "{name}");
        let control_plane = node.has(Role::ControlPlane);
        let etcd = control_plane && !topology.etcd.is_external();
        assert_eq!(paths.contains("/var/lib/kubelet/config.yaml"), !node.has(Role::Etcd), "{name}");
        assert_eq!(paths.contains("/etc/kubernetes/manifests/kube-apiserver.yaml"), control_plane, "{name}");
        assert_eq!(paths.contains("/etc/kubernetes/manifests/etcd.yaml"), etcd, "{name}");
    });
}

#[test]
fn no_argument_stands_twice_and_the_forbidden_ones_never() {
    for (name, _) in BASES {
        let cluster = cluster(&base(name, ""));
        let lists = [
            &cluster["apiServer"]["extraArgs"],
            &cluster["controllerManager"]["extraArgs"],
            &cluster["scheduler"]["extraArgs"],
            &cluster["etcd"]["local"]["extraArgs"],
        ];
        for list in lists.into_iter().filter(|list| !list.is_null()) {
            let names: Vec<&str> = arguments(list).into_iter().map(|(name, _)| name).collect();
            assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "{name}: {names:?}");
            assert!(
                !names.contains(&"advertise-client-urls") && !names.contains(&"initial-cluster-state"),
                "{name}: {names:?}"
            );
        }
    }
}

#[test]
fn another_distribution_gets_none_of_it() {
    let microk8s = topology(
        "cluster: {name: small, distribution: microk8s, control_plane_endpoint: 'small.lan:16443'}\n\
         nodes: {n1: {roles: [control_plane, worker], ip: 10.0.0.1, os: ubuntu-24}}\n",
    );
    assert!(of_kubernetes(&microk8s, &microk8s.nodes[0]).is_empty());
    assert!(render::kept_by_kubeadm(&microk8s, &Facts::built_in().unwrap(), &microk8s.nodes[0]).is_empty());
}

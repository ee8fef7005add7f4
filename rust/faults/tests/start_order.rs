//! The order of a start, and what waits for itself.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::{THREE, example, resolved as topology};
use faults::{Circle, CircleKind, StartOrder, start_order};

fn layer(order: &StartOrder, step: &str) -> usize {
    let place = order.layers.iter().position(|layer| layer.iter().any(|name| name == step));
    place.unwrap_or_else(|| panic!("{step} is in no layer: {order:#?}"))
}

fn way(circle: &Circle) -> Vec<&str> {
    circle.path.iter().map(|edge| edge.step.as_str()).collect()
}

#[test]
fn a_plain_cluster_starts_from_below() {
    let order = start_order(&topology(THREE));
    assert!(order.circles.is_empty() && order.never.is_empty(), "{order:#?}");
    let upwards = [
        "hypervisor pve1",
        "node cp1",
        "etcd",
        "kube-apiserver",
        "load balancer",
        "kubernetes",
        "kubelets",
        "pod network",
        "coredns",
    ];
    for pair in upwards.windows(2) {
        assert!(layer(&order, pair[0]) < layer(&order, pair[1]), "{pair:?}");
    }
    assert_eq!(
        order.layers.concat().len(),
        order.layers.concat().iter().collect::<std::collections::HashSet<_>>().len()
    );
}

/// The hosts ask Blocky, which runs in the cluster whose endpoint they ask for.
#[test]
fn blocky_as_the_resolver_of_its_own_nodes_waits_for_itself() {
    let text = format!("{THREE}manage: {{hosts: false}}\napps: {{blocky: {{type: blocky, replicas: 2}}}}\n");
    let order = start_order(&topology(&text));
    assert_eq!(order.circles.len(), 1, "{order:#?}");
    let circle = &order.circles[0];
    assert_eq!(circle.kind, CircleKind::Closed);
    for step in ["kubernetes", "names for hosts", "blocky"] {
        assert!(way(circle).contains(&step), "{circle:#?}");
    }
    // It is a circle: each edge ends where the next begins.
    for (edge, next) in circle.path.iter().zip(circle.path.iter().cycle().skip(1)) {
        assert_eq!(edge.needs, next.step);
    }
    assert!(order.never.contains(&"kubernetes".to_owned()) && order.never.contains(&"coredns".to_owned()));
    assert!(order.layers.concat().contains(&"kube-apiserver".to_owned()), "masters start without the name");
}

#[test]
fn the_file_of_the_hosts_or_a_resolver_on_them_opens_it() {
    let in_file = format!("{THREE}apps: {{blocky: {{type: blocky, replicas: 2}}}}\n");
    assert!(start_order(&topology(&in_file)).never.is_empty());
    let on_hosts = format!(
        "{THREE}manage: {{hosts: false}}\ndns: {{dnsmasq: {{nodes: [cp1, cp2]}}}}\napps: {{blocky: {{type: blocky}}}}\n"
    );
    let order = start_order(&topology(&on_hosts));
    assert!(order.circles.is_empty() && order.never.is_empty(), "{order:#?}");
    assert!(layer(&order, "dnsmasq") < layer(&order, "kubernetes"));
    // A second resolver outside is another way.
    let second = THREE.replace("gateway: 10.0.10.1}", "gateway: 10.0.10.1, nameservers: [10.0.10.21, 192.0.2.53]}");
    let second = format!("{second}manage: {{hosts: false}}\napps: {{blocky: {{type: blocky}}}}\n");
    let order = start_order(&topology(&second));
    assert!(order.never.is_empty());
    assert_eq!(order.circles.iter().map(|circle| circle.kind).collect::<Vec<_>>(), [CircleKind::AnotherWay]);
}

#[test]
fn a_registry_in_the_cluster_matters_only_for_images_that_are_gone() {
    let text =
        format!("{THREE}images: {{repository: registry.prod1.lan/k8s}}\napps: {{registry: {{type: registry}}}}\n");
    let order = start_order(&topology(&text));
    assert!(order.never.is_empty());
    assert_eq!(order.circles.len(), 1);
    assert_eq!(order.circles[0].kind, CircleKind::Conditional);
    assert!(order.circles[0].path.iter().any(|edge| edge.needs == "registry" && edge.only_if.is_some()));
    let archives = text.replace("registry.prod1.lan/k8s}", "registry.prod1.lan/k8s, archives: [/srv/k8s.tar]}");
    assert!(start_order(&topology(&archives)).circles.is_empty());
}

#[test]
fn time_from_own_nodes_waits_for_itself() {
    let text = format!("{THREE}chrony: {{sources: [10.0.10.11, 10.0.10.12]}}\n");
    let order = start_order(&topology(&text));
    assert_eq!(order.circles[0].kind, CircleKind::Closed);
    assert!(way(&order.circles[0]).contains(&"time"));
    assert!(order.layers.concat().contains(&"etcd".to_owned()), "a clock that went on is right without asking");
    let text = format!("{THREE}chrony: {{sources: [10.0.10.11, 192.0.2.1]}}\n");
    let order = start_order(&topology(&text));
    assert_eq!(order.circles[0].kind, CircleKind::AnotherWay);
    assert!(layer(&order, "time") < layer(&order, "etcd"));
}

#[test]
fn storage_that_an_application_serves_to_itself() {
    let text = format!(
        "{THREE}storage: {{nfs: {{server: files}}}}\napps: {{files: {{storage: nfs}}, web: {{requires: [files]}}}}\n"
    );
    let order = start_order(&topology(&text));
    assert_eq!(order.circles.len(), 1);
    assert_eq!((order.circles[0].kind, way(&order.circles[0])), (CircleKind::Closed, vec!["storage nfs", "files"]));
    assert_eq!(order.never, ["storage nfs", "files", "web"]);
}

#[test]
fn proxmox_starts_machines_with_a_majority_of_hypervisors() {
    let order = start_order(&example("proxmox-salt-centos/lab.sls"));
    assert!(order.circles.is_empty() && order.never.is_empty(), "{order:#?}");
    assert!(layer(&order, "proxmox quorum") < layer(&order, "node master1"));
    let text = THREE.replace("hypervisor: pve3", "hypervisor: pve2") + "proxmox: {qdevice: true, qdevice_host: w1}\n";
    let order = start_order(&topology(&text));
    assert_eq!(order.circles.iter().map(|circle| circle.kind).collect::<Vec<_>>(), [CircleKind::AnotherWay]);
    assert!(order.never.is_empty(), "two hypervisors are a majority without it");
}

#[test]
fn the_worked_examples_start() {
    for file in [
        "minimal/prod1.sls",
        "microk8s-three/cheap.sls",
        "zero-spof-five/bolabaden.sls",
        "stacked-three-masters/home.sls",
    ] {
        let order = start_order(&example(file));
        assert!(order.never.is_empty(), "{file}: {order:#?}");
        serde_json::to_string(&order).unwrap();
    }
}

//! Patches of what kubeadm writes.

use crate::support::{contents, document, documents, files, find, pillar, three_masters, topology};
use serde_json::json;
use topology::Topology;

fn names(topology: &Topology, node: &str) -> Vec<String> {
    let directory = "/etc/kubernetes/patches/";
    files(topology, node).iter().filter_map(|file| file.path.strip_prefix(directory).map(str::to_owned)).collect()
}

#[test]
fn coredns_is_spread_as_the_pillar_says() {
    let path = "/etc/kubernetes/patches/corednsdeployment0+strategic.yaml";
    let spec = |more: &str| document(&three_masters(more), "cp1", path)["spec"].clone();
    let required = spec("");
    assert_eq!(required["replicas"], 3);
    let first = &required["template"]["spec"]["topologySpreadConstraints"][0];
    assert_eq!(
        (&first["topologyKey"], &first["whenUnsatisfiable"]),
        (&json!("kubernetes.io/hostname"), &json!("DoNotSchedule"))
    );
    let preferred = spec("dns: {coredns: {replicas: 4, spread: preferred}}");
    assert_eq!(preferred["replicas"], 4);
    assert_eq!(preferred["template"]["spec"]["topologySpreadConstraints"][0]["whenUnsatisfiable"], "ScheduleAnyway");
}

#[test]
fn the_patches_are_the_same_on_every_control_plane() {
    let topology = three_masters("");
    assert_eq!(names(&topology, "cp1"), ["corednsdeployment0+strategic.yaml"]);
    assert_eq!(names(&topology, "cp1"), names(&topology, "cp3"));
    assert!(names(&topology, "w1").is_empty());
}

#[test]
fn a_target_that_the_release_does_not_know_is_left_out() {
    let of = |version: &str| {
        let more = "kubeadm: {patches: {kubeproxydaemonset0+merge: {spec: {}}, nonsense+merge: {spec: {}}, etcd/../../x: {spec: {}}}}";
        let text = pillar("three_masters");
        topology(&format!("{}\n{more}\n", text.replace("v1.36.4", version)))
    };
    assert_eq!(names(&of("v1.36.4"), "cp1"), ["corednsdeployment0+strategic.yaml"]);
    assert_eq!(names(&of("v1.37.1"), "cp1"), ["corednsdeployment0+strategic.yaml", "kubeproxydaemonset0+merge.yaml"]);
}

#[test]
fn the_pillar_adds_patches_and_replaces_ours_of_the_same_name() {
    let topology = three_masters(
        "kubeadm:\n  patches:\n    corednsdeployment0+strategic: {spec: {replicas: 7}}\n    etcd5+json.json: [{op: remove, path: /x}]\n    \
         kube-apiserver5: |\n      metadata:\n        annotations: {a: b}\n",
    );
    let directory = "/etc/kubernetes/patches";
    assert_eq!(
        document(&topology, "cp1", &format!("{directory}/corednsdeployment0+strategic.yaml")),
        json!({ "spec": { "replicas": 7 } })
    );
    let json_patch: serde_json::Value =
        serde_json::from_str(&contents(&topology, "cp1", &format!("{directory}/etcd5+json.json"))).unwrap();
    assert_eq!(json_patch, json!([{ "op": "remove", "path": "/x" }]));
    let written = contents(&topology, "cp1", &format!("{directory}/kube-apiserver5.yaml"));
    assert_eq!(documents(&written), [json!({ "metadata": { "annotations": { "a": "b" } } })]);
}

#[test]
fn metrics_on_the_nodes_address_are_a_patch_of_each_node() {
    let path = "/etc/kubernetes/patches/etcd0+json.yaml";
    let topology = three_masters("etcd: {metrics_on_node_address: true}");
    let value = "--listen-metrics-urls=http://127.0.0.1:2381,http://10.0.10.12:2381";
    assert_eq!(
        document(&topology, "cp2", path),
        json!([{ "op": "add", "path": "/spec/containers/0/command/-", "value": value }])
    );
    let chosen = "etcd: {metrics_on_node_address: true, extra_args: [{name: listen-metrics-urls, value: 'http://0.0.0.0:2381'}]}";
    assert!(find(&three_masters(chosen), "cp2", path).is_none());
}

#[test]
fn a_longer_delay_of_the_pillar_gets_the_time_to_stop() {
    let path = "/etc/kubernetes/patches/kube-apiserver0+strategic.yaml";
    let with = |delay: &str| {
        three_masters(&format!(
            "kubeadm: {{api_server: {{extra_args: [{{name: shutdown-delay-duration, value: {delay}}}]}}}}"
        ))
    };
    assert_eq!(document(&with("1m10s"), "cp1", path), json!({ "spec": { "terminationGracePeriodSeconds": 80 } }));
    assert!(find(&with("20s"), "cp1", path).is_none());
    assert!(find(&three_masters(""), "cp1", path).is_none());
}

#[test]
fn a_port_that_haproxy_shares_confines_the_api_server_to_its_node() {
    let text = pillar("three_masters");
    let shared = topology(&text.replace(":8443", ":6443"));
    let path = "/etc/kubernetes/patches/kube-apiserver1+json.yaml";
    assert_eq!(document(&shared, "cp3", path)[0]["value"], "--bind-address=10.0.10.13");
    assert!(find(&three_masters(""), "cp3", path).is_none());
}

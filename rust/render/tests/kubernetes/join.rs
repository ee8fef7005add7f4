//! What `kubeadm join` configures, and how a node registers itself.

use crate::support::{base, init, join, texts, three_masters, topology, values};
use serde_json::json;

#[test]
fn a_node_joins_by_file_and_never_by_token() {
    let topology = three_masters("");
    for node in ["cp1", "w1"] {
        let configuration = join(&topology, node);
        assert_eq!(
            configuration["discovery"],
            json!({ "file": { "kubeConfigPath": "/etc/kubernetes/kubeadm/discovery.conf" } })
        );
    }
}

#[test]
fn the_role_decides_how_a_node_joins() {
    let topology = three_masters("");
    assert_eq!(
        join(&topology, "cp2")["controlPlane"],
        json!({ "localAPIEndpoint": { "advertiseAddress": "10.0.10.12", "bindPort": 6443 } })
    );
    assert!(join(&topology, "w1").get("controlPlane").is_none());
}

#[test]
fn taints_are_kubeadms_own_or_none_or_what_the_pillar_says() {
    let nodes = "nodes:\n  cp1: {roles: [control_plane], ip: 10.0.0.1}\n  cp2: {roles: [control_plane, worker], ip: 10.0.0.2}\n  \
                 cp3: {roles: [control_plane], ip: 10.0.0.3, taints: [{key: dedicated, value: etcd, effect: NoExecute}]}\n  \
                 cp4: {roles: [control_plane], ip: 10.0.0.4, taints: []}\n";
    let topology = topology(&format!(
        "cluster: {{name: one, control_plane_endpoint: 'a.lan:8443'}}\nload_balancer: {{type: external}}\n{nodes}"
    ));
    let taints = |node: &str| join(&topology, node)["nodeRegistration"].get("taints").cloned();
    assert_eq!(taints("cp1"), None);
    assert_eq!(taints("cp2"), Some(json!([])));
    assert_eq!(taints("cp3"), Some(json!([{ "key": "dedicated", "value": "etcd", "effect": "NoExecute" }])));
    assert_eq!(taints("cp4"), Some(json!([])));
}

#[test]
fn a_kubelet_sets_only_the_labels_that_it_may() {
    let topology = topology(
        "cluster: {name: one, control_plane_endpoint: 'a.lan:8443'}\nload_balancer: {type: external}\n\
         nodes: {cp1: {roles: [control_plane], ip: 10.0.0.1, labels: {topology.kubernetes.io/zone: b, rack: r1, \
         node-role.kubernetes.io/db: '', example.org/tier: gold, x.node.kubernetes.io/y: z}}}\n",
    );
    let registration = &join(&topology, "cp1")["nodeRegistration"];
    assert_eq!(
        values(&registration["kubeletExtraArgs"], "node-labels"),
        ["example.org/tier=gold,rack=r1,topology.kubernetes.io/zone=b,x.node.kubernetes.io/y=z"]
    );
}

#[test]
fn each_command_leaves_out_the_phases_that_it_has() {
    let topology = three_masters("kubeadm: {skip_phases: [preflight, addon/coredns, check-etcd, no-such-phase]}");
    let init = init(&topology, "cp1", "InitConfiguration");
    assert_eq!(texts(&init["skipPhases"]), ["show-join-command", "preflight", "addon/coredns", "no-such-phase"]);
    assert_eq!(texts(&join(&topology, "cp1")["skipPhases"]), ["preflight", "check-etcd", "no-such-phase"]);
}

#[test]
fn the_directory_of_patches_is_named_where_there_is_one() {
    let topology = three_masters("");
    assert_eq!(join(&topology, "cp1")["patches"]["directory"], "/etc/kubernetes/patches");
    assert!(join(&topology, "w1").get("patches").is_none());
    let patched = three_masters("kubeadm: {patches: {kubeletconfiguration5+merge: {maxPods: 42}}}");
    assert_eq!(join(&patched, "w1")["patches"]["directory"], "/etc/kubernetes/patches");
}

#[test]
fn the_external_members_are_all_named_to_the_api_server() {
    let cluster = crate::support::cluster(&base("external_etcd", ""));
    let external = &cluster["etcd"]["external"];
    assert_eq!(
        texts(&external["endpoints"]),
        ["https://10.0.10.31:2379", "https://10.0.10.32:2379", "https://10.0.10.33:2379"]
    );
    assert_eq!(external["caFile"], "/etc/kubernetes/pki/etcd/ca.crt");
    assert!(cluster["etcd"].get("local").is_none());
}

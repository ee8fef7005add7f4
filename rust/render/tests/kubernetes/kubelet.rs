//! The kubelet: the cluster's configuration, a node's own, and its host side.

use crate::support::{base, contents, document, find, init, join, pillar, texts, three_masters, topology};
use render::Activation;
use serde_json::json;

const OWN: &str = "/etc/kubernetes/patches/kubeletconfiguration0+merge.yaml";

fn with_own_kubelet() -> topology::Topology {
    let text = pillar("three_masters");
    let own = "  w3: {profile: worker, ip: 10.0.10.23, hypervisor: pve3, kubelet: {max_pods: 250, shutdown_grace_period: 0s, shutdown_grace_period_critical_pods: 0s}}";
    topology(&format!("{}\n{own}\n", text.trim_end()))
}

#[test]
fn the_clusters_configuration_is_what_an_operator_expects() {
    let configuration = init(&three_masters(""), "cp1", "KubeletConfiguration");
    for (field, value) in [
        ("cgroupDriver", json!("systemd")),
        ("failSwapOn", json!(true)),
        ("clusterDomain", json!("cluster.local")),
        ("resolvConf", json!("/etc/resolv.conf")),
        ("protectKernelDefaults", json!(true)),
        ("shutdownGracePeriod", json!("1m0s")),
        ("readOnlyPort", json!(0)),
        ("serverTLSBootstrap", json!(false)),
    ] {
        assert_eq!(configuration[field], value, "{field}");
    }
    assert_eq!(configuration["systemReserved"]["memory"], "512Mi");
    assert_eq!(texts(&configuration["clusterDNS"]), ["10.96.0.10"]);
}

#[test]
fn fields_of_the_pillar_are_merged_deep() {
    let topology = three_masters(
        "kubeadm: {kubelet: {extra_config: {evictionHard: {memory.available: 1Gi}, maxPods: 42, eventRecordQPS: null}}}",
    );
    let configuration = init(&topology, "cp1", "KubeletConfiguration");
    assert_eq!(configuration["evictionHard"]["memory.available"], "1Gi");
    assert_eq!(configuration["evictionHard"]["nodefs.available"], "10%");
    assert_eq!(configuration["maxPods"], 42);
    assert!(configuration.get("eventRecordQPS").is_none());
}

#[test]
fn what_a_node_has_differently_is_its_patch_alone() {
    let topology = with_own_kubelet();
    assert_eq!(
        document(&topology, "w3", OWN),
        json!({ "maxPods": 250, "shutdownGracePeriod": "0s", "shutdownGracePeriodCriticalPods": "0s" })
    );
    assert_eq!(join(&topology, "w3")["patches"]["directory"], "/etc/kubernetes/patches");
    assert!(find(&topology, "w1", OWN).is_none());
    assert_eq!(init(&topology, "cp1", "KubeletConfiguration")["maxPods"], 110);
}

#[test]
fn the_kernel_is_only_demanded_where_it_is_managed() {
    for (managed, expected) in [("true", true), ("check", false), ("false", false)] {
        let topology = three_masters(&format!("manage: {{kernel: {managed}}}"));
        assert_eq!(init(&topology, "cp1", "KubeletConfiguration")["protectKernelDefaults"], expected, "{managed}");
    }
}

#[test]
fn the_unit_has_a_watchdog_and_waits_for_etcds_disk() {
    let path = "/etc/systemd/system/kubelet.service.d/20-k8s-ha.conf";
    let topology = three_masters("etcd: {data_dir: /srv/etcd}");
    let unit = find(&topology, "cp1", path).unwrap();
    assert!(unit.contents.contains("WatchdogSec=20s\nNotifyAccess=main\n"));
    assert!(unit.contents.contains("\nRequiresMountsFor=/srv/etcd\n"));
    assert_eq!(unit.activation, Activation::Restart("kubelet.service".to_owned()));
    assert!(!contents(&topology, "w1", path).contains("RequiresMountsFor"));
    assert!(!contents(&base("external_etcd", ""), "cp1", path).contains("RequiresMountsFor"));
}

#[test]
fn logind_waits_as_long_as_the_kubelet_needs() {
    let path = "/etc/systemd/logind.conf.d/99-kubernetes.conf";
    assert!(contents(&three_masters(""), "w1", path).ends_with("[Login]\nInhibitDelayMaxSec=60\n"));
    let longer = three_masters("kubeadm: {kubelet: {extra_config: {shutdownGracePeriod: 2m30s}}}");
    assert!(contents(&longer, "w1", path).ends_with("InhibitDelayMaxSec=150\n"));
    assert!(find(&with_own_kubelet(), "w3", path).is_none());
}

#[test]
fn crictl_finds_the_runtime() {
    let settings = document(&three_masters(""), "w1", "/etc/crictl.yaml");
    assert_eq!(settings["runtime-endpoint"], "unix:///run/containerd/containerd.sock");
}

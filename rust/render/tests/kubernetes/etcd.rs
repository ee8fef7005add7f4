//! etcd, stacked and external, and kube-vip, which holds the address where no balancer does.

use crate::support::{base, cluster, document, find, pillar, three_masters, topology, values};
use render::Activation;
use serde_json::json;

const CONFIGURATION: &str = "/etc/etcd/etcd.conf.yaml";

#[test]
fn a_stacked_member_has_the_settings_of_the_pillar() {
    let cluster = cluster(&three_masters(
        "etcd: {data_dir: /srv/etcd, auto_compaction_retention: 8h, quota_backend_bytes: 8GiB}",
    ));
    let local = &cluster["etcd"]["local"];
    assert_eq!(local["dataDir"], "/srv/etcd");
    assert!(local.get("imageTag").is_none());
    for (name, value) in [
        ("heartbeat-interval", "100"),
        ("election-timeout", "1000"),
        ("quota-backend-bytes", "8589934592"),
        ("auto-compaction-mode", "periodic"),
        ("auto-compaction-retention", "8h0m0s"),
        ("initial-cluster-token", "prod1"),
        ("tls-min-version", "TLS1.2"),
    ] {
        assert_eq!(values(&local["extraArgs"], name), [value], "{name}");
    }
}

#[test]
fn the_dangerous_arguments_are_dropped_whoever_asks() {
    let cluster = cluster(&three_masters(
        "etcd: {version: 3.6.14-0, extra_args: [{name: advertise-client-urls, value: 'https://0.0.0.0:2379'}, \
         {name: initial-cluster-state, value: existing}, {name: heartbeat-interval, value: '150'}, {name: max-txn-ops, value: '256'}]}",
    ));
    let local = &cluster["etcd"]["local"];
    assert_eq!(local["imageTag"], "3.6.14-0");
    assert!(values(&local["extraArgs"], "advertise-client-urls").is_empty());
    assert!(values(&local["extraArgs"], "initial-cluster-state").is_empty());
    assert_eq!(values(&local["extraArgs"], "heartbeat-interval"), ["150"]);
    assert_eq!(values(&local["extraArgs"], "max-txn-ops"), ["256"]);
}

#[test]
fn an_external_member_serves_on_its_own_address() {
    let settings = document(&base("external_etcd", ""), "etcd2", CONFIGURATION);
    assert_eq!(settings["name"], "etcd2");
    assert_eq!(settings["listen-client-urls"], "https://10.0.10.32:2379,https://127.0.0.1:2379");
    assert_eq!(settings["advertise-client-urls"], "https://10.0.10.32:2379");
    assert_eq!(settings["listen-metrics-urls"], "http://127.0.0.1:2381");
    assert_eq!(settings["strict-reconfig-check"], true);
    for transport in ["client-transport-security", "peer-transport-security"] {
        assert_eq!(settings[transport]["client-cert-auth"], true, "{transport}");
        assert_eq!(settings[transport]["trusted-ca-file"], "/etc/etcd/pki/ca.crt", "{transport}");
    }
}

#[test]
fn durations_of_etcds_file_are_nanoseconds() {
    let settings = document(&base("external_etcd", ""), "etcd1", CONFIGURATION);
    assert_eq!(settings["compact-hash-check-time"], 60_000_000_000_u64);
    assert_eq!(settings["watch-progress-notify-interval"], 5_000_000_000_u64);
}

#[test]
fn an_empty_member_finds_nobody() {
    let settings = document(&base("external_etcd", ""), "etcd1", CONFIGURATION);
    assert_eq!(settings["initial-cluster-state"], "existing");
    assert_eq!(settings["initial-cluster"], "etcd1=https://10.0.10.31:2380");
}

#[test]
fn the_unit_refuses_to_start_over_lost_data_and_waits_for_what_others_bring() {
    let path = "/etc/systemd/system/etcd.service";
    let unit = find(&base("external_etcd", ""), "etcd1", path).unwrap();
    for line in [
        "RequiresMountsFor=/var/lib/etcd",
        "AssertPathExistsGlob=/var/lib/etcd/member/wal/*.wal",
        "ExecStart=etcd --config-file=/etc/etcd/etcd.conf.yaml",
        "Type=notify",
        "User=etcd",
    ] {
        assert!(unit.contents.lines().any(|known| known == line), "{line}");
    }
    for needed in [
        "/etc/etcd/joined",
        "/var/lib/etcd/member/wal",
        "/etc/etcd/pki/ca.crt",
        "/etc/etcd/pki/server.key",
        "/etc/etcd/pki/peer.key",
    ] {
        assert!(unit.needs.iter().any(|path| path == needed), "{needed}");
    }
    let text = pillar("external_etcd");
    let log =
        text.replace("etcd: {topology: external}", "etcd: {topology: external, extra_config: {wal-dir: /srv/wal}}");
    let unit = find(&topology(&log), "etcd1", path).unwrap();
    assert!(unit.contents.contains("AssertPathExistsGlob=/srv/wal/*.wal\n"), "{}", unit.contents);
}

#[test]
fn one_lost_member_of_an_external_etcd_stops_no_join() {
    let ignored = |topology: &topology::Topology, node: &str| {
        crate::support::join(topology, node)["nodeRegistration"]["ignorePreflightErrors"].clone()
    };
    let external = base("external_etcd", "");
    assert_eq!(ignored(&external, "cp2"), json!(["ExternalEtcdVersion"]));
    assert!(ignored(&external, "w1").is_null());
    assert!(ignored(&three_masters(""), "cp2").is_null());
    let more = base("external_etcd", "kubeadm: {ignore_preflight_errors: [Swap, ExternalEtcdVersion]}");
    assert_eq!(ignored(&more, "cp2"), json!(["Swap", "ExternalEtcdVersion"]));
}

#[test]
fn keys_of_the_pillar_win_and_the_member_restarts() {
    let text = pillar("external_etcd");
    let with = |etcd: &str| {
        topology(&text.replace("etcd: {topology: external}", &format!("etcd: {{topology: external, {etcd}}}")))
    };
    let topology = with(
        "metrics_on_node_address: true, extra_config: {log-level: warn, client-transport-security: {cert-file: /srv/a.crt}}",
    );
    let settings = document(&topology, "etcd1", CONFIGURATION);
    assert_eq!(settings["log-level"], "warn");
    assert_eq!(settings["client-transport-security"]["cert-file"], "/srv/a.crt");
    assert_eq!(settings["client-transport-security"]["client-cert-auth"], true);
    assert_eq!(settings["listen-metrics-urls"], "http://127.0.0.1:2381,http://10.0.10.31:2381");
    let file = find(&topology, "etcd1", CONFIGURATION).unwrap();
    assert_eq!(file.activation, Activation::Restart("etcd.service".to_owned()));
    let older = document(&with("version: 3.5.33"), "etcd1", CONFIGURATION);
    assert_eq!(older["experimental-initial-corrupt-check"], true);
    assert!(older.get("feature-gates").is_none());
}

#[test]
fn kube_vip_holds_the_address_by_a_lease_and_with_the_administrators_rights() {
    let path = "/etc/kubernetes/manifests/kube-vip.yaml";
    let topology = base("kube_vip", "");
    let file = find(&topology, "cp2", path).unwrap();
    assert_eq!(file.activation, Activation::OnWrite);
    assert!(!file.contents.contains("super-admin"));
    let pod = document(&topology, "cp2", path);
    let container = &pod["spec"]["containers"][0];
    for (name, value) in [
        ("address", "10.0.10.5"),
        ("port", "6443"),
        ("vip_interface", "eth0"),
        ("vip_subnet", "32"),
        ("vip_arp", "true"),
        ("vip_leaderelection", "true"),
        ("vip_leaseduration", "5"),
        ("vip_renewdeadline", "3"),
        ("vip_retryperiod", "1"),
        ("cp_namespace", "kube-system"),
        ("vip_nodename", "cp2"),
    ] {
        assert_eq!(values(&container["env"], name), [value], "{name}");
    }
    assert_eq!(container["securityContext"]["capabilities"]["add"], json!(["NET_ADMIN", "NET_RAW"]));
    assert_eq!(pod["spec"]["hostNetwork"], true);
}

//! What `kubeadm init` configures.

use crate::support::{arguments, base, cluster, find, init, texts, three_masters, topology, values};
use serde_json::json;

#[test]
fn the_token_that_kubeadm_insists_on_has_no_rights_and_no_written_value() {
    let configuration = init(&three_masters(""), "cp1", "InitConfiguration");
    let tokens = configuration["bootstrapTokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 1);
    assert!(tokens[0].get("token").is_none());
    assert_eq!(tokens[0]["ttl"], "1s");
    assert_ne!(tokens[0]["groups"], json!(["system:bootstrappers:kubeadm:default-node-token"]));
    assert!(configuration.get("certificateKey").is_none());
    assert_eq!(texts(&configuration["skipPhases"]), ["show-join-command"]);
}

#[test]
fn only_the_node_itself_differs_between_control_planes() {
    let topology = three_masters("");
    for kind in ["ClusterConfiguration", "KubeletConfiguration", "KubeProxyConfiguration"] {
        assert_eq!(init(&topology, "cp1", kind), init(&topology, "cp3", kind), "{kind}");
    }
    let configuration = init(&topology, "cp3", "InitConfiguration");
    assert_eq!(configuration["nodeRegistration"]["name"], "cp3");
    assert_eq!(configuration["localAPIEndpoint"], json!({ "advertiseAddress": "10.0.10.13", "bindPort": 6443 }));
    assert_eq!(values(&configuration["nodeRegistration"]["kubeletExtraArgs"], "node-ip"), ["10.0.10.13"]);
}

#[test]
fn the_file_is_private_and_checked_by_kubeadm() {
    let file = find(&three_masters(""), "cp1", "/etc/kubernetes/kubeadm/init.yaml").unwrap();
    assert_eq!(file.mode, "0600");
    assert_eq!(file.check.unwrap().command, "kubeadm config validate --config {file}");
}

#[test]
fn the_certificate_has_every_way_to_the_api() {
    let cluster = cluster(&three_masters("kubeadm: {api_server: {cert_sans: [k8s.example.org, 10.0.10.5]}}"));
    let names = texts(&cluster["apiServer"]["certSANs"]);
    assert_eq!(
        names,
        [
            "api.prod1.lan",
            "10.0.10.5",
            "cp1",
            "cp2",
            "cp3",
            "10.0.10.11",
            "10.0.10.12",
            "10.0.10.13",
            "localhost",
            "127.0.0.1",
            "::1",
            "k8s.example.org"
        ]
    );
}

#[test]
fn an_argument_of_the_pillar_wins_and_may_repeat() {
    let cluster = cluster(&three_masters(
        "kubeadm: {api_server: {extra_args: [{name: goaway-chance, value: '0.01'}, {name: tls-sni-cert-key, value: a}, {name: tls-sni-cert-key, value: b}]}}",
    ));
    let list = &cluster["apiServer"]["extraArgs"];
    assert_eq!(values(list, "goaway-chance"), ["0.01"]);
    assert_eq!(values(list, "tls-sni-cert-key"), ["a", "b"]);
    assert_eq!(values(list, "profiling"), ["false"]);
}

#[test]
fn a_volume_of_the_pillar_wins() {
    let more = "kubeadm: {api_server: {extra_volumes: [{name: audit-logs, host_path: /srv/audit, mount_path: /var/log/kubernetes/audit}]}}";
    let cluster = cluster(&three_masters(more));
    let volumes = cluster["apiServer"]["extraVolumes"].as_array().unwrap();
    let named: Vec<_> = volumes.iter().filter(|volume| volume["name"] == "audit-logs").collect();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0]["hostPath"], "/srv/audit");
}

#[test]
fn text_that_yaml_takes_for_a_boolean_stays_text() {
    let topology = three_masters("kubeadm: {api_server: {extra_envs: [{name: SWITCH, value: 'on'}]}}");
    let text = crate::support::contents(&topology, "cp1", "/etc/kubernetes/kubeadm/init.yaml");
    assert!(text.contains("value: 'on'"), "{text}");
}

#[test]
fn a_stopping_server_waits_for_the_balancer_but_not_for_its_own_death() {
    let delay = |more: &str| {
        let cluster = cluster(&three_masters(more));
        values(&cluster["apiServer"]["extraArgs"], "shutdown-delay-duration").concat()
    };
    assert_eq!(delay(""), "9s");
    assert_eq!(delay("load_balancer: {haproxy: {check: {interval: 2500ms, fall: 3}}}"), "16s");
    assert_eq!(delay("load_balancer: {haproxy: {check: {interval: 10s}}}"), "20s");
    assert_eq!(delay("load_balancer: {type: external, external: {failover: 4s}}"), "9s");
    assert_eq!(delay("load_balancer: {type: external}"), "15s");
}

#[test]
fn clients_are_sent_away_only_where_a_balancer_takes_them_elsewhere() {
    let chance = |topology| !values(&cluster(&topology)["apiServer"]["extraArgs"], "goaway-chance").is_empty();
    assert!(chance(three_masters("")));
    assert!(chance(base("local_balancer", "")));
    assert!(!chance(base("kube_vip", "")));
}

#[test]
fn a_cluster_of_one_begins_with_the_arguments_of_many() {
    let balanced = "cluster: {name: one, control_plane_endpoint: 'a.lan:8443'}\nload_balancer: {type: external}\nnodes: {cp1: {roles: [control_plane], ip: 10.0.0.1}";
    let arguments = |more: &str| cluster(&topology(&format!("{balanced}{more}}}")))["apiServer"]["extraArgs"].clone();
    let many = ", cp2: {roles: [control_plane], ip: 10.0.0.2}, cp3: {roles: [control_plane], ip: 10.0.0.3}";
    assert_eq!(values(&arguments(""), "goaway-chance"), ["0.001"]);
    assert_eq!(arguments(""), arguments(many));
}

#[test]
fn both_families_have_a_mask_each_and_one_address_of_dns() {
    let topology = three_masters(
        "network: {pod_cidrs: [10.244.0.0/16, 'fd00:10:244::/56'], service_cidrs: [10.96.0.0/16, 'fd00:10:96::/112']}",
    );
    let cluster = cluster(&topology);
    assert_eq!(cluster["networking"]["podSubnet"], "10.244.0.0/16,fd00:10:244::/56");
    assert_eq!(cluster["networking"]["serviceSubnet"], "10.96.0.0/16,fd00:10:96::/112");
    let list = &cluster["controllerManager"]["extraArgs"];
    assert_eq!(values(list, "node-cidr-mask-size-ipv4"), ["24"]);
    assert_eq!(values(list, "node-cidr-mask-size-ipv6"), ["64"]);
    assert!(values(list, "node-cidr-mask-size").is_empty());
    assert_eq!(texts(&init(&topology, "cp1", "KubeletConfiguration")["clusterDNS"]), ["10.96.0.10"]);
}

#[test]
fn one_family_has_the_common_mask() {
    let v4 = cluster(&three_masters(""));
    assert_eq!(values(&v4["controllerManager"]["extraArgs"], "node-cidr-mask-size"), ["24"]);
    let topology = three_masters("network: {pod_cidrs: ['fd00:10:244::/56'], service_cidrs: ['fd00:10:96::/112']}");
    assert_eq!(values(&cluster(&topology)["controllerManager"]["extraArgs"], "node-cidr-mask-size"), ["64"]);
    assert_eq!(texts(&init(&topology, "cp1", "KubeletConfiguration")["clusterDNS"]), ["fd00:10:96::a"]);
}

#[test]
fn without_kube_proxy_there_is_no_configuration_of_it() {
    let topology = three_masters("kubeadm: {kube_proxy_mode: disabled}");
    assert_eq!(cluster(&topology)["proxy"], json!({ "disabled": true }));
    assert_eq!(
        texts(&init(&topology, "cp1", "InitConfiguration")["skipPhases"]),
        ["show-join-command", "addon/kube-proxy"]
    );
    let text = crate::support::contents(&topology, "cp1", "/etc/kubernetes/kubeadm/init.yaml");
    assert!(!text.contains("KubeProxyConfiguration"));
}

#[test]
fn kube_proxy_has_its_mode_and_the_fields_of_the_pillar() {
    let topology = three_masters(
        "kubeadm: {kube_proxy_mode: ipvs, kube_proxy_config: {ipvs: {scheduler: lc}, metricsBindAddress: '0.0.0.0:10249'}}",
    );
    let configuration = init(&topology, "cp1", "KubeProxyConfiguration");
    assert_eq!(configuration["mode"], "ipvs");
    assert_eq!(configuration["ipvs"], json!({ "strictARP": true, "scheduler": "lc" }));
    assert_eq!(configuration["metricsBindAddress"], "0.0.0.0:10249");
    assert_eq!(init(&three_masters(""), "cp1", "KubeProxyConfiguration")["mode"], "nftables");
}

#[test]
fn times_are_written_as_go_prints_them() {
    let topology = three_masters("");
    assert_eq!(cluster(&topology)["certificateValidityPeriod"], "8760h0m0s");
    assert_eq!(init(&topology, "cp1", "InitConfiguration")["timeouts"]["kubernetesAPICall"], "1m0s");
}

#[test]
fn the_arguments_of_the_other_components_are_hardened() {
    let cluster = cluster(&three_masters("security: {tls_min_version: VersionTLS13}"));
    assert_eq!(
        arguments(&cluster["scheduler"]["extraArgs"]),
        [("profiling", "false"), ("tls-min-version", "VersionTLS13")]
    );
}

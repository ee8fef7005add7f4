//! HAProxy and keepalived.

use super::{BASES, EXTERNAL_ETCD, KUBE_VIP, LOCAL_BALANCER, SYSCTL, THREE_MASTERS, host_files, read, text};
use render::Activation;
use std::collections::BTreeSet;
use topology::Timing;

const HAPROXY: &str = "/etc/haproxy/haproxy.cfg";
const KEEPALIVED: &str = "/etc/keepalived/keepalived.conf";
const SCRIPT: &str = "/usr/libexec/keepalived/check-api";
const WATCHDOG: &str = "/usr/libexec/k8s-ha/watchdog";

/// The words behind a keyword that opens a line.
fn setting<'t>(text: &'t str, keyword: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.trim().strip_prefix(keyword)?.strip_prefix(' '))
}

/// The words of a block in braces.
fn block<'t>(text: &'t str, name: &str) -> BTreeSet<&'t str> {
    let inner = text.split_once(&format!("{name} {{")).and_then(|(_, rest)| rest.split_once('}'));
    inner.map_or_else(BTreeSet::new, |(inner, _)| inner.split_whitespace().collect())
}

#[test]
fn servers_are_the_control_plane_in_natural_order() {
    let topology = read(THREE_MASTERS, "nodes: {cp0: {profile: master, ip: 10.0.10.10}}");
    let servers: Vec<String> = text(&topology, "cp1", HAPROXY)
        .lines()
        .filter_map(|line| line.trim().strip_prefix("server ").map(str::to_owned))
        .collect();
    assert_eq!(servers, ["cp0 10.0.10.10:6443", "cp1 10.0.10.11:6443", "cp2 10.0.10.12:6443", "cp3 10.0.10.13:6443"]);
}

#[test]
fn unicast_peers_are_complete_and_symmetric() {
    for (name, base) in BASES {
        let topology = read(base, "");
        let hosts: Vec<_> = topology.load_balancer.nodes.iter().map(|index| &topology.nodes[*index]).collect();
        for node in &topology.nodes {
            let files = host_files(&topology, &node.name);
            let holds =
                topology.load_balancer.keepalived().is_some() && hosts.iter().any(|host| host.name == node.name);
            assert_eq!(files.contains_key(KEEPALIVED), holds, "{name} {}", node.name);
            let Some(file) = files.get(KEEPALIVED) else { continue };
            let own = node.ip.to_string();
            let others: Vec<String> = hosts.iter().map(|host| host.ip.to_string()).filter(|ip| *ip != own).collect();
            assert_eq!(setting(&file.contents, "unicast_src_ip"), Some(own.as_str()), "{name} {}", node.name);
            let expected: BTreeSet<&str> = others.iter().map(String::as_str).collect();
            assert_eq!(block(&file.contents, "unicast_peer"), expected, "{name} {}", node.name);
        }
    }
}

#[test]
fn members_of_the_election_agree_and_differ_in_priority() {
    let topology = read(THREE_MASTERS, "");
    let texts: Vec<String> = ["cp1", "cp2", "cp3"].iter().map(|node| text(&topology, node, KEEPALIVED)).collect();
    for keyword in ["vrrp_version", "virtual_router_id", "advert_int", "state"] {
        let values: BTreeSet<_> = texts.iter().map(|text| setting(text, keyword)).collect();
        assert_eq!(values.len(), 1, "{keyword}: {values:?}");
    }
    let priorities: Vec<_> = texts.iter().map(|text| setting(text, "priority").unwrap_or_default()).collect();
    assert_eq!(priorities, ["150", "130", "110"]);
    assert_eq!(setting(&texts[0], "state"), Some("BACKUP"));
    assert_eq!(setting(&texts[0], "virtual_router_id"), Some("61"));
    assert_eq!(block(&texts[0], "virtual_ipaddress"), BTreeSet::from(["10.0.10.5/32", "dev", "eth0"]));
    assert!(texts[0].contains("\n    unicast_fault_no_peer\n"), "{}", texts[0]);
}

#[test]
fn a_single_host_is_its_own_peer_so_that_a_second_one_changes_no_mode() {
    let topology = read(THREE_MASTERS, "nodes: {w1: {roles: [worker, load_balancer]}}");
    let configuration = text(&topology, "w1", KEEPALIVED);
    assert_eq!(block(&configuration, "unicast_peer"), BTreeSet::from(["10.0.10.5"]));
    assert!(!text(&topology, "w1", SCRIPT).contains("10.0.10.5"), "the check asks other hosts only");
    let multicast = read(
        THREE_MASTERS,
        "nodes: {w1: {roles: [worker, load_balancer]}}\nload_balancer: {keepalived: {unicast: false}}",
    );
    assert!(!text(&multicast, "w1", KEEPALIVED).contains("unicast"));
}

#[test]
fn nopreempt_is_never_written_beside_a_weight() {
    let weighted = read(THREE_MASTERS, "load_balancer: {keepalived: {check: {weight: -50}}}");
    let text_weighted = text(&weighted, "cp1", KEEPALIVED);
    assert_eq!(setting(&text_weighted, "weight"), Some("-50"));
    assert!(!text_weighted.contains("\n    nopreempt\n"), "{text_weighted}");
    let plain = text(&read(THREE_MASTERS, ""), "cp1", KEEPALIVED);
    assert_eq!(setting(&plain, "weight"), None);
    assert!(plain.contains("\n    nopreempt\n"), "{plain}");
}

#[test]
fn a_password_brings_version_2_in_whole_seconds_and_is_not_written() {
    let topology = read(THREE_MASTERS, "load_balancer: {keepalived: {auth_pass: \"sdb://keys/vrrp-marker\"}}");
    let text = text(&topology, "cp1", KEEPALIVED);
    assert_eq!(setting(&text, "vrrp_version"), Some("2"));
    assert_eq!(setting(&text, "advert_int"), Some("1"));
    assert!(!text.contains("marker") && !text.contains("authentication {"), "{text}");
}

#[test]
fn the_templates_print_what_the_timing_counts_with() {
    let topology = read(
        THREE_MASTERS,
        "load_balancer:
           haproxy: {check: {interval: 2s, timeout: 700ms, fall: 3, rise: 4}, timeouts: {connect: 400ms, client: 10m}}
           keepalived: {advert_int: 250ms, check: {interval: 3s, timeout: 1200ms, fall: 4, rise: 5}}",
    );
    let haproxy = text(&topology, "cp1", HAPROXY);
    for line in ["timeout check 700ms", "timeout connect 400ms", "timeout client 10m", "timeout server 1h"] {
        assert!(haproxy.contains(&format!("\n    {line}\n")), "{line}: {haproxy}");
    }
    assert!(haproxy.contains("default-server inter 2s fall 3 rise 4 "), "{haproxy}");
    assert!(
        !haproxy.contains("fastinter") && !haproxy.contains("downinter"),
        "the timing knows one interval: {haproxy}"
    );
    let keepalived = text(&topology, "cp1", KEEPALIVED);
    for (keyword, value) in [("advert_int", "0.25"), ("interval", "3"), ("timeout", "2"), ("fall", "4"), ("rise", "5")]
    {
        assert_eq!(setting(&keepalived, keyword), Some(value), "{keyword}");
    }
    let script = text(&topology, "cp1", SCRIPT);
    // One after the other, so that both together take the time that the check has.
    assert!(script.contains("ask '127.0.0.1:8443' 0.72") && script.contains("ask '10.0.10.12:8443' 0.48"), "{script}");
    let skew = 0.25 * f64::from(256 - 110) / 256.0;
    let worst = Timing::of(&topology).hung_balancer().map_or(0.0, topology::values::Duration::as_seconds);
    assert!((worst - (3.0 * 4.0 + 1.2 + skew)).abs() < 0.001, "{worst}");
}

#[test]
fn the_check_asks_an_api_server_through_the_own_haproxy() {
    let by_name = text(&read(THREE_MASTERS, ""), "cp2", SCRIPT);
    assert!(by_name.starts_with("#!/bin/sh\n"));
    assert!(by_name.contains("--connect-to \"api.prod1.lan:8443:$1\""), "{by_name}");
    assert!(by_name.contains("case $(ask '127.0.0.1:8443' "), "{by_name}");
    assert!(by_name.contains("'https://api.prod1.lan:8443/readyz'"), "{by_name}");
    assert!(by_name.contains("--cacert /etc/haproxy/kubernetes-ca.crt"), "{by_name}");
    let unverified = read(THREE_MASTERS, "load_balancer: {haproxy: {check: {verify: none}}}");
    assert!(text(&unverified, "cp2", SCRIPT).contains("--insecure"));
    assert!(text(&unverified, "cp2", HAPROXY).contains("check verify none\n"));
    let file = &host_files(&unverified, "cp2")[SCRIPT];
    assert_eq!(file.mode, "0755");
}

#[test]
fn the_check_asks_the_other_hosts_before_it_gives_the_address_up() {
    let script = text(&read(THREE_MASTERS, ""), "cp2", SCRIPT);
    let asked: Vec<&str> = script.lines().filter(|line| line.ends_with(" &")).map(str::trim).collect();
    assert_eq!(asked, ["ask '10.0.10.11:8443' 0.36 &", "ask '10.0.10.13:8443' 0.36 &"]);
}

#[test]
fn what_hangs_on_a_node_is_killed() {
    let watched = |base: &str, node: &str| -> Vec<&'static str> {
        let script = text(&read(base, ""), node, WATCHDOG);
        ["haproxy", "keepalived", "containerd", "kube_apiserver", "etcd"]
            .into_iter()
            .filter(|name| script.contains(&format!(" watch_{name} &\n")))
            .collect()
    };
    assert_eq!(watched(THREE_MASTERS, "cp1"), ["haproxy", "keepalived", "containerd", "kube_apiserver", "etcd"]);
    assert_eq!(watched(EXTERNAL_ETCD, "cp1"), ["haproxy", "keepalived", "containerd", "kube_apiserver"]);
    assert_eq!(watched(THREE_MASTERS, "w1"), ["containerd"]);
    assert_eq!(watched(LOCAL_BALANCER, "w1"), ["haproxy", "containerd"]);
    let left_alone = read(THREE_MASTERS, "manage: {containerd: false}");
    assert!(!host_files(&left_alone, "w1").contains_key(WATCHDOG));
}

#[test]
fn haproxy_passes_tcp_through_and_checks_readiness_over_tls() {
    let text = text(&read(THREE_MASTERS, ""), "cp1", HAPROXY);
    for line in [
        "    mode tcp",
        "    bind *:8443",
        "    option httpchk",
        "    http-check connect ssl alpn http/1.1",
        "    http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host kubernetes",
        "    http-check expect status 200",
        "    default-server check verify required ca-file /etc/haproxy/kubernetes-ca.crt",
        "    bind 127.0.0.1:8088",
    ] {
        assert!(text.lines().any(|written| written == line), "{line}: {text}");
    }
}

#[test]
fn haproxy_runs_where_clients_look_for_it() {
    let runs = |base: &str| -> Vec<String> {
        let topology = read(base, "");
        let nodes = topology.nodes.iter().filter(|node| host_files(&topology, &node.name).contains_key(HAPROXY));
        nodes.map(|node| node.name.clone()).collect()
    };
    assert_eq!(runs(THREE_MASTERS), ["cp1", "cp2", "cp3"]);
    assert_eq!(runs(LOCAL_BALANCER), ["cp1", "cp2", "cp3", "w1", "w2"]);
    assert_eq!(runs(EXTERNAL_ETCD), ["cp1", "cp2", "cp3"]);
    assert!(runs(KUBE_VIP).is_empty());
    let local = text(&read(LOCAL_BALANCER, ""), "w1", HAPROXY);
    assert!(local.contains("\n    bind 127.0.0.1:8443\n") && !local.contains("*:8443"), "{local}");
}

#[test]
fn a_port_shared_with_the_api_server_is_bound_on_the_moving_address() {
    let shared = read(THREE_MASTERS, "cluster: {control_plane_endpoint: \"10.0.10.5:6443\"}");
    let haproxy = text(&shared, "cp1", HAPROXY);
    assert!(haproxy.contains("    bind 10.0.10.5:6443\n    bind 127.0.0.1:6443\n"), "{haproxy}");
    assert!(text(&shared, "cp1", SYSCTL).contains("net.ipv4.ip_nonlocal_bind = 1"));
    assert!(!text(&read(THREE_MASTERS, ""), "cp1", SYSCTL).contains("ip_nonlocal_bind"));
    assert!(!text(&shared, "w1", SYSCTL).contains("ip_nonlocal_bind"));
}

#[test]
fn units_are_started_again_for_ever() {
    let files = host_files(&read(THREE_MASTERS, ""), "cp1");
    for (unit, pause) in [("haproxy", "RestartSec=200ms"), ("keepalived", "RestartSec=1")] {
        let drop_in = &files[&format!("/etc/systemd/system/{unit}.service.d/k8s-ha.conf")];
        for line in ["Restart=always", pause, "StartLimitIntervalSec=0"] {
            assert!(drop_in.contents.lines().any(|written| written == line), "{unit}: {line}");
        }
        assert_eq!(drop_in.activation, Activation::Reload(format!("{unit}.service")));
    }
}

#[test]
fn ipv6_clusters_listen_and_filter_on_ipv6() {
    let overlay = "
        cluster: {control_plane_endpoint: \"[fd00:10::5]:8443\"}
        networks: {lan: {cidr: \"fd00:10::/64\", gateway: \"fd00:10::1\"}}
        vips: {api: {address: \"fd00:10::5\"}}
        network: {pod_cidrs: [\"fd00:244::/56\"], service_cidrs: [\"fd00:96::/112\"]}
        manage: {firewall: true}
        profiles: {master: {os: debian-12}}
        nodes: {cp1: {ip: \"fd00:10::11\"}, cp2: {ip: \"fd00:10::12\"}, cp3: {ip: \"fd00:10::13\"},
                w1: {ip: \"fd00:10::21\"}, w2: {ip: \"fd00:10::22\"}}";
    let topology = read(THREE_MASTERS, overlay);
    let haproxy = text(&topology, "cp1", HAPROXY);
    assert!(
        haproxy.contains("    bind [::]:8443 v4v6\n") && haproxy.contains("server cp2 [fd00:10::12]:6443\n"),
        "{haproxy}"
    );
    let script = text(&topology, "cp1", SCRIPT);
    assert!(
        script.contains("--connect-to \"[fd00:10::5]:8443:$1\"") && script.contains("ask '[::1]:8443' "),
        "{script}"
    );
    assert!(text(&topology, "cp1", KEEPALIVED).contains("fd00:10::5/128 dev eth0"));
    assert!(text(&topology, "cp1", SYSCTL).contains("net.ipv6.conf.all.forwarding = 1"));
    let table = text(&topology, "cp1", "/etc/nftables.d/k8s-ha.nft");
    assert!(table.contains("            fd00:10::11,\n"), "{table}");
}

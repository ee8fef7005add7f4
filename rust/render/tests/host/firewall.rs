//! nftables and firewalld.

use super::{EXTERNAL_ETCD, THREE_MASTERS, host_files, on, read, text};

#[test]
fn the_firewall_is_a_table_of_our_own_that_locks_nobody_out() {
    let topology = read(THREE_MASTERS, &on("debian-12"));
    let table = text(&topology, "cp1", "/etc/nftables.d/k8s-ha.nft");
    assert!(table.contains("policy accept;"), "{table}");
    assert!(table.contains("\ntable inet k8s_ha\ndelete table inet k8s_ha\n"), "{table}");
    assert!(table.contains("tcp dport 2379-2380 ip saddr != @members4 drop"), "{table}");
    assert!(table.contains("meta l4proto 112 ip saddr != @balancers4 drop"), "{table}");
    for open in ["dport 22 ", "dport 4505", "dport 6443", "dport 8443", "dport 30000"] {
        assert!(!table.contains(open), "{open}");
    }
    let worker = text(&topology, "w1", "/etc/nftables.d/k8s-ha.nft");
    assert!(!worker.contains("2379") && !worker.contains("l4proto 112"), "{worker}");
    assert!(
        host_files(&read(THREE_MASTERS, ""), "cp1").values().all(|file| file.component != "firewall"),
        "off by default"
    );
}

#[test]
fn firewalld_gets_a_policy_that_leaves_the_rest_to_the_zones() {
    let topology = read(THREE_MASTERS, &on("rocky-9"));
    let policy = text(&topology, "cp1", "/etc/firewalld/policies/k8s-ha.xml");
    assert!(policy.contains("target=\"CONTINUE\""), "{policy}");
    assert!(policy.contains("<port port=\"2379-2380\" protocol=\"tcp\"/><drop/>"), "{policy}");
    assert!(policy.contains("<port port=\"8443\" protocol=\"tcp\"/>\n"), "{policy}");
    let members = text(&topology, "cp1", "/etc/firewalld/ipsets/k8s-ha-members.xml");
    assert_eq!(members.matches("<entry>").count(), topology.nodes.len());
}

#[test]
fn an_external_member_of_etcd_serves_etcd_alone() {
    let table = text(&read(EXTERNAL_ETCD, &on("debian-13")), "etcd1", "/etc/nftables.d/k8s-ha.nft");
    let ports: Vec<&str> = table.lines().filter_map(|line| line.trim().strip_prefix("tcp dport ")).collect();
    assert_eq!(ports, ["2379-2380 ip saddr != @members4 drop", "2379-2380 ip6 saddr != @members6 drop"]);
}

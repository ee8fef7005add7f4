//! Packages, kernel, names, clock and container runtime.

use super::{EXTERNAL_ETCD, KUBE_VIP, LOCAL_BALANCER, SYSCTL, THREE_MASTERS, host_files, on, read, text};
use render::Activation;

const CONTAINERD: &str = "/etc/containerd/config.toml";

#[test]
fn containerd_reads_the_version_that_is_written() {
    let written = |system: &str, overlay: &str| -> toml::Table {
        let topology = read(THREE_MASTERS, &format!("{}\n{overlay}", on(system)));
        text(&topology, "w1", CONTAINERD).parse().expect("TOML")
    };
    for (system, version) in [("rocky-9", 3), ("centos-stream-10", 3), ("debian-12", 2), ("debian-13", 2)] {
        let table = written(system, "");
        assert_eq!(table["version"].as_integer(), Some(version), "{system}");
        let plugins = &table["plugins"];
        let (runtime, sandbox) = if version == 3 {
            (
                &plugins["io.containerd.cri.v1.runtime"],
                &plugins["io.containerd.cri.v1.images"]["pinned_images"]["sandbox"],
            )
        } else {
            (&plugins["io.containerd.grpc.v1.cri"], &plugins["io.containerd.grpc.v1.cri"]["sandbox_image"])
        };
        let options = &runtime["containerd"]["runtimes"]["runc"]["options"];
        assert_eq!(options["SystemdCgroup"].as_bool(), Some(true), "{system}");
        assert_eq!(sandbox.as_str(), Some("registry.k8s.io/pause:3.10.2"), "{system}");
    }
    let chosen =
        written("debian-12", "containerd: {major: 2, plugins: {io.containerd.cri.v1.images: {snapshotter: zfs}}}");
    assert_eq!(chosen["version"].as_integer(), Some(3));
    let images = &chosen["plugins"]["io.containerd.cri.v1.images"];
    assert_eq!(images["snapshotter"].as_str(), Some("zfs"));
    assert_eq!(
        images["registry"]["config_path"].as_str(),
        Some("/etc/containerd/certs.d"),
        "the rest of the table stays"
    );
}

#[test]
fn the_kernel_is_ready_for_what_the_node_runs() {
    let topology = read(EXTERNAL_ETCD, "");
    let worker = text(&topology, "w1", SYSCTL);
    for line in [
        "net.ipv4.ip_forward = 1",
        "net.bridge.bridge-nf-call-iptables = 1",
        "kernel.panic = 10",
        "kernel.panic_on_oops = 1",
    ] {
        assert!(worker.lines().any(|written| written == line), "{line}");
    }
    assert!(!worker.contains("net.ipv6.conf.all.forwarding"), "no pod has an IPv6 address");
    let member = text(&topology, "etcd1", SYSCTL);
    assert!(member.contains("kernel.panic = 10") && !member.contains("ip_forward"), "{member}");
    assert!(!host_files(&topology, "etcd1").contains_key("/etc/modules-load.d/k8s-ha.conf"));
    let modules = |overlay: &str| text(&read(THREE_MASTERS, overlay), "w1", "/etc/modules-load.d/k8s-ha.conf");
    assert!(!modules("").contains("ip_vs"));
    assert!(modules("kubeadm: {kube_proxy_mode: ipvs}").contains("\nip_vs\n"));
}

#[test]
fn chrony_and_repositories_follow_the_family() {
    let debian = read(THREE_MASTERS, &on("debian-12"));
    let enterprise = read(THREE_MASTERS, &on("rocky-9"));
    assert_eq!(
        host_files(&debian, "w1")["/etc/chrony/chrony.conf"].activation,
        Activation::Restart("chrony.service".to_owned())
    );
    assert_eq!(
        host_files(&enterprise, "w1")["/etc/chrony.conf"].activation,
        Activation::Restart("chronyd.service".to_owned())
    );
    let sources = text(&debian, "w1", "/etc/apt/sources.list.d/kubernetes.sources");
    assert!(sources.contains("/v1.36/deb/\nSuites: /\n"), "{sources}");
    let pin = text(&debian, "w1", "/etc/apt/preferences.d/kubernetes.pref");
    assert!(pin.contains("Pin: version 1.36.4-*\nPin-Priority: 99\n"), "{pin}");
    let repository = text(&enterprise, "w1", "/etc/yum.repos.d/kubernetes.repo");
    assert!(repository.contains("/v1.36/rpm/\n") && repository.contains("\nexclude="), "{repository}");
    let mirror = "
        packages: {kubernetes: {base_url: \"https://mirror.lan/k8s/{minor}/\"}}
        cluster: {kubernetes_version: v1.35.8}";
    let mirrored = text(&read(THREE_MASTERS, mirror), "w1", "/etc/yum.repos.d/kubernetes.repo");
    assert!(mirrored.contains("baseurl=https://mirror.lan/k8s/1.35/\n"), "{mirrored}");
}

#[test]
fn the_name_of_the_api_leads_to_what_serves_it() {
    let api = |base: &str, overlay: &str, node: &str| -> Option<String> {
        let block = text(&read(base, overlay), node, "/etc/hosts");
        block.lines().find(|line| line.contains(" api.")).map(str::to_owned)
    };
    assert_eq!(api(THREE_MASTERS, "", "w1").as_deref(), Some("10.0.10.5 api.prod1.lan"));
    assert_eq!(api(KUBE_VIP, "", "w1").as_deref(), Some("10.0.10.5 api.prod1.lan"));
    assert_eq!(api(LOCAL_BALANCER, "", "w1").as_deref(), Some("127.0.0.1 api.spread1.lan"));
    assert_eq!(api(THREE_MASTERS, "load_balancer: {type: external}", "w1"), None);
    assert_eq!(api(THREE_MASTERS, "cluster: {control_plane_endpoint: \"10.0.10.5:8443\"}", "w1"), None);
    let block = text(&read(THREE_MASTERS, ""), "w1", "/etc/hosts");
    assert!(block.contains("\n10.0.10.11 cp1\n") && block.contains("\n10.0.10.22 w2\n"), "{block}");
}

#[test]
fn microk8s_hosts_get_names_clock_and_little_else() {
    let topology = read(THREE_MASTERS, "cluster: {distribution: microk8s}\nmanage: {firewall: true}");
    let files = host_files(&topology, "cp1");
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(paths, ["/etc/chrony.conf", "/etc/hosts", SYSCTL]);
    assert!(!files["/etc/hosts"].contents.contains("api.prod1.lan"));
    assert!(!files[SYSCTL].contents.contains("bridge"));
}

//! Each family of services: what takes it, and what does not.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::{THREE, lost_with, messages, model, reading, row, service, survives, topology};
use faults::{Level, Model};
use std::collections::BTreeSet;
use topology::{Kind, Names};

const EXAMPLES: [&str; 5] = [
    THREE,
    include_str!("../../../pillar/stacked-three-masters/home.sls"),
    include_str!("../../../pillar/proxmox-salt-centos/lab.sls"),
    include_str!("../../../pillar/zero-spof-five/bolabaden.sls"),
    include_str!("../../../pillar/microk8s-three/cheap.sls"),
];

const EVERYTHING: &str = "
sites: {home: {uplinks: [a, b]}}
targets: {external: true}
profiles: {master: {site: home}, worker: {site: home}}
dns: {dnsmasq: {}}
storage:
  longhorn: {classes: {fast: 2}}
  rook: {}
  nfs: {server: nas.lan}
  raid: {array: {node: w1, level: 5, disks: 4}}
certs: {manager: cert-manager, renew_before: 30d}
reverse_proxy: {type: nginx, nodes: [w1, w2]}
ingress: {replicas: 2, spread: required}
mesh: {type: linkerd, replicas: 2}
apps: {registry: {type: registry, storage: nfs}, web: {requires: [shop-data]}}
services: {shop-data: {requires: [fast]}, shop: {requires: [web]}}
dr:
  destinations: {far: {type: s3, url: 's3://b', off_site: true}, near: {type: nfs, url: 'nfs://nas.lan/b'}}
  backups: {etcd: {of: etcd, to: [far, near]}, web: {of: web, to: [near]}}
";

#[test]
fn the_names_that_a_pillar_may_use_are_those_of_the_services_that_it_has() {
    for text in EXAMPLES.map(|text| vec![text]).into_iter().chain([vec![THREE, EVERYTHING]]) {
        let topology = topology(&text);
        let model = Model::of(&topology);
        let mut named: BTreeSet<String> = topology.derived_services().into_iter().collect();
        named.extend(topology.pillar.apps.iter().flatten().map(|(name, _)| name.clone()));
        named.extend(topology.pillar.services.keys().cloned());
        let backups = topology.pillar.dr.iter().flat_map(|dr| dr.backups.keys());
        named.extend(backups.map(|name| format!("backup {name}")));
        let found: BTreeSet<String> = model.services.iter().map(|service| service.name.clone()).collect();
        assert_eq!(found, named);
        assert_eq!(model.services.len(), named.len(), "each once");
        let meanings = Names::of(&topology);
        assert!(found.iter().all(|name| meanings.get(name).is_some()));
    }
}

#[test]
fn an_api_server_is_lost_with_the_member_of_etcd_beside_it() {
    let model = model(&[THREE]);
    let lost = |failed: &[&str]| lost_with(&model, "kube-apiserver", Level::Serve, failed);
    assert!(!lost(&["etcd on cp1", "kube-apiserver on cp2"]));
    assert!(lost(&["etcd on cp1", "kube-apiserver on cp2", "node:cp3"]));
    assert!(lost_with(&model, "kube-scheduler", Level::Serve, &["etcd on cp1", "kube-scheduler on cp2", "node:cp3"]));
    assert!(!lost_with(
        &model,
        "kube-controller-manager",
        Level::Serve,
        &["etcd on cp1", "kube-scheduler on cp2", "node:cp3"]
    ));
}

#[test]
fn the_address_needs_a_host_on_which_both_programs_run() {
    let model = model(&[THREE]);
    let lost = |failed: &[&str]| lost_with(&model, "load balancer", Level::Serve, failed);
    assert!(lost(&["haproxy on cp1", "keepalived on cp2", "node:cp3"]));
    assert!(!lost(&["haproxy on cp1", "keepalived on cp1", "node:cp3"]));
    assert!(lost_with(&model, "kubernetes", Level::Serve, &["haproxy on cp1", "keepalived on cp2", "node:cp3"]));
}

#[test]
fn each_type_of_balancer_is_lost_in_its_own_way() {
    for (text, failed, kept) in [
        ("load_balancer: {type: kube-vip}", vec!["kube-vip on cp1", "kube-vip on cp2", "kube-vip on cp3"], "node:w1"),
        ("load_balancer: {type: external}", vec!["outside:load-balancer"], "node:cp1"),
        (
            "load_balancer: {type: local}",
            vec!["haproxy on cp1", "haproxy on cp2", "haproxy on cp3", "haproxy on w1", "haproxy on w2"],
            "haproxy on w1",
        ),
    ] {
        let model = model(&[THREE, text]);
        assert!(lost_with(&model, "kubernetes", Level::Recover, &failed), "{text}");
        assert!(!lost_with(&model, "kubernetes", Level::Recover, &[kept]), "{text}");
    }
}

#[test]
fn external_etcd_is_lost_with_its_own_nodes() {
    let mut model = model(&[include_str!("../../lint/src/bases/external_etcd.yaml")]);
    assert_eq!(row(&mut model, "etcd", Kind::Node), "1/1/1");
    assert!(!lost_with(&model, "kube-apiserver", Level::Serve, &["etcd on etcd1"]));
}

#[test]
fn what_a_registry_holds_is_needed_to_start_elsewhere() {
    let apps =
        "apps: {registry: {type: registry, replicas: 2, spread: required}, web: {}, own: {images_from: nowhere}}";
    let mut model = model(&[THREE, "nodes: {w3: {profile: worker, ip: 10.0.10.23}}", apps]);
    // Three losses: a worker with its pods, and two masters, so that nothing starts anew.
    for (name, expected) in [("registry", "1/2/-"), ("web", "0/2/-"), ("own", "0/2/-")] {
        assert_eq!(row(&mut model, name, Kind::Node), expected, "{name}");
    }
    assert!(!lost_with(&model, "own", Level::Recover, &["w1", "w2"]));
    assert!(!lost_with(&model, "web", Level::Recover, &["w1", "w2"]), "the registry starts again on the third");
    let pinned = "apps: {registry: {type: registry, node: w1, images_from: nowhere}, web: {}}";
    let model = common::model(&[THREE, pinned]);
    assert!(lost_with(&model, "web", Level::Recover, &["w1"]), "nothing can be pulled");
    assert!(!lost_with(&model, "registry", Level::Serve, &["w2"]));
}

#[test]
fn what_still_serves_needs_no_registry() {
    let nodes = "nodes: {w3: {profile: worker, ip: 10.0.10.23}}";
    let apps = "apps: {registry: {type: registry, replicas: 3, spread: required, min_available: 2}, web: {replicas: 3, spread: required}}";
    let model = model(&[THREE, nodes, apps]);
    let lost = |name, failed: &[&str]| lost_with(&model, name, Level::Recover, failed);
    assert!(lost("registry", &["w1", "w2"]), "two of it are needed, and one node is left");
    assert!(!lost("web", &["w1", "w2"]), "one of it is enough, and there");
    assert!(lost("web", &["w1", "w2", "w3"]));
}

#[test]
fn images_from_outside_need_the_uplinks() {
    let text = "sites: {home: {uplinks: [a, b]}}\napps: {web: {images_from: outside}}";
    let model = model(&[THREE, text]);
    assert!(lost_with(&model, "web", Level::Recover, &["w1", "outside:public-registry"]));
    assert!(lost_with(&model, "web", Level::Recover, &["w1", "home/a", "home/b"]));
    assert!(!lost_with(&model, "web", Level::Recover, &["w1", "home/a"]));
    assert!(!lost_with(&model, "web", Level::Recover, &["home/a", "home/b"]), "nothing has to start");
}

#[test]
fn blocky_resolves_without_its_log() {
    let text = "apps: {blocky: {replicas: 2, spread: required, degraded_by: [log]}, log: {type: postgres}}";
    let model = model(&[THREE, text]);
    let blocky = service(&model, "blocky");
    assert_eq!(blocky.degraded_by.len(), 1);
    assert_eq!(model.services[blocky.degraded_by[0].0].name, "log");
    assert!(!lost_with(&model, "blocky", Level::Serve, &["w1"]) && lost_with(&model, "log", Level::Serve, &["w1"]));
}

#[test]
fn a_disruption_budget_says_how_many_are_needed() {
    let nodes = "nodes: {w3: {profile: worker, ip: 10.0.10.23}}";
    let app = "apps: {web: {replicas: 3, spread: required, min_available: 2}}";
    assert_eq!(row(&mut model(&[THREE, nodes, app]), "web", Kind::Node), "1/1/-");
    // Only two of three replicas find a node.
    assert_eq!(row(&mut model(&[THREE, app]), "web", Kind::Node), "0/0/-");
    let none = "apps: {web: {replicas: 0}}";
    assert_eq!(row(&mut model(&[THREE, none]), "web", Kind::Node), "lost/lost/-");
}

#[test]
fn pods_avoid_tainted_nodes() {
    let app = "apps: {web: {replicas: 3, spread: required}}";
    assert!(!lost_with(&model(&[THREE, app]), "web", Level::Serve, &["w1"]));
    assert!(lost_with(&model(&[THREE, app]), "web", Level::Serve, &["w1", "w2"]), "masters take no workloads");
    let open = "profiles: {master: {taints: []}}";
    assert!(!lost_with(&model(&[THREE, app, open]), "web", Level::Serve, &["w1", "w2"]));
    let kept = "profiles: {worker: {taints: [{key: own, effect: NoSchedule}]}}";
    assert!(lost_with(&model(&[THREE, app, kept]), "web", Level::Serve, &[]), "no node takes it");
    let soft = "profiles: {worker: {taints: [{key: own, effect: PreferNoSchedule}]}}";
    assert!(!lost_with(&model(&[THREE, app, soft]), "web", Level::Serve, &[]));
}

#[test]
fn arrays_survive_what_their_level_survives() {
    let level = |level: &str, disks: u32| {
        model(&[THREE, &format!("storage: {{raid: {{array: {{node: w1, level: {level}, disks: {disks}}}}}}}")])
    };
    for (name, disks, survives_disks) in
        [("0", 3, 0), ("1", 3, 2), ("5", 4, 1), ("6", 5, 2), ("10", 6, 1), ("1E", 3, 1), ("1E", 5, 1)]
    {
        let mut model = level(name, disks);
        assert_eq!(
            survives(&mut model, "storage array", Kind::StorageDevice, Level::Data),
            Some(survives_disks),
            "{name}"
        );
        assert_eq!(row(&mut model, "storage array", Kind::Node), "0/0/0", "an array is in one host");
    }
    let lost = |model: &Model, disks: &[u32]| {
        let names: Vec<String> = disks.iter().map(|disk| format!("array/disk-{disk}")).collect();
        lost_with(model, "storage array", Level::Data, &names.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let pairs = level("10", 6);
    assert!(lost(&pairs, &[3, 4]) && !lost(&pairs, &[2, 3]) && !lost(&pairs, &[1, 3, 5]));
    let ring = level("1E", 5);
    assert!(lost(&ring, &[2, 3]) && lost(&ring, &[1, 5]) && !lost(&ring, &[1, 3]));
}

#[test]
fn nfs_is_where_its_server_is() {
    let server = |server: &str| {
        model(&[THREE, &format!("storage: {{nfs: {{server: {server}}}}}\napps: {{web: {{storage: nfs}}}}")])
    };
    assert!(lost_with(&server("w2"), "web", Level::Data, &["node:w2"]));
    assert!(lost_with(&server("10.0.10.22"), "storage nfs", Level::Serve, &["nfs-server on w2"]));
    assert!(!lost_with(&server("w2"), "storage nfs", Level::Data, &["nfs-server on w2"]));
    assert!(lost_with(&server("pve3"), "web", Level::Recover, &["hypervisor:pve3"]));
    assert!(lost_with(&server("nas.lan"), "web", Level::Serve, &["outside:nas.lan"]));
}

#[test]
fn certificates_are_renewed_where_the_pillar_says() {
    let certs = |text: &str| model(&[THREE, "reverse_proxy: {type: nginx, nodes: [w1, w2]}", text]);
    let pinned = certs("certs: {manager: certbot, nodes: [w1], renew_before: 30d}");
    assert!(lost_with(&pinned, "certificate renewal", Level::Recover, &["certbot on w1"]));
    assert_eq!(service(&pinned, "certificate renewal").grace.unwrap().to_string(), "30d");
    assert_eq!(service(&pinned, "reverse proxy").degraded_by.len(), 1);
    assert!(!lost_with(&pinned, "reverse proxy", Level::Serve, &["w1"]));
    let both = certs("certs: {manager: certbot, nodes: [w1, w2]}");
    assert!(!lost_with(&both, "certificate renewal", Level::Serve, &["w1"]));
    let anywhere = certs("certs: {manager: certbot}");
    assert!(lost_with(&anywhere, "certificate renewal", Level::Serve, &["w2"]), "nobody says that it is not there");
    let pod = certs("certs: {manager: cert-manager}");
    assert!(lost_with(&pod, "certificate renewal", Level::Serve, &["w2"]));
    assert!(!lost_with(&pod, "certificate renewal", Level::Recover, &["w2"]));
}

#[test]
fn the_way_from_outside_needs_a_host_and_the_uplink_of_its_site() {
    let text = "
targets: {external: true}
sites: {north: {uplinks: [a]}, south: {uplinks: [b]}}
nodes: {w1: {site: north}, w2: {site: south}}
reverse_proxy: {type: nginx, nodes: [w1, w2]}
certs: {nodes: [w1]}
";
    let model = model(&[THREE, text]);
    let lost = |failed: &[&str]| lost_with(&model, "outside access", Level::Serve, failed);
    assert!(lost(&["north/a", "south/b"]) && lost(&["north/a", "w2"]) && lost(&["north/a", "nginx on w2"]));
    assert!(!lost(&["north/a", "w1"]));
    assert!(lost_with(&model, "internet north", Level::Serve, &["site:north"]));
    assert!(lost_with(&model, "certificate renewal", Level::Serve, &["north/a"]));
    assert!(!lost_with(&model, "certificate renewal", Level::Serve, &["south/b"]));
}

#[test]
fn backups_need_their_source_and_a_destination() {
    let text = "
sites: {home: {uplinks: [a]}}
dr:
  destinations:
    far: {type: s3, url: 's3://b', off_site: true}
    near: {type: nfs, url: 'nfs://10.0.10.22/b'}
    here: {type: local}
  backups:
    state: {of: etcd, to: [far, near]}
    files: {of: etcd, to: [here]}
    none: {of: etcd}
";
    let model = model(&[THREE, text]);
    let lost = |name, level, failed: &[&str]| lost_with(&model, name, level, failed);
    assert!(lost("backup state", Level::Serve, &["cp1", "cp2"]), "nothing new to save");
    assert!(!lost("backup state", Level::Data, &["cp1", "cp2"]), "and a copy of what was");
    assert!(lost("backup state", Level::Data, &["far", "w2"]) && !lost("backup state", Level::Data, &["far"]));
    assert!(
        lost("backup state", Level::Serve, &["home/a", "w2"]) && !lost("backup state", Level::Data, &["home/a", "w2"])
    );
    assert!(lost("off-site copy of state", Level::Serve, &["home/a"]));
    assert!(lost("off-site copy of state", Level::Data, &["far"]));
    assert!(lost("backup files", Level::Data, &["cp2"]), "it may be the one that wrote it");
    assert!(lost("backup none", Level::Data, &[]), "there is no copy");
}

#[test]
fn proxmox_counts_the_votes_of_hypervisors_and_of_the_device() {
    let with = |text: &str| model(&[include_str!("../../lint/src/bases/proxmox.yaml"), text]);
    let three = with("{}");
    assert!(lost_with(&three, "proxmox quorum", Level::Serve, &["pve1", "corosync on pve2"]));
    assert!(!lost_with(&three, "proxmox quorum", Level::Serve, &["pve1"]));
    let four = "hypervisors: {pve4: {cpus: 32, memory: 128GiB, cpu_level: x86-64-v3}}\n";
    let even = with(&format!("{four}proxmox: {{qdevice: true, qdevice_host: nas.lan}}"));
    assert!(!lost_with(&even, "proxmox quorum", Level::Serve, &["pve1", "pve2"]));
    assert!(lost_with(&even, "proxmox quorum", Level::Serve, &["pve1", "pve2", "outside:nas.lan"]));
    let without = with(four);
    assert!(lost_with(&without, "proxmox quorum", Level::Serve, &["pve1", "pve2"]));
    // With an odd number the device has all but one of their votes: two of five.
    let odd = with("proxmox: {qdevice: true, qdevice_host: nas.lan}");
    assert!(!lost_with(&odd, "proxmox quorum", Level::Serve, &["pve1", "pve2"]));
    assert!(lost_with(&odd, "proxmox quorum", Level::Serve, &["pve1", "outside:nas.lan"]));
}

#[test]
fn a_storage_that_machines_share_takes_them_all() {
    let shared = "proxmox: {shared_storages: [san], vm: {storage: san}}";
    let mut model = model(&[include_str!("../../lint/src/bases/proxmox.yaml"), shared]);
    assert_eq!(row(&mut model, "kubernetes", Kind::StorageDevice), "0/0/0");
    let topology = topology(&[include_str!("../../lint/src/bases/proxmox.yaml"), shared]);
    let san = topology.domains.find(Kind::StorageDevice, "san").unwrap();
    assert_eq!(topology.domains.nodes_lost_with(&[san]).count(), 5);
}

#[test]
fn a_kind_that_the_pillar_names_is_a_kind_as_any_other() {
    let text = "
targets: {survive: {cooling: 1}}
racks: {r1: {}, r2: {}}
hypervisors: {pve1: {rack: r1}, pve2: {rack: r2}, pve3: {rack: r2}}
failure_domains:
  cooling:
    loop-a: {racks: [r1], nodes: [w2]}
    loop-b: {racks: [r2]}
  firmware: {old: {hypervisors: [pve1, pve2]}, new: {hypervisors: [pve1, pve3]}}
";
    let topology = topology(&[THREE, text]);
    let kind = topology.domains.kind("cooling").unwrap();
    assert_eq!((topology.survive(kind), topology.domains.words(kind)), (1, "cooling"));
    let mut model = Model::of(&topology);
    assert_eq!(model.kind_key(kind), "cooling");
    assert_eq!(row(&mut model, "etcd", kind), "0/0/0", "loop-b takes two hypervisors");
    assert!(lost_with(&model, "etcd", Level::Serve, &["cooling:loop-b"]));
    assert!(!lost_with(&model, "etcd", Level::Serve, &["cooling:loop-a"]));
    let firmware = topology.domains.kind("firmware").unwrap();
    // What stands in both lives as long as one of them does.
    assert_eq!(row(&mut model, "etcd", firmware), "1/1/1");
}

#[test]
fn services_of_the_user_are_put_together_of_others() {
    let text = "
storage: {longhorn: {replicas: 2, nodes: [w1, w2]}}
apps: {web: {replicas: 2, spread: required}, mail: {node: w1}}
services:
  shop: {requires: [web, longhorn], any: [hypervisor:pve1, pve3], degraded_by: [mail]}
  two-of-three: {k_of_n: {k: 2, of: [cp1, cp2, mail]}}
  all: {requires: [shop, two-of-three]}
";
    let model = model(&[THREE, text]);
    let lost = |name, failed: &[&str]| lost_with(&model, name, Level::Serve, failed);
    assert!(lost("shop", &["w1", "w2"]) && lost("shop", &["pve1", "pve3"]) && !lost("shop", &["pve1"]));
    assert!(lost("two-of-three", &["cp1", "w1"]) && !lost("two-of-three", &["cp1"]));
    assert!(lost("all", &["cp1", "cp2"]));
    assert_eq!(service(&model, "shop").degraded_by.len(), 1);
    assert!(service(&model, "shop").data.is_some() && service(&model, "two-of-three").data.is_none());
}

#[test]
fn mean_times_become_the_share_of_time_away() {
    let text = "
reliability:
  hypervisor: {mtbf: 50000h, mttr: 8h}
  process: {mtbf: 999h, mttr: 1h}
  elements: {pve2: {mtbf: 992h, mttr: 8h}, etcd on cp1: {mtbf: 2500000h, mttr: 30m}}
";
    let model = model(&[THREE, text]);
    let of = |name: &str| model.unavailability(model.named(name).unwrap());
    assert!((of("pve1").unwrap() - 8.0 / 50_008.0).abs() < 1e-15);
    assert!((of("pve2").unwrap() - 0.008).abs() < 1e-15);
    assert!((of("etcd on cp1").unwrap() - 0.5 / 2_500_000.5).abs() < 1e-15);
    assert!((of("etcd on cp2").unwrap() - 0.001).abs() < 1e-15);
    assert_eq!(of("cp1"), None);
}

#[test]
fn what_cannot_be_is_refused_with_the_nearest_name() {
    for (text, expected) in [
        ("services: {a: {requires: [a]}}", "PILLAR-006 services.a: these services need each other: a -> a"),
        ("services: {a: {requires: [b]}}\napps: {b: {requires: [a]}}", "PILLAR-006"),
        ("apps: {a: {}, r: {type: registry, requires: [a]}, b: {images_from: b}}", "PILLAR-006"),
        ("services: {a: {requires: [etdc]}}", "did you mean `etcd`?"),
        (
            "services: {a: {requires: []}}",
            "PILLAR-007 services.a.requires: service `a` has an empty list of `requires`",
        ),
        ("services: {a: {}}", "PILLAR-007 services.a: service `a` needs nothing"),
        ("services: {a: {k_of_n: {k: 3, of: [cp1, cp2]}}}", "PILLAR-007 services.a.k_of_n.k: service `a` needs 3 of 2"),
        ("services: {a: {k_of_n: {k: 0, of: [cp1]}}}", "service `a` needs 0 of 1"),
        ("services: {a: {k_of_n: {k: 1, of: [cp1, cp1]}}}", "counts `cp1` twice"),
        ("services: {a: {requires: [etcd], degraded_by: [pve1]}}", "`pve1` is an element that fails, and no service"),
        ("services: {etcd: {requires: [cp1]}}", "is the name of a service that follows from other sections"),
        ("services: {a: {requires: [cp1]}}\napps: {a: {}}", "`a` is an application and a service"),
        ("apps: {a: {storage: longhron}}\nstorage: {longhorn: {}}", "did you mean `longhorn`?"),
        ("apps: {a: {type: registy}}", "did you mean `registry`?"),
        ("apps: {a: {replicas: 1, min_available: 2}}", "`min_available` is 2, of 1 replicas"),
        ("apps: {a: {node: w9}}", "did you mean `w1`?"),
        ("certs: {nodes: [w4]}", "PILLAR-004 certs.nodes[0]: node `w4` is declared nowhere"),
        ("certs: {manager: cetbot}", "did you mean `certbot`?"),
        ("dr: {destinations: {a: {type: s4}}}", "did you mean `s3`?"),
        ("storage: {raid: {a: {node: w1, level: 7, disks: 3}}}", "`7` is not a level of RAID"),
        ("storage: {raid: {a: {node: w1, level: 10, disks: 5}}}", "it takes 4 or more, which come in pairs"),
        ("storage: {raid: {a: {node: w1, level: 6, disks: 3}}}", "RAID 6 of 3 disks: it takes 4 or more"),
        ("storage: {raid: {a: {node: w1, level: 6, disks: 4000000000}}}", "more than 256"),
        ("storage: {rook: {size: 2, min_size: 3}}", "`min_size` is 3, of 2 copies"),
        ("targets: {survive: {coling: 1}}\nfailure_domains: {cooling: {a: {nodes: [w1]}}}", "did you mean `cooling`?"),
        ("targets: {survive: {rak: 1}}", "did you mean `rack`?"),
        ("failure_domains: {node: {a: {nodes: [w1]}}}", "is a kind of failure domain that every pillar has"),
        ("failure_domains: {cooling: {a: {hypervisors: [pev1]}}}", "did you mean `pve1`?"),
        ("failure_domains: {cooling: {a: {node: [w1]}}}", "did you mean `nodes`?"),
        ("reliability: {hypervisors: {mtbf: 1h, mttr: 1h}}", "did you mean `hypervisor`?"),
        ("reliability: {node: {mtbf: 0h, mttr: 1h}}", "`mtbf` is 0"),
        ("reliability: {node: {mtbf: 1h}}", "`mttr` is missing"),
        ("reliability: {elements: {etcd on cp9: {mtbf: 1h, mttr: 1h}}}", "element `etcd on cp9` is declared nowhere"),
        ("reliability: {node: {mtbf: 50000, mttr: 1h}}", "PILLAR-002 reliability.node.mtbf"),
    ] {
        let found = messages(&reading(&[THREE, text])).join("\n");
        assert!(found.contains(expected), "{text}: {expected} is missing in:\n{found}");
    }
}

#[test]
fn a_model_of_services_in_a_circle_is_a_model_without_them() {
    // A topology that was made in spite of findings is no reason to hang.
    let mut topology = topology(&[THREE, "services: {a: {requires: [cp1]}, b: {requires: [a]}}"]);
    topology.pillar.services["a"].requires = Some(vec!["b".to_owned()]);
    let model = Model::of(&topology);
    assert!(model.service("a").is_none() && model.service("kubernetes").is_some());
}

#[test]
fn a_long_chain_of_services_needs_no_deep_stack() {
    let link = |number: u32| format!("  s{number}: {{requires: [s{}]}}\n", number - 1);
    let chain: Vec<String> = (1..5_000).map(link).collect();
    let text = format!("services:\n  s0: {{requires: [etcd]}}\n{}", chain.concat());
    let mut model = model(&[THREE, &text]);
    assert_eq!(row(&mut model, "s4999", Kind::Node), "1/1/1");
}

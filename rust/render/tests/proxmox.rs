//! Virtual machines of the base `proxmox.yaml`, with overlays.
#![expect(clippy::unwrap_used, clippy::panic, reason = "clippy allows them in test functions, not in their helpers")]

use render::{Error, Machine, machine};
use serde_json::{Value as Json, json};
use topology::pve::{Parameters, properties};
use topology::{Facts, Topology, read_pillar};
use tree::{SourceId, Strategy, Tree, merge};

const BASE: &str = include_str!("../../lint/src/bases/proxmox.yaml");

fn topology(overlay: &str) -> Topology {
    let mut tree = Tree::new();
    let limits = yaml::Limits::default();
    let base = yaml::parse_into(&mut tree, BASE.as_bytes(), SourceId(0), &limits).unwrap();
    let overlay = yaml::parse_into(&mut tree, overlay.as_bytes(), SourceId(1), &limits).unwrap();
    let root = merge(&mut tree, base, overlay, Strategy::Recurse);
    let reading = read_pillar(tree, root, &Facts::built_in().unwrap());
    reading.topology.unwrap_or_else(|| panic!("{:#?}", reading.findings))
}

fn of_node(topology: &Topology, name: &str) -> Result<Option<Machine>, Error> {
    machine(topology, &Facts::built_in().unwrap(), topology.node(name).unwrap())
}

fn defined(overlay: &str, name: &str) -> Machine {
    of_node(&topology(overlay), name).unwrap().unwrap()
}

fn fault(overlay: &str, name: &str) -> String {
    of_node(&topology(overlay), name).unwrap_err().to_string()
}

fn property(machine: &Machine, key: &str, name: &str) -> Option<String> {
    let text = machine.create[key].as_str().unwrap();
    properties(text).find(|part| part.key == Some(name)).map(|part| part.value.to_owned())
}

#[test]
fn a_control_plane_machine_says_everything() {
    let machine = defined("{}", "cp1");
    let expected = json!({
        "vmid": 401,
        "agent": "enabled=1,freeze-fs-on-backup=0,fstrim_cloned_disks=1,type=virtio",
        "balloon": 0,
        "bios": "seabios",
        "boot": "order=scsi0;net0",
        "citype": "nocloud",
        "ciupgrade": 0,
        "cores": 4,
        "cpu": "x86-64-v3",
        "description": "Node cp1 of Kubernetes cluster prod1, defined by Salt pillar k8s_ha",
        "hotplug": "network,disk,cloudinit",
        "ide2": "local-lvm:cloudinit,media=cdrom",
        "ipconfig0": "gw=10.0.10.1,ip=10.0.10.11/24",
        "machine": "q35",
        "memory": 8192,
        "name": "cp1",
        "nameserver": "10.0.10.1",
        "net0": "virtio=BC:24:11:00:04:01,bridge=vmbr0,firewall=0,mtu=1",
        "numa": 0,
        "onboot": 1,
        "ostype": "l26",
        "protection": 1,
        "rng0": "source=/dev/urandom",
        "scsi0": "local-lvm:40,discard=on,iothread=1,serial=root,ssd=1",
        "scsi1": "local-lvm:20,backup=0,discard=on,iothread=1,replicate=0,serial=etcd,ssd=1",
        "scsihw": "virtio-scsi-single",
        "searchdomain": "prod1.lan",
        "serial0": "socket",
        "sockets": 1,
        "startup": "order=30,up=60,down=180",
        "tags": "control-plane;etcd;k8s;prod1",
        "vga": "serial0",
    });
    assert_eq!(json!(machine.create), expected);
    assert_eq!((machine.name.as_str(), machine.node.as_str(), machine.vmid), ("cp1", "pve1", 401));
    assert_eq!(machine.vendor_data, None);
}

#[test]
fn every_parameter_of_every_machine_is_one_that_pve_takes() {
    let parameters = Parameters::built_in().unwrap();
    for version in [8, 9] {
        let topology = topology(&format!("proxmox: {{version: {version}}}"));
        for node in &topology.nodes {
            let machine = of_node(&topology, &node.name).unwrap().unwrap();
            for (key, value) in machine.create.iter().chain(&machine.update).filter(|(key, _)| *key != "vmid") {
                assert_eq!(parameters.check(version, key, value), Ok(()), "{}: {key}", node.name);
            }
        }
    }
}

#[test]
fn the_same_topology_gives_the_same_bytes() {
    let reversed: String = {
        let (head, nodes) = BASE.split_once("nodes:\n").unwrap();
        let mut lines: Vec<&str> = nodes.lines().collect();
        lines.reverse();
        format!("{head}nodes:\n{}\n", lines.join("\n"))
    };
    let text = |overlay: &str| {
        let topology = topology(overlay);
        let machines = topology.nodes.iter().map(|node| of_node(&topology, &node.name).unwrap());
        serde_json::to_string(&machines.collect::<Vec<_>>()).unwrap()
    };
    assert_eq!(text("{}"), text(&reversed));
}

#[test]
fn an_update_makes_no_disk() {
    let machine = defined("proxmox: {vm: {image: 'local:import/rocky-10.qcow2', pool: k8s, bios: ovmf}}", "cp1");
    assert_eq!(
        machine.create["scsi0"],
        "local-lvm:0,discard=on,import-from=local:import/rocky-10.qcow2,iothread=1,serial=root,ssd=1"
    );
    assert_eq!(machine.create["efidisk0"], "local-lvm:1,efitype=4m,pre-enrolled-keys=0");
    assert_eq!(machine.create["boot"], "order=scsi0");
    for key in ["vmid", "scsi0", "scsi1", "efidisk0", "ide2", "pool"] {
        assert!(machine.create.contains_key(key), "{key}");
        assert!(!machine.update.contains_key(key), "{key}");
    }
    assert_eq!(machine.create.len(), machine.update.len() + 6);
    let root = &machine.volumes["scsi0"];
    assert_eq!((root.disk.as_str(), root.size), ("root", 40));
    assert_eq!(machine.volumes["scsi1"].options["backup"], "0");
}

#[test]
fn the_cpu_type_boots_the_operating_system() {
    for (system, expected) in [
        ("rocky-9", "x86-64-v2-AES"),
        ("centos-stream-10", "x86-64-v3"),
        ("alma-10", "x86-64-v3"),
        ("debian-12", "x86-64-v2-AES"),
        ("debian-13", "x86-64-v2-AES"),
    ] {
        let machine = defined(&format!("nodes: {{cp1: {{os: {system}}}}}"), "cp1");
        assert_eq!(machine.create["cpu"], expected, "{system}");
    }
    assert_eq!(defined("proxmox: {vm: {cpu: 'host,flags=+aes'}}", "w1").create["cpu"], "host,flags=+aes");
    assert!(
        fault("nodes: {w1: {os: ubuntu-24}}", "w1")
            .contains("no CPU type is known that boots ubuntu-24; write `vm.cpu`")
    );
}

#[test]
fn a_worker_is_no_voter() {
    let machine = defined("{}", "w1");
    assert_eq!(machine.create["protection"], 0);
    assert_eq!(machine.create["tags"], "k8s;prod1;worker");
    assert_eq!(machine.create["startup"], "order=40,up=30,down=180");
    assert_eq!(property(&machine, "agent", "freeze-fs-on-backup").as_deref(), Some("1"));
    assert_eq!(machine.create["scsi0"], "local-lvm:100,discard=on,iothread=1,serial=root,ssd=1");
}

#[test]
fn hosts_that_others_need_start_first() {
    let overlay = "
        profiles: {master: {roles: [control_plane]}}
        etcd: {topology: external}
        nodes:
          lb1: {profile: worker, roles: [load_balancer], ip: 10.0.10.41, hypervisor: pve1, vm: {vmid: 421}}
          e1: {profile: worker, roles: [etcd], ip: 10.0.10.31, hypervisor: pve1, vm: {vmid: 431}}
          e2: {profile: worker, roles: [etcd], ip: 10.0.10.32, hypervisor: pve2, vm: {vmid: 432}}
          e3: {profile: worker, roles: [etcd], ip: 10.0.10.33, hypervisor: pve3, vm: {vmid: 433}}
        ";
    let topology = topology(overlay);
    let order = |name: &str| {
        let machine = of_node(&topology, name).unwrap().unwrap();
        let text = machine.create["startup"].as_str().unwrap().to_owned();
        text.split_once(',').unwrap().0.trim_start_matches("order=").parse::<u32>().unwrap()
    };
    let orders = ["lb1", "e1", "cp1", "w1"].map(order);
    assert!(orders.is_sorted() && orders[0] < orders[3], "{orders:?}");
    assert_eq!(of_node(&topology, "e1").unwrap().unwrap().create["protection"], 1);
    assert_eq!(
        property(&of_node(&topology, "cp1").unwrap().unwrap(), "agent", "freeze-fs-on-backup").as_deref(),
        Some("1")
    );
}

#[test]
fn disks_keep_their_place() {
    let overlay = "nodes: {cp1: {disks: {zfs: {size: 10GiB}, data: {size: 1025MiB, storage: ceph, media: hdd, cache: writeback}}}}";
    let machine = defined(overlay, "cp1");
    assert_eq!(machine.create["scsi2"], "ceph:2,cache=writeback,discard=on,iothread=1,serial=data,ssd=0");
    assert_eq!(property(&machine, "scsi3", "serial").as_deref(), Some("zfs"));
    let worker = defined("nodes: {w1: {disks: {data: {size: 10GiB}}}}", "w1");
    assert!(worker.create.contains_key("scsi2") && !worker.create.contains_key("scsi1"));
    let many: Vec<String> = (0..30).map(|number| format!("d{number}: {{size: 1GiB}}")).collect();
    assert!(fault(&format!("nodes: {{w1: {{disks: {{{}}}}}}}", many.join(", ")), "w1").contains("one too many"));
}

#[test]
fn etcd_on_the_root_disk_is_not_copied_either() {
    let machine = defined("nodes: {cp1: {profile: worker, roles: [control_plane]}}", "cp1");
    assert_eq!(machine.create["scsi0"], "local-lvm:100,backup=0,discard=on,iothread=1,replicate=0,serial=root,ssd=1");
}

#[test]
fn cloud_init_sets_address_resolvers_and_keys() {
    let overlay = "
        proxmox:
          vm:
            tag: 110
            firewall: true
            mac: bc:24:11:aa:bb:0c
            cloud_init:
              user: ops
              ssh_keys: ['ssh-ed25519 AAAA+b/c== ops@lan', 'ssh-ed25519 BBBB two']
              nameservers: [10.0.0.1, 10.0.0.2]
              search_domain: lan
              password: 'sdb://keys/ops'
              salt_masters: [salt1.lan, salt2.lan]
              salt_master_finger: 'ab:cd'
              snippet_storage: local
        nodes: {w1: {minion: w1.site.lan}}
        ";
    let machine = defined(overlay, "w1");
    let create = &machine.create;
    assert_eq!(create["net0"], "virtio=BC:24:11:AA:BB:0C,bridge=vmbr0,firewall=1,mtu=1,tag=110");
    assert_eq!(create["ciuser"], "ops");
    assert_eq!(create["sshkeys"], "ssh-ed25519%20AAAA%2Bb%2Fc%3D%3D%20ops%40lan%0Assh-ed25519%20BBBB%20two");
    assert_eq!((&create["nameserver"], &create["searchdomain"]), (&json!("10.0.0.1 10.0.0.2"), &json!("lan")));
    assert_eq!(create["cicustom"], "vendor=local:snippets/k8s-ha-prod1-w1.yaml");
    let data = machine.vendor_data.as_ref().unwrap();
    assert!(data.starts_with("#cloud-config\n"), "{data}");
    let data: Json = serde_yaml::from_str(data).unwrap();
    assert_eq!(data["packages"], json!(["qemu-guest-agent", "salt-minion"]));
    let minion: Json = serde_yaml::from_str(data["write_files"][0]["content"].as_str().unwrap()).unwrap();
    assert_eq!(minion, json!({"id": "w1.site.lan", "master": ["salt1.lan", "salt2.lan"], "master_finger": "ab:cd"}));
    let everything = serde_json::to_string(&machine).unwrap();
    assert!(!everything.contains("sdb://") && !everything.contains("cipassword"), "{everything}");
}

#[test]
fn an_ipv6_address_has_its_own_keys() {
    let overlay = "
        networks: {six: {cidr: 'fd00::/64', gateway: 'fd00::1'}}
        nodes: {w1: {ip: 'fd00::21'}}
        ";
    assert_eq!(defined(overlay, "w1").create["ipconfig0"], "gw6=fd00::1,ip6=fd00::21/64");
}

#[test]
fn raw_parameters_win() {
    let overlay = "
        proxmox: {vm: {raw: {watchdog: 'model=i6300esb,action=reset', tablet: false, rng0: null}}}
        nodes: {w1: {vm: {raw: {scsi0: 'ceph:64', net1: 'virtio,bridge=vmbr1', start: 1}}}}
        ";
    let machine = defined(overlay, "w1");
    assert_eq!(machine.create["scsi0"], "ceph:64");
    assert!(!machine.volumes.contains_key("scsi0"));
    assert_eq!(machine.update["net1"], "virtio,bridge=vmbr1");
    assert_eq!(machine.update["watchdog"], "model=i6300esb,action=reset");
    assert_eq!(machine.create["tablet"], 0);
    assert!(!machine.create.contains_key("rng0"));
    assert!(machine.create.contains_key("start") && !machine.update.contains_key("start"));
    let keys: Vec<&String> = machine.create.keys().skip(1).collect();
    assert!(keys.is_sorted(), "{keys:?}");
}

#[test]
fn what_pve_refuses_is_refused_here() {
    for (raw, expected) in [
        ("{scsihww: lsi}", "did you mean `scsihw`?"),
        ("{scsihw: virtio}", "must be one of lsi"),
        ("{net40: virtio}", "from 0 to 31"),
        ("{allow-ksm: 0}", "since Proxmox VE 9"),
        ("{vmid: 7}", "knows no parameter `vmid`"),
        ("{cores: [4]}", "one value"),
    ] {
        let fault = fault(&format!("{{proxmox: {{version: 8}}, nodes: {{w1: {{vm: {{raw: {raw}}}}}}}}}"), "w1");
        assert!(
            fault.starts_with("the virtual machine of node `w1` cannot be defined: ") && fault.contains(expected),
            "{fault}"
        );
    }
}

#[test]
fn a_raw_password_is_refused_and_forgotten() {
    let topology = topology("nodes: {w1: {vm: {raw: {cipassword: hunter2}}}}");
    let fault = of_node(&topology, "w1").unwrap_err().to_string();
    assert!(fault.contains("`cipassword` is a secret") && !fault.contains("hunter2"), "{fault}");
    assert!(!format!("{topology:?}").contains("hunter2"));
}

#[test]
fn what_is_missing_is_named() {
    for (overlay, expected) in [
        ("nodes: {w1: {cpus: null}}", "write `cpus`"),
        ("nodes: {w1: {memory: null}}", "write `memory`"),
        ("nodes: {w1: {memory: 8GB}}", "write for example `memory: 7629MiB`"),
        ("nodes: {w1: {disks: {root: {size: null}}}}", "write `disks.root.size`"),
        ("nodes: {w1: {vm: {storage: null}}}", "write `vm.storage`"),
        ("nodes: {w1: {vm: {bridge: null}}}", "write `vm.bridge`"),
        ("nodes: {w1: {hypervisor: null}}", "write `hypervisor`"),
        ("nodes: {w1: {ip: 10.9.9.9}}", "no declared network holds its address 10.9.9.9"),
    ] {
        let fault = fault(overlay, "w1");
        assert!(fault.contains(expected), "{overlay}: {fault}");
    }
    let bare =
        "nodes: {w9: {roles: [worker], ip: 10.0.10.29, hypervisor: pve1, cpus: 2, memory: 4GiB, vm: {vmid: 419}}}";
    assert!(fault(bare, "w9").contains("write `disks.root`"));
    assert!(of_node(&topology("nodes: {w1: {vm: {vmid: null}}}"), "w1").unwrap().is_none());
    assert!(of_node(&topology("nodes: {w1: {vm: null}}"), "w1").unwrap().is_none());
}

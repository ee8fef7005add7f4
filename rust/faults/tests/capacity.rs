//! Capacity after losses, against every loss and every placement of small clusters, and figures worked out by hand.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::format_push_string, missing_docs)]

mod common;

use common::{THREE, example, names, resolved as topology};
use faults::{CapacityRow, Demand, Lack, Room, Verdict, capacity, machines};
use proptest::prelude::*;
use topology::{Kind, Topology};

const WORK: u64 = 50_000_000;
const GIB: u64 = 1 << 30;

fn rows(topology: &Topology, demands: &[Demand]) -> Vec<CapacityRow> {
    capacity(topology, demands, &mut WORK.clone())
}

fn of(rows: &[CapacityRow], kind: Option<Kind>) -> &CapacityRow {
    rows.iter().find(|row| row.kind == kind).unwrap()
}

fn pods(name: &str, replicas: u32, cpu_millis: u64, memory_bytes: u64) -> Demand {
    Demand { cpu_millis, memory_bytes, ..Demand::new(name, replicas) }
}

/// A worker of 8 processors and 32 GiB: 400m and 1 GiB are reserved, 200 MiB kept from eviction.
#[test]
fn reservations_and_static_pods_are_taken_off() {
    let topology = topology(THREE);
    let worker = Room::of(&topology, topology.node("w1").unwrap());
    assert_eq!((worker.cpu_millis, worker.memory_bytes, worker.pods), (Some(7_600), Some(31 * GIB - (200 << 20)), 110));
    // A master runs four static pods that request 650m and 100 MiB.
    let master = Room::of(&topology, topology.node("cp1").unwrap());
    assert_eq!((master.cpu_millis, master.memory_bytes, master.pods), (Some(2_950), Some(7 * GIB - (300 << 20)), 106));
}

#[test]
fn what_two_workers_hold_and_one_does_not() {
    let topology = topology(THREE);
    let found = rows(&topology, &[pods("web", 4, 3_000, GIB)]);
    assert_eq!(of(&found, None).verdict, Verdict::Fits);
    assert_eq!(of(&found, None).cpu_millis_left, Some(2 * 7_600 - 12_000));
    let lack = Lack::Places { demand: "web".to_owned(), replicas: 4, places: 2 };
    for kind in [Kind::Node, Kind::Hypervisor] {
        let row = of(&found, Some(kind));
        assert_eq!(row.verdict, Verdict::DoesNotFit(lack.clone()));
        assert_eq!(row.cpu_millis_left, Some(7_600 - 12_000));
        let names: Vec<&str> = row.witness.iter().map(|id| topology.domains.element(*id).name.as_str()).collect();
        assert_eq!(names, [if kind == Kind::Node { "w1" } else { "pve1" }]);
    }
    let two = [pods("web", 2, 3_000, GIB), pods("db", 1, 2_000, GIB)];
    assert_eq!(of(&rows(&topology, &two), Some(Kind::Node)).verdict, Verdict::DoesNotFit(Lack::Cpu));
    let memory = [pods("web", 2, 0, 16 * GIB)];
    let lack = Lack::Places { demand: "web".to_owned(), replicas: 2, places: 1 };
    assert_eq!(of(&rows(&topology, &memory), Some(Kind::Node)).verdict, Verdict::DoesNotFit(lack));
}

#[test]
fn pods_apart_need_as_many_nodes_and_budgets_one_more() {
    let topology = topology(THREE);
    let demands = [Demand { apart: true, min_available: Some(1), ..Demand::new("web", 2) }];
    let found = rows(&topology, &demands);
    assert_eq!(of(&found, None).verdict, Verdict::Fits);
    assert!(of(&found, None).budgets[0].lets_one_go());
    let lost = of(&found, Some(Kind::Node));
    assert_eq!(lost.verdict, Verdict::DoesNotFit(Lack::Places { demand: "web".to_owned(), replicas: 2, places: 1 }));
    assert_eq!(lost.budgets[0].running, 1);
    assert!(!lost.budgets[0].lets_one_go(), "one pod runs and one must");
}

#[test]
fn a_node_that_says_nothing_settles_nothing_that_needs_it() {
    let text = THREE.replace("cpus: 8, memory: 32GiB, ", "");
    let topology = topology(&text);
    assert_eq!(of(&rows(&topology, &[pods("web", 2, 100, 0)]), None).verdict, Verdict::NotSettled);
    assert_eq!(of(&rows(&topology, &[pods("web", 2, 100, 0)]), None).cpu_millis_left, None);
    assert_eq!(of(&rows(&topology, &[Demand::new("web", 2)]), Some(Kind::Node)).verdict, Verdict::Fits);
    // The kubelets take no more, whatever the nodes have.
    let many = [pods("web", 300, 100, 0)];
    assert!(matches!(of(&rows(&topology, &many), None).verdict, Verdict::DoesNotFit(_)));
}

#[test]
fn what_is_declared_is_what_runs() {
    let demands = Demand::declared(&example("zero-spof-five/bolabaden.sls"));
    let short: Vec<(&str, u32, bool, Option<u32>)> = demands
        .iter()
        .map(|demand| (demand.name.as_str(), demand.replicas, demand.apart, demand.min_available))
        .collect();
    assert_eq!(short, [("coredns", 3, true, None), ("ingress", 3, true, None), ("services", 3, true, Some(2))]);
    let topology = example("zero-spof-five/bolabaden.sls");
    let found = rows(&topology, &demands);
    assert_eq!(found.iter().map(|row| row.kind).collect::<Vec<_>>(), [None, Some(Kind::Site), Some(Kind::Node)]);
    assert!(found.iter().all(|row| row.verdict == Verdict::Fits), "{found:#?}");
}

const MACHINES: &str = include_str!("../../lint/src/bases/proxmox.yaml");

const UNDER_HA: &str = "storage: ceph, ha: true";

/// Machines on hypervisors with so much memory, of which the first keeps 8 GiB for itself; with these values for each.
fn hypervisors(memory: [&str; 3], vm: &str) -> String {
    let mut text = MACHINES
        .replace("storage: local-lvm, bridge: vmbr0}", &format!("{vm}, bridge: vmbr0}}\n  shared_storages: [ceph]"));
    for (place, memory) in memory.into_iter().enumerate() {
        let reserved = if place == 0 { ", reserved_memory: 8GiB" } else { "" };
        let written = format!("pve{}: {{cpus: 32, memory: 128GiB, reserved_memory: 8GiB", place + 1);
        text = text.replace(&written, &format!("pve{}: {{cpus: 32, memory: {memory}{reserved}", place + 1));
    }
    text
}

#[test]
fn machines_of_a_lost_hypervisor_find_memory_or_do_not() {
    // pve1 and pve2 carry 8 + 32 GiB each, pve3 8 GiB.
    let topology = topology(&hypervisors(["64GiB", "48GiB", "40GiB"], UNDER_HA));
    let found = machines(&topology, &mut WORK.clone());
    let short: Vec<(Vec<String>, Vec<String>, bool)> = found
        .iter()
        .map(|machines| (names(&topology, &machines.restarted), names(&topology, &machines.no_room), machines.settled))
        .collect();
    let list = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    let expected = [
        (list(&["cp1", "w1"]), list(&[]), true),
        (list(&["cp2", "w2"]), list(&[]), true),
        (list(&["cp3"]), list(&[]), true),
    ];
    assert_eq!(short, expected);
    let small = common::resolved(&hypervisors(["64GiB", "48GiB", "39GiB"], UNDER_HA));
    let found = machines(&small, &mut WORK.clone());
    assert_eq!((names(&small, &found[0].no_room), found[0].settled), (list(&["w1"]), true));
    // What pve1 keeps for itself is not free: 7 GiB are.
    let kept = common::resolved(&hypervisors(["55GiB", "48GiB", "40GiB"], UNDER_HA));
    assert_eq!(names(&kept, &machines(&kept, &mut WORK.clone())[1].no_room), ["cp2"]);
}

#[test]
fn machines_stay_down_without_ha_and_with_a_local_disk() {
    let memory = ["64GiB", "48GiB", "40GiB"];
    let local = topology(&hypervisors(memory, "storage: local-lvm, ha: true"));
    assert_eq!(names(&local, &machines(&local, &mut WORK.clone())[0].local_disk), ["cp1", "w1"]);
    let without = topology(&hypervisors(memory, "storage: ceph"));
    assert_eq!(names(&without, &machines(&without, &mut WORK.clone())[0].not_under_ha), ["cp1", "w1"]);
    let unsaid = topology(&hypervisors(memory, UNDER_HA).replace(", memory: 40GiB", ""));
    assert!(!machines(&unsaid, &mut WORK.clone())[0].settled, "pve3 does not say what it has");
}

#[test]
fn the_worst_of_the_targeted_losses_comes_last() {
    let text = hypervisors(["64GiB", "48GiB", "40GiB"], UNDER_HA).replace("hypervisor: 1}", "hypervisor: 2}");
    let topology = topology(&text);
    let found = machines(&topology, &mut WORK.clone());
    assert_eq!(found.len(), 4);
    assert_eq!(found[3].lost.len(), 2);
    let lost: Vec<&str> = found[3].lost.iter().map(|id| topology.domains.element(*id).name.as_str()).collect();
    assert_eq!(lost, ["pve1", "pve2"], "pve3 alone has 32 GiB free for 80");
    assert_eq!(names(&topology, &found[3].no_room), ["cp1", "cp2", "w2"]);
}

/// A small cluster: hosts on one or two switches, pods of three kinds.
#[derive(Clone, Debug)]
struct Small {
    /// Processors, switches of its own as bits, and the hypervisor, which has a switch too.
    workers: Vec<(u32, u8, Option<u8>)>,
    switches: u32,
    demands: Vec<(u32, u64, bool)>,
}

fn small() -> impl Strategy<Value = Small> {
    (
        prop::collection::vec((1u32..5, 0u8..8, prop::option::of(0u8..3)), 1..5),
        1u32..3,
        prop::collection::vec((0u32..4, 0u64..3, any::<bool>()), 1..4),
    )
        .prop_map(|(workers, switches, demands)| Small { workers, switches, demands })
}

fn places(bins: &mut [u64], pods: &[(usize, u64, bool)], placed: &mut Vec<(usize, usize)>) -> bool {
    let Some((demand, size, apart)) = pods.get(placed.len()).copied() else { return true };
    for bin in 0..bins.len() {
        if bins[bin] < size || (apart && placed.contains(&(demand, bin))) {
            continue;
        }
        bins[bin] -= size;
        placed.push((demand, bin));
        let found = places(bins, pods, placed);
        placed.pop();
        bins[bin] += size;
        if found {
            return true;
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_verdict_is_that_of_every_loss_and_placement(small in small()) {
        let mut text = THREE[..THREE.find("nodes:").unwrap()].replace("{node: 1, hypervisor: 1}", &format!("{{node: 1, switch: {}}}", small.switches));
        text += "hypervisors: {h0: {switches: [sw0]}, h1: {switches: [sw1]}, h2: {switches: [sw0, sw2]}}\nnodes:\n  cp1: {profile: master, ip: 10.0.10.11}\n";
        for (place, (cpus, on, host)) in small.workers.iter().enumerate() {
            let on: Vec<String> = (0..3).filter(|switch| on >> switch & 1 == 1).map(|switch| format!("sw{switch}")).collect();
            text += &format!("  w{place}: {{roles: [worker], ip: 10.0.10.{}, cpus: {cpus}, memory: 8GiB, switches: [{}]{}}}\n", 20 + place, on.join(", "), host.map_or(String::new(), |host| format!(", hypervisor: h{host}")));
        }
        let topology = topology(&text);
        let demands: Vec<Demand> = small.demands.iter().enumerate().map(|(place, (replicas, cpus, apart))| Demand {
            cpu_millis: cpus * 1_000,
            apart: *apart,
            ..Demand::new(&format!("app{place}"), *replicas)
        }).collect();
        let pods: Vec<(usize, u64, bool)> = small.demands.iter().enumerate()
            .flat_map(|(place, (replicas, cpus, apart))| vec![(place, cpus * 1_000, *apart); *replicas as usize])
            .collect();
        let found = rows(&topology, &demands);
        for kind in [Kind::Node, Kind::Switch] {
            let elements: Vec<_> = topology.domains.of_kind(kind).collect();
            let most = topology.survive(kind).min(elements.len() as u32);
            let mut fits = true;
            for set in 0..1u32 << elements.len() {
                if set.count_ones() != most { continue; }
                let set: Vec<_> = elements.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1).map(|(_, id)| *id).collect();
                let lost: Vec<&str> = topology.domains.nodes_lost_with(&set).collect();
                let mut bins: Vec<u64> = small.workers.iter().enumerate()
                    .filter(|(place, _)| !lost.contains(&format!("w{place}").as_str()))
                    .map(|(_, (cpus, ..))| u64::from(*cpus) * 1_000 - 400)
                    .collect();
                fits &= places(&mut bins, &pods, &mut Vec::new());
            }
            let Some(row) = found.iter().find(|row| row.kind == Some(kind)) else { continue };
            match row.verdict {
                Verdict::Fits => prop_assert!(fits, "{kind:?}"),
                Verdict::DoesNotFit(_) => prop_assert!(!fits, "{kind:?}"),
                Verdict::NotSettled => prop_assert!(false, "small sizes are settled"),
            }
        }
    }
}

//! Which nodes go with a hypervisor, and what it costs that machines have moved.

use crate::support::{PILLAR, topology};
use gate::{ObservedMachine, State, misplaced, taken};

const PROXMOX: &str = "
proxmox: {connection: {urls: ['https://pve1.lan:8006'], user: salt@pve, token: 'sdb://keys/proxmox', ca: PEM}}
";

fn machine(node: &str, hypervisor: Option<&str>, state: State) -> ObservedMachine {
    ObservedMachine { node: node.to_owned(), hypervisor: hypervisor.map(str::to_owned), state }
}

#[test]
fn the_nodes_of_a_hypervisor_are_those_whose_machines_are_there() {
    let topology = topology(&(PILLAR.to_owned() + PROXMOX));
    let seen = [
        machine("cp1", Some("pve1"), State::Up),
        machine("cp2", Some("pve1"), State::Up),
        // Nobody knows where it is: it is where the pillar says.
        machine("w2", None, State::Unknown),
    ];
    let on = |name: &str| taken(&topology, Some(&seen), &[], &[name.to_owned()]).map_err(|error| error.to_string());
    assert_eq!(on("pve1").unwrap(), ["cp1", "cp2", "w1"]);
    assert_eq!(on("pve2").unwrap(), ["w2", "w3"]);
    assert!(on("pve9").unwrap_err().contains("no node stands on a hypervisor `pve9`"));
}

#[test]
fn where_the_machines_can_be_seen_the_word_of_the_pillar_is_not_enough() {
    let asked = topology(&(PILLAR.to_owned() + PROXMOX));
    let named = ["cp2".to_owned(), "cp1".to_owned(), "cp2".to_owned()];
    let hypervisor = ["pve1".to_owned()];
    assert_eq!(taken(&asked, None, &named, &[]).unwrap(), ["cp2", "cp1"]);
    assert!(
        taken(&asked, None, &named, &hypervisor).unwrap_err().to_string().contains("nobody says which machines run on")
    );
    let declared = topology(PILLAR);
    assert_eq!(taken(&declared, None, &named, &hypervisor).unwrap(), ["cp2", "cp1", "w1"]);
}

#[test]
fn a_machine_that_moved_is_told_with_what_it_costs() {
    let pillar = PILLAR.replace("hypervisor: pve1}", "hypervisor: pve1, vm: {vmid: 401}}");
    let pillar = pillar.replace("hypervisor: pve2}", "hypervisor: pve2, vm: {vmid: 402}}");
    let topology = topology(&(pillar + PROXMOX));
    let told = |seen: &[ObservedMachine]| misplaced(&topology, seen).join(" | ");
    assert_eq!(told(&[machine("cp1", Some("pve1"), State::Up), machine("cp2", Some("pve2"), State::Up)]), "");
    let moved = told(&[machine("cp2", Some("pve1"), State::Up)]);
    assert!(moved.contains("the machine of cp2 is on pve1, the pillar says pve2"), "{moved}");
    assert!(moved.contains("the loss of pve1 takes too much") && moved.contains("etcd 1 of 3 voters"), "{moved}");
    // It moved to where nothing else is lost with it.
    let harmless = told(&[machine("w3", Some("pve3"), State::Down)]);
    assert!(harmless.contains("w3 is on pve3") && harmless.contains("w3 does not run"), "{harmless}");
    assert!(!harmless.contains("takes too much"), "{harmless}");
    assert!(told(&[machine("cp1", None, State::Unknown)]).contains("shows no machine of cp1"));
}

//! Cuts: which side serves, who holds the address, what is lost on return.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::format_push_string, missing_docs)]

mod common;

use common::{THREE, names, resolved as topology};
use faults::{Address, Cut, CutError, Model, Partition, Returns, declared_cuts, partition, partitions};
use proptest::prelude::*;
use topology::Topology;

fn cut(topology: &Topology, nodes: &[&str]) -> Partition {
    partition(&Model::of(topology), topology, Cut::of_nodes(topology, nodes).unwrap())
}

fn serves(topology: &Topology, partition: &Partition, side: usize) -> Vec<String> {
    let model = Model::of(topology);
    partition.sides[side].serve.iter().map(|id| model.services[id.0].name.clone()).collect()
}

#[test]
fn one_master_cut_off_gives_the_address_up() {
    let topology = topology(THREE);
    let found = cut(&topology, &["cp1"]);
    assert_eq!(names(&topology, &found.sides[0].nodes), ["cp1"]);
    assert_eq!(found.sides[0].address, Address::NotHeld);
    assert!(serves(&topology, &found, 0).iter().all(|name| name != "kubernetes" && name != "etcd"));
    assert_eq!(found.sides[1].address, Address::Held { by: vec![1, 2], serves: true });
    assert!(serves(&topology, &found, 1).contains(&"etcd".to_owned()));
    assert!(!found.address_held_twice() && !found.address_serves_twice());
}

/// Five masters in two and three: the two reach each other's balancer, keep the address, and serve nothing behind it.
#[test]
fn two_cut_off_together_hold_the_address_without_serving() {
    let five = THREE
        .replace("  w1:", "  cp4: {profile: master, ip: 10.0.10.14}\n  cp5: {profile: master, ip: 10.0.10.15}\n  w1:");
    let topology = topology(&five);
    let found = cut(&topology, &["cp1", "cp2"]);
    assert_eq!(found.sides[0].address, Address::Held { by: vec![0, 1], serves: false });
    assert!(found.address_held_twice() && !found.address_serves_twice());
}

#[test]
fn only_a_check_of_ours_without_weight_gives_the_address_up() {
    let weighted = format!("{THREE}load_balancer: {{keepalived: {{check: {{weight: -50}}}}}}\n");
    let foreign = format!("{THREE}manage: {{load_balancer: false}}\n");
    for text in [weighted, foreign] {
        let found = cut(&topology(&text), &["cp1"]);
        assert_eq!(found.sides[0].address, Address::Held { by: vec![0], serves: false }, "{text}");
    }
    let lease = topology(&format!("{THREE}load_balancer: {{type: kube-vip}}\n"));
    assert_eq!(cut(&lease, &["cp1", "w1"]).sides[0].address, Address::NotHeld);
    let local = topology(&format!("{THREE}load_balancer: {{type: local}}\n"));
    assert_eq!(cut(&local, &["cp1"]).sides[0].address, Address::DoesNotMove);
}

#[test]
fn what_loses_writes_is_named() {
    let text = format!(
        "{THREE}storage: {{longhorn: {{replicas: 3, nodes: [cp1, cp2, cp3]}}, rook: {{}}}}
apps: {{db: {{type: postgres, replicas: 2}}, one: {{type: postgres, storage: longhorn}}, cache: {{type: redis}}, web: {{}}}}
"
    );
    let topology = topology(&text);
    let returns = |partition: &Partition| -> Vec<(String, Returns)> {
        partition.rejoin.iter().map(|rejoin| (rejoin.of.clone(), rejoin.returns)).collect()
    };
    let expected = [
        ("etcd", Returns::CatchesUp),
        ("storage rook", Returns::CatchesUp),
        ("storage longhorn", Returns::WritesDiscarded),
        ("db", Returns::Forks),
        ("one", Returns::OneWriter),
        ("cache", Returns::WritesDiscarded),
    ];
    let expected: Vec<(String, Returns)> = expected.map(|(of, returns)| (of.to_owned(), returns)).into();
    assert_eq!(returns(&cut(&topology, &["cp1", "w1"])), expected);
    // Both workers on one side: nothing of the applications is on the other, and nobody who writes to its replicas.
    let found = returns(&cut(&topology, &["cp1"]));
    assert_eq!(found[2..].iter().map(|(_, returns)| *returns).collect::<Vec<_>>(), [Returns::OneWriter; 4]);
    // All replicas on one side.
    assert_eq!(returns(&cut(&topology, &["w1", "w2"]))[2].1, Returns::OneWriter);
}

#[test]
fn cuts_of_the_declared_network_come_once() {
    let text = THREE.replace("nodes:\n", "racks:\n  r1: {switches: [sw1, sw2]}\n  r2: {switches: [sw3]}\nhypervisors:\n  pve1: {rack: r1}\n  pve2: {rack: r1}\n  pve3: {rack: r2}\n  pve4: {rack: r2}\nnodes:\n");
    let topology = topology(&text);
    let name = |id: &topology::ElementId| topology.domains.element(*id).name.clone();
    let found: Vec<(Vec<Vec<String>>, Vec<String>)> = partitions(&Model::of(&topology), &topology, &mut 1_000_000)
        .evaluated
        .iter()
        .map(|partition| {
            let made_by = partition.cut.made_by.iter().map(|maker| maker.iter().map(name).collect()).collect();
            (made_by, names(&topology, &partition.sides[0].nodes))
        })
        .collect();
    let strings = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    let expected = vec![
        // pve4 is in r2 and carries nothing: the rack and pve3 alone are not the same cut.
        (vec![strings(&["r1"]), strings(&["r2"]), strings(&["sw3"]), strings(&["sw1", "sw2"])], strings(&["cp3"])),
        (vec![strings(&["pve1"])], strings(&["cp1", "w1"])),
        (vec![strings(&["pve2"])], strings(&["cp2", "w2"])),
        (vec![strings(&["pve3"])], strings(&["cp3"])),
    ];
    assert_eq!(found, expected);
}

#[test]
fn names_are_checked_and_both_sides_have_nodes() {
    let topology = topology(THREE);
    let error = Cut::of_nodes(&topology, &["cp11"]).unwrap_err();
    assert_eq!(error.to_string(), "there is no node `cp11`; did you mean `cp1`?");
    for all in [&[][..], &["cp1", "cp2", "cp3", "w1", "w2"]] {
        assert_eq!(Cut::of_nodes(&topology, all), Err(CutError::OneSide));
    }
}

#[test]
fn cuts_beyond_the_allowed_work_are_left_out() {
    let topology = topology(THREE);
    let found = partitions(&Model::of(&topology), &topology, &mut 200);
    assert_eq!(found.evaluated.len() + found.left_out.len(), declared_cuts(&topology).len());
    assert!(!found.left_out.is_empty());
}

#[test]
fn an_answer_has_names() {
    let topology = topology(THREE);
    let model = Model::of(&topology);
    let json = serde_json::to_value(model.partition_answer(&topology, &cut(&topology, &["cp1"]))).unwrap();
    assert_eq!(json["sides"][0]["nodes"], serde_json::json!(["cp1"]));
    assert_eq!(json["sides"][0]["address_held_by"], serde_json::json!([]));
    assert_eq!(json["sides"][1]["address_held_by"], serde_json::json!(["cp2", "cp3"]));
    assert_eq!(json["rejoin"][0]["returns"], "catches_up");
}

/// A hypervisor is where its nodes are, and seen from both sides where they are on both.
#[test]
fn hypervisors_are_where_their_nodes_are() {
    let topology = topology(THREE);
    let mut model = Model::of(&topology);
    let quorum: Vec<_> = model.of_kind(topology::Kind::Hypervisor).collect();
    let hosts = quorum.iter().map(|event| model.formulas.event(*event)).collect::<Vec<_>>();
    for (host, formula) in hosts.into_iter().enumerate() {
        let name = format!("pve{}", host + 1);
        let etcd = model.services[0].clone();
        model.services.push(faults::Service { name, serve: formula, recover: formula, data: None, ..etcd });
    }
    let seen = |nodes: &[&str]| -> [Vec<String>; 2] {
        let found = partition(&model, &topology, Cut::of_nodes(&topology, nodes).unwrap());
        found.sides.map(|side| {
            let names = side.serve.iter().map(|id| model.services[id.0].name.clone());
            names.filter(|name| name.starts_with("pve")).collect()
        })
    };
    assert_eq!(seen(&["cp1", "w1"]), [vec!["pve1"], vec!["pve2", "pve3"]]);
    assert_eq!(seen(&["cp1", "cp3"]), [vec!["pve1", "pve3"], vec!["pve1", "pve2"]]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Masters and workers on either side: majorities and checks by counting.
    #[test]
    fn sides_by_counting(masters in 1usize..7, workers in 0usize..4, inside in any::<u16>()) {
        let mut nodes = String::new();
        for master in 0..masters {
            nodes += &format!("  cp{master}: {{roles: [control_plane], ip: 10.0.10.{}}}\n", 11 + master);
        }
        for worker in 0..workers {
            nodes += &format!("  w{worker}: {{roles: [worker], ip: 10.0.10.{}}}\n", 31 + worker);
        }
        let head = &THREE[..THREE.find("profiles:").unwrap()];
        let topology = topology(&format!("{head}nodes:\n{nodes}"));
        let chosen: Vec<&str> = topology
            .nodes
            .iter()
            .enumerate()
            .filter(|(place, _)| inside >> place & 1 == 1)
            .map(|(_, node)| node.name.as_str())
            .collect();
        if chosen.is_empty() || chosen.len() == masters + workers {
            prop_assert_eq!(Cut::of_nodes(&topology, &chosen), Err(CutError::OneSide));
            return Ok(());
        }
        let found = cut(&topology, &chosen);
        prop_assert!(found.sides[0].nodes.len() <= found.sides[1].nodes.len());
        prop_assert!(!found.address_serves_twice());
        for (place, side) in found.sides.iter().enumerate() {
            let here = names(&topology, &side.nodes);
            prop_assert!(here.iter().all(|name| chosen.contains(&name.as_str())) || here.iter().all(|name| !chosen.contains(&name.as_str())));
            let voters = here.iter().filter(|name| name.starts_with("cp")).count();
            let api = voters > masters / 2;
            prop_assert_eq!(serves(&topology, &found, place).contains(&"kubernetes".to_owned()), api);
            let held = matches!(side.address, Address::Held { .. });
            prop_assert_eq!(held, api || voters > 1);
            prop_assert_eq!(matches!(side.address, Address::Held { serves: true, .. }), api);
        }
    }
}

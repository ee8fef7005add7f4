//! What the documents of the worked examples claim about a network that is cut, against the answers about their pillars.
//!
//! A claim under `partition` in `claims.yaml` names the nodes on one side (`apart`), the services that one of the sides goes
//! on with (`keeps`), whether one side alone has the address of the API (`one_address`), and whether no write is lost when
//! the network is whole again (`reconciles`). Beside it stands what is answered: what is `lost` on each side, the smaller
//! first, how what keeps something `returns`, and whether the claim `holds`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::topology;
use faults::{Cut, Model, PartitionAnswer, partition};
use tree::{NodeId, SourceId, Tree, Value};

const EXAMPLES: [(&str, &str); 4] = [
    (
        include_str!("../../../pillar/stacked-three-masters/home.sls"),
        include_str!("../../../pillar/stacked-three-masters/claims.yaml"),
    ),
    (
        include_str!("../../../pillar/proxmox-salt-centos/lab.sls"),
        include_str!("../../../pillar/proxmox-salt-centos/claims.yaml"),
    ),
    (
        include_str!("../../../pillar/zero-spof-five/bolabaden.sls"),
        include_str!("../../../pillar/zero-spof-five/claims.yaml"),
    ),
    (
        include_str!("../../../pillar/microk8s-three/cheap.sls"),
        include_str!("../../../pillar/microk8s-three/claims.yaml"),
    ),
];

fn items(tree: &Tree, list: NodeId) -> Vec<NodeId> {
    match tree.value(list) {
        Value::List(items) => items.clone(),
        other => panic!("a list is expected, not {other:?}"),
    }
}

fn texts(tree: &Tree, list: Option<NodeId>) -> Vec<String> {
    let all = list.map_or(Vec::new(), |list| items(tree, list));
    all.into_iter().map(|item| tree.text(item).unwrap().to_owned()).collect()
}

fn is_true(tree: &Tree, value: Option<NodeId>) -> bool {
    value.is_some_and(|value| matches!(tree.value(value), Value::Bool(true)))
}

/// What is answered, in the form of a claim.
fn said(answer: &PartitionAnswer) -> (Vec<Vec<String>>, Vec<(String, String)>) {
    let lost = answer.sides.iter().map(|side| side.lost.clone()).collect();
    let returns = answer.rejoin.iter().map(|rejoin| (rejoin.of.clone(), rejoin.returns.to_owned())).collect();
    (lost, returns)
}

fn check(pillar: &str, tree: &Tree, claim: NodeId, asked: NodeId) {
    let sentence = tree.text(tree.get(claim, "claim").unwrap()).unwrap();
    let topology = topology(&[pillar]);
    let model = Model::of(&topology);
    let apart = texts(tree, tree.get(asked, "apart"));
    let cut = Cut::of_nodes(&topology, &apart.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    let answer = model.partition_answer(&topology, &partition(&model, &topology, cut));

    let lost = items(tree, tree.get(claim, "lost").unwrap()).into_iter().map(|side| texts(tree, Some(side))).collect();
    let Value::Map(entries) = tree.value(tree.get(claim, "returns").unwrap()) else { panic!("{sentence}: a mapping") };
    let text = |node: NodeId| tree.text(node).unwrap().to_owned();
    let returns = entries.iter().map(|(key, value)| (tree.key_text(*key), text(*value))).collect();
    assert_eq!(said(&answer), (lost, returns), "{sentence}");

    let serves = |name: &String| answer.sides.iter().any(|side| side.serves.contains(name));
    let keeps = texts(tree, tree.get(asked, "keeps"));
    assert!(keeps.iter().all(|name| model.service(name).is_some()), "{sentence}");
    let reconciles = answer.rejoin.iter().all(|rejoin| !rejoin.loses_writes);
    let asks = |key: &str| is_true(tree, tree.get(asked, key));
    let holds = keeps.iter().all(serves)
        && (!asks("reconciles") || reconciles)
        && (!asks("one_address") || !answer.address_held_twice);
    assert_eq!(holds, is_true(tree, tree.get(claim, "holds")), "{sentence}");
}

#[test]
fn a_cut_network_does_as_the_claims_say() {
    let mut checked = 0;
    for (pillar, claims) in EXAMPLES {
        let mut tree = Tree::new();
        let root = yaml::parse_into(&mut tree, claims.as_bytes(), SourceId(0), &yaml::Limits::default()).unwrap();
        for claim in items(&tree, root) {
            if let Some(asked) = tree.get(claim, "partition") {
                check(pillar, &tree, claim, asked);
                checked += 1;
            }
        }
    }
    assert!(checked >= 4, "{checked}");
}

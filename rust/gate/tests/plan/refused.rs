//! What no plan does.

use crate::cluster::{Cluster, codes, three};

#[test]
fn what_the_cluster_was_built_on() {
    let ranges = three().and("network: {pod_cidrs: [10.99.0.0/16], service_cidrs: [10.98.0.0/16]}");
    let plan = three().to(&ranges);
    assert_eq!(codes(&plan), ["pod_cidrs", "service_cidrs"]);
    let told = &plan.refused[0];
    assert!(
        told.reason.starts_with("network.pod_cidrs is 10.99.0.0/16 in the new pillar, and 10.244.0.0/16 in the old"),
        "{told:?}"
    );
    assert!(told.remedy.starts_with("keep 10.244.0.0/16"), "{told:?}");
    let external = Cluster { etcd: ["e1@31", "e2@32", "e3@33"].map(str::to_owned).into(), ..three() };
    assert_eq!(codes(&three().to(&external)), ["etcd"]);
    assert_eq!(codes(&external.to(&three())), ["etcd"]);
}

#[test]
fn another_release() {
    for (version, code, remedy) in [
        ("v1.36.9", "upgrade", "plan everything else with v1.36.4"),
        ("v1.37.0", "upgrade", "plan everything else with v1.36.4"),
        ("v1.36.1", "downgrade", "keep v1.36.4"),
        ("v1.35.2", "downgrade", "keep v1.36.4"),
    ] {
        let plan = three().to(&Cluster { version, ..three() });
        assert_eq!(codes(&plan), [code], "{version}");
        assert!(plan.refused[0].reason.contains(version) && plan.refused[0].remedy.contains(remedy), "{plan:?}");
    }
    let plan = Cluster { version: "v1.35.2", ..three() }.to(&Cluster { version: "v1.37.0", ..three() });
    assert_eq!(codes(&plan), ["minor_skipped"]);
    assert!(plan.refused[0].remedy.contains("a release of 1.36 first"), "{plan:?}");
}

#[test]
fn addresses_and_names() {
    let of = |masters: &[&str]| three().to(&Cluster::of(masters, &["w1@21", "w2@22"]));
    let swapped = of(&["cp1@12", "cp2@11", "cp3@13"]);
    assert_eq!(codes(&swapped), ["swapped"]);
    let reason = &swapped.refused[0].reason;
    assert!(reason.contains("of cp1 is 10.0.10.12") && reason.contains("swapped with cp2"), "{reason}");
    assert_eq!(codes(&of(&["cp1@12", "cp2@13", "cp3@11"])), ["swapped"; 3], "in a ring");
    assert_eq!(codes(&of(&["cp1@11", "cp2@12", "cp3@33"])), ["address"]);
    let took = of(&["cp1@13", "cp2@12"]);
    assert_eq!(codes(&took), ["address"], "that of one that goes");
    assert!(took.refused[0].reason.contains("which was that of cp3"), "{took:?}");
    let renamed = of(&["cp1@11", "cp2@12", "cp9@13"]);
    assert_eq!(codes(&renamed), ["node"]);
    assert!(renamed.refused[0].remedy.contains("apply a pillar without cp3 first"), "{renamed:?}");
    let pushed = of(&["cp1@11", "cp2@12", "cp3@33", "cp4@13"]);
    assert_eq!(codes(&pushed), ["address"], "a new one has the address of one that stays elsewhere: told once");
}

#[test]
fn a_worker_does_not_become_a_master() {
    let plan = three().to(&Cluster::of(&["cp1@11", "cp2@12", "cp3@13", "w1@21"], &["w2@22"]));
    assert_eq!(codes(&plan), ["role"]);
    assert!(plan.refused[0].reason.contains("w1 belongs to the control plane with the new pillar"), "{plan:?}");
}

#[test]
fn so_many_members_at_once_that_the_quorum_would_go() {
    let plan = three().to(&Cluster::of(&["cp1@11"], &["w1@21", "w2@22"]));
    assert_eq!(codes(&plan), ["quorum"]);
    let reason = &plan.refused[0].reason;
    assert!(
        reason.starts_with("2 of the 3 members of etcd leave, cp2, cp3: while they go one by one, stopping cp3")
            && reason.contains("stopping cp3 leaves etcd 1 of 2 voters"),
        "{reason}"
    );
}

#[test]
fn two_members_are_not_restarted() {
    let two = Cluster::of(&["cp1@11", "cp2@12"], &["w1@21"]);
    let plan = two.to(&two.quota("6GiB"));
    assert_eq!(codes(&plan), ["quorum", "quorum"]);
    assert!(plan.refused[0].reason.starts_with("restarting etcd on cp1 leaves etcd 1 of 2 voters"), "{plan:?}");
    assert_eq!(plan.refused[0].remedy, "give etcd three members");
}

#[test]
fn what_forbids_the_new_pillar_forbids_the_plan() {
    let objection =
        gate::Objection { code: "ETCD-001".to_owned(), reason: "so it is".to_owned(), remedy: "mend it".to_owned() };
    let (topology, facts) = (three().topology(), topology::Facts::built_in().unwrap());
    let plan = gate::plan(&topology, &topology, &facts, vec![objection]).unwrap();
    assert_eq!(codes(&plan), ["ETCD-001"]);
}

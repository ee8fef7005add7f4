//! Times against figures worked out by hand.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::{THREE, example, resolved as topology};
use faults::{Failure, SwitchOver, switch_over};
use topology::{Timing, Topology};

fn of(topology: &Topology, name: &str, failure: Failure) -> SwitchOver {
    let all = switch_over(topology);
    let found = all.iter().find(|time| time.of == name && time.failure == failure);
    found.unwrap_or_else(|| panic!("{name}: {all:#?}")).clone()
}

fn seconds(time: &SwitchOver) -> Vec<f64> {
    time.parts.iter().map(|part| part.takes.map_or(f64::INFINITY, topology::values::Duration::as_seconds)).collect()
}

/// Advertisements of 0.5 s and a lowest priority of 110: 1.5 + 146/512 s. An election: 2 s. HAProxy: 4 s.
#[test]
fn clocks_that_run_together_add_up_to_the_longest() {
    let topology = topology(THREE);
    let lost = of(&topology, "kubernetes", Failure::NodeLost);
    let takeover = 1.5 + 146.0 / 512.0;
    let expected = [takeover, 2.0 - takeover, 2.0];
    for (found, expected) in seconds(&lost).into_iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{lost:#?}");
    }
    assert_eq!(lost.total(), Timing::of(&topology).api_failover());
    assert_eq!(lost.meets(&topology), Some(true));
    let slow = common::resolved(&THREE.replace("api_failover: 10s", "api_failover: 3s"));
    assert_eq!(of(&slow, "kubernetes", Failure::NodeLost).meets(&slow), Some(false));
}

#[test]
fn pods_wait_for_grace_and_toleration() {
    let plain = topology(THREE);
    assert_eq!(seconds(&of(&plain, "pods", Failure::NodeLost)), [50.0, 5.0, 300.0]);
    assert_eq!(of(&plain, "pods", Failure::NodeLost).meets(&plain), Some(true));
    let written = format!(
        "{THREE}kubeadm:
  controller_manager: {{extra_args: [{{name: node-monitor-grace-period, value: 20s}}]}}
  api_server: {{extra_args: [{{name: default-unreachable-toleration-seconds, value: \"30\"}}]}}
"
    );
    assert_eq!(seconds(&of(&topology(&written), "pods", Failure::NodeLost)), [20.0, 5.0, 30.0]);
}

/// 50 + 5 + 300 + 360 s are more than the ten minutes that are the default target.
#[test]
fn a_volume_is_freed_by_force_or_never() {
    let text = format!("{THREE}storage: {{longhorn: {{}}}}\n");
    let plain = topology(&text);
    let volume = of(&plain, "storage longhorn", Failure::NodeLost);
    assert_eq!(volume.total().unwrap().as_seconds().to_string(), "715");
    assert_eq!(volume.meets(&plain), Some(false));
    let off =
        "kubeadm: {controller_manager: {extra_args: [{name: disable-force-detach-on-timeout, value: \"true\"}]}}\n";
    let never = topology(&format!("{text}{off}"));
    let volume = of(&never, "storage longhorn", Failure::NodeLost);
    assert_eq!((volume.total(), volume.meets(&never)), (None, Some(false)));
}

#[test]
fn an_address_that_nothing_moves_is_said_so() {
    let text = format!("{THREE}load_balancer: {{keepalived: {{check: {{weight: -50}}}}}}\n");
    let topology = topology(&text);
    let hung = of(&topology, "kubernetes", Failure::ProcessHung);
    assert_eq!((hung.total(), hung.meets(&topology)), (None, Some(false)));
    assert!(of(&topology, "kubernetes", Failure::NodeLost).total().is_some());
}

#[test]
fn leases_and_other_balancers() {
    let lease = topology(&format!("{THREE}load_balancer: {{type: kube-vip}}\n"));
    assert_eq!(of(&lease, "kubernetes", Failure::NodeLost).total(), Timing::of(&lease).lease_takeover());
    let plain = topology(THREE);
    assert_eq!(seconds(&of(&plain, "kube-scheduler", Failure::ProcessHung)), [15.0, 2.0]);
    let external = topology(&format!("{THREE}load_balancer: {{type: external}}\n"));
    assert!(switch_over(&external).iter().all(|time| time.of != "kubernetes"), "nothing is promised");
}

#[test]
fn answers_have_names_and_sums() {
    let topology = example("stacked-three-masters/home.sls");
    let answers: Vec<_> = switch_over(&topology).iter().map(|time| time.answer(&topology)).collect();
    let json = serde_json::to_value(&answers).unwrap();
    let pods = json.as_array().unwrap().iter().find(|answer| answer["of"] == "pods").unwrap();
    assert_eq!((pods["seconds"].as_f64(), pods["target"].as_str()), (Some(355.0), Some("targets.recovery_time")));
    assert!(switch_over(&example("microk8s-three/cheap.sls")).is_empty(), "nothing of it is rendered");
}

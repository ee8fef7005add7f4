//! The order in which nodes are worked on.

use crate::support::{PILLAR, topology};
use gate::roll_order;

#[test]
fn control_plane_first_by_failure_domain_and_the_leader_last_of_its_kind() {
    let topology = topology(PILLAR);
    assert_eq!(roll_order(&topology, None), ["cp1", "cp2", "cp3", "w1", "w2", "w3"]);
    assert_eq!(roll_order(&topology, Some("cp1")), ["cp2", "cp3", "cp1", "w1", "w2", "w3"]);
    let turned = PILLAR.replace("hypervisor: pve1}\n  cp2", "hypervisor: pve9}\n  cp2");
    assert_eq!(roll_order(&self::topology(&turned), None)[..3], ["cp2", "cp3", "cp1"]);
}

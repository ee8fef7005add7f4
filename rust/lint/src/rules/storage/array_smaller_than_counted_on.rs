use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "STO-041",
    name: "array-smaller-than-counted-on",
    severity: Severity::Error,
    reason: "What an array survives is paid for with space: one disk at level 5, two at level 6, half of all at 10 and 1E, all \
             but one at 1. What is planned beyond that fills the array long before it should, and a full disk stops whoever \
             writes to it.",
    remedy: "Correct `usable_size`, or take more disks, larger ones, or another level.",
    source: "SNIA, Common RAID Disk Data Format, the levels",
    failing: Example::three_masters(
        r#"
        storage:
          raid:
            array:
              node: w1
              level: "1E"
              disks: 3
              disk_size: 120GB
              usable_size: 240GB       # <- STO-041
        "#,
    ),
    passing: Example::three_masters(
        r#"
        storage:
          raid:
            array: {node: w1, level: "1E", disks: 3, disk_size: 120GB, usable_size: 180GB}
        targets: {survive: {node: 0, hypervisor: 0}}
        "#,
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let arrays = lint.topology.pillar.storage.iter().flat_map(|storage| &storage.raid);
    for (name, array) in arrays {
        let (Some(level), Some(disks)) = (array.level, array.disks) else { continue };
        let (Some(disk), Some(counted_on)) = (array.disk_size, array.usable_size) else { continue };
        let usable = level.usable(disks, disk);
        if counted_on > usable {
            let message = format!(
                "array `{name}` leaves {usable} of {disks} disks of {disk} at level {level}, and {counted_on} are counted on"
            );
            findings.at(at!(array, usable_size), message);
        }
    }
}

//! What changes of the machine of a node.

use std::fmt::Display;
use topology::Node;

/// What changes, each as `hypervisor pve1 -> pve2`; nothing for a node that stays what it is.
pub(super) fn changes(was: &Node, is: &Node) -> Vec<String> {
    let values = [
        ("hypervisor", shown(was.hypervisor.as_ref()), shown(is.hypervisor.as_ref())),
        ("cpus", shown(was.cpus.as_ref()), shown(is.cpus.as_ref())),
        ("memory", shown(was.memory.as_ref()), shown(is.memory.as_ref())),
    ];
    let differs = values.into_iter().filter(|(_, was, is)| was != is);
    let mut all: Vec<String> = differs.map(|(what, was, is)| format!("{what} {was} -> {is}")).collect();
    let disks = is.disks.iter().filter(|(name, disk)| {
        was.disks.get(*name).is_none_or(|before| before.size != disk.size || before.storage != disk.storage)
    });
    all.extend(disks.map(|(name, _)| format!("disk {name}")));
    all
}

fn shown<T: Display>(value: Option<&T>) -> String {
    value.map_or_else(|| "none".to_owned(), ToString::to_string)
}

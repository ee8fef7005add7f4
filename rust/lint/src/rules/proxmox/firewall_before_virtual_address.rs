use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-021",
    name: "firewall-before-virtual-address",
    severity: Severity::Warn,
    reason: "Proxmox's firewall lets a network card send only from its own address when its IP filter is on. The address that \
             moves is not among them: after a failover its packets are dropped, and nobody sees why.",
    remedy: "Leave `firewall` off for hosts of the balancer, or add the address to the IP set `ipfilter-net0` of each of them \
             and acknowledge this.",
    source: "Proxmox VE Administration Guide, chapter Firewall, sections Virtual Machine Configuration and Standard IP set ipfilter-net*",
    failing: Example::proxmox("profiles: {master: {vm: {firewall: true}}}   # <- PVE-021"),
    passing: Example::proxmox("profiles: {worker: {vm: {firewall: true}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(vip) = lint.topology.api_vip() else { return };
    let hosts = lint.topology.load_balancer.nodes.iter().map(|index| &lint.topology.nodes[*index]);
    for (node, vm) in hosts.filter_map(|node| node.vm.as_ref().map(|vm| (node, vm))) {
        if vm.firewall == Some(true) {
            let message =
                format!("{} may hold {}, and Proxmox's firewall filters its network card", node.name, vip.address);
            findings.at(at!(vm, firewall), message).see(at!(vip, address), "the address that moves");
        }
    }
}

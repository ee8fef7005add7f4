//! What was seen of a cluster, for a terminal.

use crate::Error;
use ::gate::{EtcdMember, Observation, ObservedMachine, State};
use std::io::Write;

/// A line for each kind of thing; what does not do its work with the reason.
pub(super) fn print(seen: &Observation, out: &mut dyn Write) -> Result<(), Error> {
    let members = seen.etcd.iter().map(|member| told(named(member), member.state, &member.because));
    line(out, "etcd", &members.collect::<Vec<_>>())?;
    let nodes = seen.nodes.iter().map(|node| told(node.name.clone(), node.state, &node.because));
    line(out, "nodes", &nodes.collect::<Vec<_>>())?;
    let mut names: Vec<&str> = seen.programs.iter().map(|program| program.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let programs = seen.programs.iter().filter(|program| program.name == name);
        line(out, name, &programs.map(|one| told(one.node.clone(), one.state, &one.because)).collect::<Vec<_>>())?;
    }
    line(out, "address", seen.address_holders.as_deref().unwrap_or_default())?;
    line(out, "CoreDNS", seen.name_servers.as_deref().unwrap_or_default())?;
    if let Some(machines) = &seen.machines {
        line(out, "machines", &machines.iter().map(placed).collect::<Vec<_>>())?;
    }
    if !seen.maintenance.is_empty() {
        line(out, "maintenance", &seen.maintenance)?;
    }
    Ok(())
}

fn placed(machine: &ObservedMachine) -> String {
    let on = machine.hypervisor.as_deref().unwrap_or("no hypervisor");
    told(format!("{} on {on}", machine.node), machine.state, "")
}

fn line(out: &mut dyn Write, what: &str, told: &[String]) -> Result<(), Error> {
    let told = if told.is_empty() { "nothing is known".to_owned() } else { told.join(", ") };
    writeln!(out, "{what:<15} {told}")?;
    Ok(())
}

fn named(member: &EtcdMember) -> String {
    let kind = match (member.is_leader, member.is_learner) {
        (true, _) => " (leads)",
        (_, true) => " (learner)",
        _ => "",
    };
    let alarms: Vec<String> = member.alarms.iter().map(|alarm| format!(" {alarm}")).collect();
    format!("{}{kind}{}", member.called(), alarms.concat())
}

fn told(name: String, state: State, because: &str) -> String {
    let state = match state {
        State::Up => return name,
        State::Unwell => "unwell",
        State::Down => "down",
        State::Unknown => "unknown",
    };
    if because.is_empty() { format!("{name} {state}") } else { format!("{name} {state} ({because})") }
}

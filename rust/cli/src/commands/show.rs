use crate::arguments::Show;
use crate::one_cluster::{Accepted, accepted};
use crate::report::{facts, node_named, print_json};
use crate::{CLEAN, Error, FINDINGS, as_read};
use std::io::Write;
use topology::{Facts, Node, Timing, Topology};

/// Shows what a pillar says.
pub(crate) fn show(arguments: &Show, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Error> {
    if arguments.as_read {
        return as_read::print(&arguments.pillar.path, out, err);
    }
    let facts = facts()?;
    let Some(accepted) = accepted(arguments.pillar.source(), &facts, err)? else {
        return Ok(FINDINGS);
    };
    let nodes = match &arguments.node {
        Some(name) => vec![node_named(&accepted.topology, name)?],
        None => accepted.topology.nodes.iter().collect(),
    };
    if arguments.effective {
        out.write_all(topology::effective(&accepted.cluster.reading).unwrap_or_default().as_bytes())?;
    } else if arguments.owners {
        owners(&accepted.topology, &facts, &nodes, out)?;
    } else if arguments.machines {
        machines(&accepted.topology, &facts, &nodes, out)?;
    } else {
        overview(&accepted, &nodes, out)?;
    }
    Ok(CLEAN)
}

fn overview(accepted: &Accepted, nodes: &[&Node], out: &mut dyn Write) -> Result<(), Error> {
    let topology = &accepted.topology;
    let cluster = &topology.cluster;
    if topology.is_kubeadm() {
        let (version, endpoint) = (cluster.kubernetes_version, &cluster.control_plane_endpoint);
        writeln!(out, "cluster {}: Kubernetes {version}, API at {endpoint}", cluster.name)?;
    } else {
        writeln!(out, "cluster {}: MicroK8s, judged and not managed yet", cluster.name)?;
    }
    writeln!(out, "pillar digest {}", accepted.cluster.reading.digest)?;
    writeln!(out)?;
    let name_width = nodes.iter().map(|node| node.name.len()).max().unwrap_or(0);
    for node in nodes {
        let roles: Vec<&str> = node.roles.iter().map(|role| role.name()).collect();
        let on = node.hypervisor.as_deref().map_or(String::new(), |hypervisor| format!(" on {hypervisor}"));
        writeln!(
            out,
            "  {:name_width$}  {:15}  {:18}  {}{on}",
            node.name,
            node.ip,
            node.os.to_string(),
            roles.join(", ")
        )?;
    }
    times(topology, out)?;
    let declared = topology.declared_not_managed();
    if !declared.is_empty() {
        writeln!(out, "\ndeclared, not managed yet: {}", declared.join(", "))?;
    }
    Ok(())
}

/// Worst-case times of a failover.
fn times(topology: &Topology, out: &mut dyn Write) -> Result<(), Error> {
    let timing = Timing::of(topology);
    let clocks = [
        ("address of a lost host is taken over", timing.address_takeover()),
        ("address leaves a host whose HAProxy hangs", timing.hung_balancer()),
        ("HAProxy leaves a lost API server", timing.backend_removed()),
        ("kube-vip's lease is taken over", timing.lease_takeover()),
    ];
    let Some(worst) = timing.api_failover() else { return Ok(()) };
    writeln!(out, "\nat worst, from the rendered settings:")?;
    for (what, clock) in clocks {
        if let Some(clock) = clock {
            writeln!(out, "  {what}: {clock}")?;
        }
    }
    writeln!(out, "  clients without API: {worst} (target {})", topology.targets.api_failover)?;
    Ok(())
}

fn owners(topology: &Topology, facts: &Facts, nodes: &[&Node], out: &mut dyn Write) -> Result<(), Error> {
    for node in nodes {
        writeln!(out, "{}:", node.name)?;
        for file in render::files(topology, facts, node)? {
            let keeper = if render::managed(topology, &file.component) == topology::pillar::Managed::Check {
                "user"
            } else {
                "salt"
            };
            writeln!(out, "  {keeper:8} {:12} {} ({})", activation(&file.activation), file.path, file.purpose)?;
        }
        for (path, purpose) in render::kept_by_kubeadm(topology, facts, node) {
            writeln!(out, "  {:8} {:12} {path} ({purpose})", "kubeadm", "-")?;
        }
    }
    Ok(())
}

fn activation(activation: &render::Activation) -> &'static str {
    match activation {
        render::Activation::None => "-",
        render::Activation::Reload(_) => "reload",
        render::Activation::Restart(_) => "restart",
        render::Activation::OnWrite => "on write",
    }
}

fn machines(topology: &Topology, facts: &Facts, nodes: &[&Node], out: &mut dyn Write) -> Result<(), Error> {
    let mut all = Vec::new();
    for node in nodes {
        all.extend(render::machine(topology, facts, node)?);
    }
    print_json(&all, out)
}

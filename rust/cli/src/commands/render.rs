use crate::arguments::Render;
use crate::folder::Folder;
use crate::one_cluster::accepted;
use crate::report::{facts, node_named};
use crate::{CLEAN, Error, FINDINGS};
use std::io::Write;
use topology::{Facts, Node, Topology};

/// Writes the files of one node, or of all, below a folder; nothing when a finding refuses the pillar.
pub(crate) fn render(arguments: &Render, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Error> {
    let facts = facts()?;
    let Some(accepted) = accepted(arguments.pillar.source(), &facts, err)? else {
        return Ok(FINDINGS);
    };
    let topology = &accepted.topology;
    let folder = Folder::begin(&arguments.out)?;
    let nodes: Vec<(&Node, &str)> = match &arguments.node {
        Some(name) => vec![(node_named(topology, name)?, "")],
        None => topology.nodes.iter().map(|node| (node, node.name.as_str())).collect(),
    };
    let mut count = 0;
    for (node, below) in &nodes {
        count += write_node(&folder, below, topology, &facts, node)?;
    }
    folder.finish()?;
    writeln!(
        out,
        "{count} files of {} nodes of cluster `{}` below {}",
        nodes.len(),
        topology.cluster.name,
        arguments.out.display()
    )?;
    Ok(CLEAN)
}

fn write_node(folder: &Folder, below: &str, topology: &Topology, facts: &Facts, node: &Node) -> Result<usize, Error> {
    let files = render::files(topology, facts, node)?;
    let machine = render::machine(topology, facts, node)?;
    folder.node(below, &files, machine.as_ref())?;
    Ok(files.len())
}

//! The firewall, where it is managed: a table of our own for nftables, a policy of our own for firewalld. What they do
//! not name, SSH and Salt above all, is left to whoever manages the rest.

mod firewalld;
mod nftables;
mod openings;

use super::{Context, managed};
use crate::file::File;
use crate::template::Error;
use topology::pillar::Managed;

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    // It names every node: where nobody wants it, it is half of the time that 500 nodes take.
    let is_wanted = managed(context.topology, "firewall") != Managed::No;
    if !context.topology.is_kubeadm() || !is_wanted {
        return Ok(Vec::new());
    }
    let files =
        if context.node.os.is_enterprise_linux() { firewalld::files(context)? } else { nftables::files(context)? };
    Ok(files.into_iter().map(|file| file.component("firewall")).collect())
}

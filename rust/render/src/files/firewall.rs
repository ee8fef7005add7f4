//! The firewall, where it is managed: a table of our own for nftables, a policy of our own for firewalld. What they do
//! not name, SSH and Salt above all, is left to whoever manages the rest.

mod firewalld;
mod nftables;
mod openings;

use super::Context;
use crate::file::File;
use crate::template::Error;

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    if !context.topology.is_kubeadm() {
        return Ok(Vec::new());
    }
    let files =
        if context.node.os.is_enterprise_linux() { firewalld::files(context)? } else { nftables::files(context)? };
    Ok(files.into_iter().map(|file| file.component("firewall")).collect())
}

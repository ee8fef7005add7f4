//! Where things lie that the pillar names by the host they are on.

use crate::domains::{Domains, ElementId, Kind};
use crate::model::{Node, Topology};
use crate::pillar::{BackupDestination, DestinationType, Pillar, VirtualMachine};
use std::collections::BTreeSet;

/// Name of the balancer that somebody else runs, as an element.
pub const EXTERNAL_BALANCER: &str = "load-balancer";

/// Name of the registry outside, as an element.
pub const PUBLIC_REGISTRY: &str = "public-registry";

/// The element of ours that a host name or address means: a node by its name, minion id or address, or a hypervisor.
pub(crate) fn own_host(domains: &Domains, nodes: &[Node], host: &str) -> Option<ElementId> {
    let is_it = |node: &&Node| node.name == host || node.minion == host || node.ip.to_string() == host;
    match nodes.iter().find(is_it) {
        Some(node) => domains.find(Kind::Node, &node.name),
        None => domains.find(Kind::Hypervisor, host),
    }
}

/// The host in a URL such as `nfs://10.50.0.9/backups`, `https://minio.lan:9000` or `nas.lan:/export`; `None` for a bucket.
fn host_of_url(url: &str) -> Option<&str> {
    let rest = match url.split_once("://") {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("s3") => return None,
        Some((_, rest)) => rest,
        None => url,
    };
    let authority = rest.split('/').next().unwrap_or(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(bracketed) = host.strip_prefix('[') {
        return bracketed.split(']').next();
    }
    let host = host.split(':').next().unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

/// The element on which a destination of backups lies; `None` for a disk of the node that makes them.
pub(crate) fn destination(
    domains: &Domains,
    nodes: &[Node],
    name: &str,
    spec: &BackupDestination,
) -> Option<ElementId> {
    if spec.r#type == Some(DestinationType::Local) {
        return None;
    }
    let host = spec.url.as_deref().and_then(host_of_url);
    let known = host.and_then(|host| own_host(domains, nodes, host).or_else(|| domains.find(Kind::Outside, host)));
    known.or_else(|| domains.find(Kind::Outside, name))
}

/// The storages that several hypervisors share and on which disks of a machine lie.
pub(crate) fn shared_storages<'p>(pillar: &'p Pillar, node: &'p Node, vm: &'p VirtualMachine) -> BTreeSet<&'p str> {
    let shared = pillar.proxmox.iter().flat_map(|proxmox| &proxmox.shared_storages);
    let own = node.disks.values().map(|disk| disk.storage.as_deref().or(vm.storage.as_deref()));
    let all: Vec<&str> = own.chain(node.disks.is_empty().then_some(vm.storage.as_deref())).flatten().collect();
    shared.map(String::as_str).filter(|name| all.contains(name)).collect()
}

impl Topology {
    /// The element that serves NFS; `None` where no NFS is declared.
    #[must_use]
    pub fn nfs_server(&self) -> Option<ElementId> {
        let nfs = self.pillar.storage.as_ref()?.nfs.as_ref()?;
        self.host(nfs.server.as_deref().unwrap_or("nfs"))
    }

    /// The element that is the `QDevice` of the Proxmox cluster; `None` where there is none.
    #[must_use]
    pub fn qdevice(&self) -> Option<ElementId> {
        let proxmox = self.proxmox.as_ref().filter(|proxmox| proxmox.qdevice)?;
        self.host(proxmox.qdevice_host.as_deref().unwrap_or("qdevice"))
    }

    /// The element on which a destination of backups lies; `None` for a disk of the node that makes them, and for a name
    /// that is declared nowhere.
    #[must_use]
    pub fn backup_destination(&self, name: &str) -> Option<ElementId> {
        let spec = self.pillar.dr.as_ref()?.destinations.get(name)?;
        destination(&self.domains, &self.nodes, name, spec)
    }

    /// The sites in which an element stands, sorted.
    #[must_use]
    pub fn sites_of(&self, element: ElementId) -> Vec<ElementId> {
        let mut seen = BTreeSet::from([element]);
        let mut open = vec![element];
        while let Some(next) = open.pop() {
            let needs = self.domains.element(next).needs.iter().flatten().copied();
            open.extend(needs.filter(|needed| seen.insert(*needed)));
        }
        seen.into_iter().filter(|element| self.domains.element(*element).kind == Kind::Site).collect()
    }

    fn host(&self, host: &str) -> Option<ElementId> {
        own_host(&self.domains, &self.nodes, host).or_else(|| self.domains.find(Kind::Outside, host))
    }
}

#[cfg(test)]
mod tests {
    use super::host_of_url;

    #[test]
    fn the_host_of_a_url() {
        for (url, host) in [
            ("nfs://10.50.0.9/backups", Some("10.50.0.9")),
            ("https://me@minio.lan:9000/b", Some("minio.lan")),
            ("nas.lan:/export", Some("nas.lan")),
            ("ssh://[2001:db8::1]:22/x", Some("2001:db8::1")),
            ("s3://bucket", None),
            ("", None),
        ] {
            assert_eq!(host_of_url(url), host, "{url}");
        }
    }
}

//! Looks at the cluster now, with the files of this host or others.

use super::text;
use crate::Error;
use crate::arguments::{Credentials, Gate};
use ::gate::{Action, Observation, ObservedMachine};
use live::{Identity, Targets};
use std::path::{Path, PathBuf};
use std::time::Duration;
use topology::Topology;

/// For each probe. A look takes twice as long at most, and six times where something of the observer's own hangs.
const LIMIT: Duration = Duration::from_secs(1);

// Source: kubeadm, its files on a node of the control plane.
const KUBECONFIG: &str = "/etc/kubernetes/admin.conf";
const ETCD: [&str; 3] = [
    "/etc/kubernetes/pki/etcd/ca.crt",
    "/etc/kubernetes/pki/etcd/healthcheck-client.crt",
    "/etc/kubernetes/pki/etcd/healthcheck-client.key",
];

/// Where the machines run; `None` where no token is given.
pub(super) fn machines(topology: &Topology, arguments: &Gate) -> Result<Option<Vec<ObservedMachine>>, Error> {
    let Some(place) = &arguments.proxmox_token else { return Ok(None) };
    let seen = live::machines(topology, &text(place)?, live::MACHINES_LIMIT);
    seen.map(Some).map_err(|error| Error::Usage(error.to_string()))
}

/// One look. `nodes` are those of the step.
pub(super) fn look(
    topology: &Topology,
    arguments: &Gate,
    nodes: &[String],
    machines: Option<Vec<ObservedMachine>>,
) -> Result<Observation, Error> {
    let credentials = credentials(&arguments.credentials)?;
    if let Some(observer) = arguments.observer.as_deref().filter(|name| topology.node(name).is_none()) {
        return Err(Error::Usage(format!("--observer: the pillar declares no node {observer}")));
    }
    let evicts = arguments.step.is_some_and(Action::evicts);
    let evicted = if evicts { nodes.to_vec() } else { Vec::new() };
    let usage = |error: live::Error| Error::Usage(error.to_string());
    let targets = Targets::of(topology, &credentials).map_err(usage)?;
    let targets = Targets { observer: arguments.observer.clone(), evicted, machines, ..targets };
    let seen = live::observe(&targets, LIMIT).map_err(usage)?;
    if let Some(place) = &arguments.save {
        save(place, &seen)?;
    }
    Ok(seen)
}

fn credentials(arguments: &Credentials) -> Result<live::Credentials, Error> {
    let kubeconfig = arguments.kubeconfig.clone().or_else(|| existing(KUBECONFIG));
    let kubeconfig = kubeconfig.map(|place| text(&place)).transpose()?;
    let given = (&arguments.cacert, &arguments.cert, &arguments.key);
    let files = if let (Some(authority), Some(certificate), Some(key)) = given {
        Some([authority.clone(), certificate.clone(), key.clone()])
    } else {
        ETCD.iter().all(|place| Path::new(place).exists()).then(|| ETCD.map(PathBuf::from))
    };
    let etcd = files.map(|[authority, certificate, key]| {
        Ok::<_, Error>((text(&authority)?, Identity { certificate: text(&certificate)?, key: text(&key)? }))
    });
    let etcd = etcd.transpose()?;
    if kubeconfig.is_none() && etcd.is_none() {
        return Err(Error::Usage(format!(
            "there is nothing with which the cluster could be looked at: run this as root on a node of the control plane, which has \
             {KUBECONFIG}, or give --kubeconfig, or --cacert with --cert and --key, or an --observation"
        )));
    }
    Ok(live::Credentials { etcd, kubeconfig })
}

fn existing(place: &str) -> Option<PathBuf> {
    Some(PathBuf::from(place)).filter(|place| place.exists())
}

fn save(place: &Path, seen: &Observation) -> Result<(), Error> {
    let wrong =
        |error: &dyn std::fmt::Display| Error::Usage(format!("`{}` cannot be written: {error}", place.display()));
    let text = serde_json::to_string_pretty(seen).map_err(|error| wrong(&error))?;
    std::fs::write(place, text + "\n").map_err(|error| wrong(&error))
}

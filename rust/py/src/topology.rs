//! The class `Topology`.

use crate::node_values::{file_value, managed_name, packages_value};
use crate::{convert, errors, faults, findings, json, load, plan, today};
use ::topology::pillar::Drift;
use ::topology::values::{Date, Duration, Secret};
use ::topology::{Facts, Node, Reading, Timing, Topology as Resolved};
use diagnostics::{Diagnostic, Sources};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A pillar that was read, judged, and resolved when nothing forbids it.
///
/// `pillar` is the value of the root key `k8s_ha`; `today` (`YYYY-MM-DD`, default: the system's date in UTC) decides about
/// accepted risks that expire. A bad pillar raises nothing: it has findings, and is not `valid`.
#[pyclass(frozen, module = "saltext.k8s_ha._core")]
pub struct Topology {
    reading: Reading,
    facts: Facts,
    found: Vec<Diagnostic>,
    sources: Sources,
}

/// Without Python's objects, so that other threads of Python may run meanwhile.
fn judge(written: convert::Written, today: Date) -> PyResult<Topology> {
    let facts = errors::facts()?;
    let reading = ::topology::read_pillar(written.tree, written.root, &facts);
    let mut found = lint::run(&reading, &facts, today);
    // The findings come from no text, so their order is that of their paths.
    let sources = Sources::new();
    diagnostics::sort(&mut found, &sources);
    Ok(Topology { reading, facts, found, sources })
}

#[pymethods]
impl Topology {
    #[new]
    #[pyo3(signature = (pillar, today = None))]
    fn new(py: Python<'_>, pillar: &Bound<'_, PyAny>, today: Option<&str>) -> PyResult<Self> {
        errors::guarded(|| {
            let today = today::today(today)?;
            let written = convert::pillar(pillar)?;
            py.detach(|| judge(written, today))
        })
    }

    /// Reads a pillar file, a pillar tree with `top.sls`, or a folder of pillar files; `cluster` names one of several.
    #[staticmethod]
    #[pyo3(signature = (path, cluster = None, today = None))]
    #[expect(clippy::needless_pass_by_value, reason = "Python's arguments are handed over by value")]
    fn load(py: Python<'_>, path: PathBuf, cluster: Option<&str>, today: Option<&str>) -> PyResult<Self> {
        errors::guarded(|| {
            let today = today::today(today)?;
            py.detach(|| {
                let facts = errors::facts()?;
                let load::Loaded { reading, found, sources } = load::load(&path, cluster, today, &facts)?;
                Ok(Self { reading, facts, found, sources })
            })
        })
    }

    /// Whether nothing forbids to render and to apply it.
    #[getter]
    fn valid(&self) -> bool {
        self.reading.topology.is_some() && !self.found.iter().any(lint::blocks)
    }

    /// SHA-256 of what the pillar says: 64 hex digits. Defaults are no part of it.
    #[getter]
    fn digest(&self) -> &str {
        &self.reading.digest
    }

    /// All findings, in the order of all outputs. Each is a dict with the keys `code`, `name`, `severity`, `path`, `message`, `why`,
    /// `help`, `dated`, `blocks`, `acknowledged`, `file`, `line` and `column`.
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let all: Vec<Value> = self.found.iter().map(|found| findings::finding(found, &self.sources)).collect();
        json::to_python(py, &Value::Array(all))
    }

    /// Name of the cluster; None when the pillar cannot be resolved.
    #[getter]
    fn cluster(&self) -> Option<&str> {
        self.reading.topology.as_ref().map(|topology| topology.cluster.name.as_str())
    }

    /// Names of the nodes in natural order; none when the pillar cannot be resolved.
    #[getter]
    fn nodes(&self) -> Vec<&str> {
        self.all_nodes().map(|node| node.name.as_str()).collect()
    }

    /// Node name by Salt minion id.
    #[getter]
    fn minions(&self) -> BTreeMap<&str, &str> {
        self.all_nodes().map(|node| (node.minion.as_str(), node.name.as_str())).collect()
    }

    /// The release of Kubernetes, such as `v1.36.4`; None when the pillar cannot be resolved.
    #[getter]
    fn kubernetes_version(&self) -> Option<String> {
        self.reading.topology.as_ref().map(|topology| topology.cluster.kubernetes_version.to_string())
    }

    /// Where clients reach the API: `host:port`.
    #[getter]
    fn control_plane_endpoint(&self) -> PyResult<String> {
        Ok(self.resolved()?.cluster.control_plane_endpoint.to_string())
    }

    /// The Helm chart of the pod network as a dict (`name`, `release`, `namespace` and, where written, `repository`, `version`,
    /// `values`); None where there is none.
    fn network_chart<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let chart = self.resolved()?.network.cni.as_ref().and_then(|cni| cni.chart.as_ref());
        json::to_python(py, &errors::structure(&chart)?)
    }

    /// Manifests of the pod network: `salt://` paths, or files on the control-plane nodes.
    #[getter]
    fn network_manifests(&self) -> PyResult<Vec<String>> {
        let cni = self.resolved()?.network.cni.as_ref();
        Ok(cni.map(|cni| cni.manifests.clone()).unwrap_or_default())
    }

    /// Directory of etcd's data, in which `member` lies.
    #[getter]
    fn etcd_data_dir(&self) -> PyResult<&str> {
        Ok(&self.resolved()?.etcd.spec.data_dir)
    }

    /// Where the API server of a control-plane node answers itself, past any balancer: `https://10.0.10.11:6443`.
    fn api_server(&self, node: &str) -> PyResult<String> {
        let (topology, node) = self.node(node)?;
        Ok(format!("https://{}", SocketAddr::new(node.ip, topology.kubeadm.bind_port)))
    }

    /// The address of the API that moves between hosts; None where there is none.
    #[getter]
    fn api_vip(&self) -> PyResult<Option<String>> {
        Ok(self.resolved()?.api_vip().map(|vip| vip.address.to_string()))
    }

    /// Declared members of etcd, stacked or external: by node the client URL and the peer URL.
    fn etcd_members(&self) -> PyResult<BTreeMap<&str, (String, String)>> {
        let topology = self.resolved()?;
        let members = topology.etcd_nodes();
        let urls = |node| (render::etcd_client_url(node), render::etcd_peer_url(node));
        Ok(members.map(|node| (node.name.as_str(), urls(node))).collect())
    }

    /// Client URLs of the other members of a stacked etcd by node; none where etcd is external.
    fn stacked_members(&self, node: &str) -> PyResult<BTreeMap<&str, String>> {
        let (topology, node) = self.node(node)?;
        let members = if topology.etcd.is_external() { Vec::new() } else { topology.control_plane() };
        let others = members.into_iter().map(|index| &topology.nodes[index]).filter(|other| other.name != node.name);
        Ok(others.map(|other| (other.name.as_str(), render::etcd_client_url(other))).collect())
    }

    /// Client URLs of all members of an external etcd by node; none where it is stacked.
    fn external_members(&self) -> PyResult<BTreeMap<&str, String>> {
        let topology = self.resolved()?;
        let members: &[_] = if topology.etcd.is_external() { &topology.etcd.members } else { &[] };
        let nodes = members.iter().map(|index| &topology.nodes[*index]);
        Ok(nodes.map(|node| (node.name.as_str(), render::etcd_client_url(node))).collect())
    }

    /// The address of a node, such as `10.0.10.11`.
    fn address(&self, node: &str) -> PyResult<String> {
        Ok(self.node(node)?.1.ip.to_string())
    }

    /// How a node's member of etcd is known to the others: `https://10.0.10.11:2380`.
    fn etcd_peer_url(&self, node: &str) -> PyResult<String> {
        Ok(render::etcd_peer_url(self.node(node)?.1))
    }

    /// Kind of the keys that are made for the cluster, such as `RSA-2048` or `ECDSA-P256`.
    #[getter]
    fn encryption_algorithm(&self) -> PyResult<&str> {
        Ok(&self.resolved()?.kubeadm.encryption_algorithm)
    }

    /// Authorities that the user brings: reference by name of kubeadm's file, such as `etcd/ca.key`.
    fn authorities(&self) -> PyResult<BTreeMap<String, String>> {
        let mut references = BTreeMap::new();
        for (name, authority) in self.resolved()?.security.authorities.all() {
            for (ending, secret) in [("crt", &authority.certificate), ("key", &authority.key)] {
                let reference = secret.as_ref().and_then(Secret::reference);
                references.extend(reference.map(|reference| (format!("{name}.{ending}"), reference.to_owned())));
            }
        }
        Ok(references)
    }

    /// How Secrets are encrypted in etcd: the provider, and the reference of its key; None where they are not.
    fn encryption(&self) -> PyResult<Option<(String, String)>> {
        let Some(encryption) = &self.resolved()?.security.encryption_at_rest else { return Ok(None) };
        let provider = errors::structure(&encryption.provider)?.as_str().unwrap_or_default().to_owned();
        let reference = encryption.encryption_key.as_ref().and_then(Secret::reference).unwrap_or_default();
        Ok(Some((provider, reference.to_owned())))
    }

    /// Validity of certificates in seconds, those of CAs aside.
    #[getter]
    fn certificate_validity(&self) -> PyResult<f64> {
        Ok(self.resolved()?.kubeadm.certificate_validity.as_seconds())
    }

    /// Validity of the CAs in seconds.
    #[getter]
    fn ca_certificate_validity(&self) -> PyResult<f64> {
        Ok(self.resolved()?.kubeadm.ca_certificate_validity.as_seconds())
    }

    /// What happens to a hand-made change in a managed file: `report` or `enforce`.
    #[getter]
    fn drift(&self) -> PyResult<&'static str> {
        Ok(match self.resolved()?.drift {
            Drift::Report => "report",
            Drift::Enforce => "enforce",
        })
    }

    /// Seconds for which a step waits before it is left to a later apply, and for which what it took must do its work after it.
    #[getter]
    fn gate_seconds(&self) -> PyResult<(f64, f64)> {
        let gate = &self.resolved()?.pillar.gate;
        Ok((gate.wait.as_seconds(), gate.settle.as_seconds()))
    }

    /// Roles of a node: `control_plane`, `worker`, `etcd`, `load_balancer`.
    fn roles(&self, node: &str) -> PyResult<Vec<&'static str>> {
        Ok(self.node(node)?.1.roles.iter().map(|role| role.name()).collect())
    }

    /// All files of a node in the order in which they must appear. Each is a dict with the keys `path`, `mode`, `user`, `group`,
    /// `contents`, `secret`, `keeper`, `part`, `activation` (`{"action": ..., "unit": ...}`), `check`, `component`, `purpose` and
    /// `managed` (`yes` or `check`).
    fn files<'py>(&self, py: Python<'py>, node: &str) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| {
            let (topology, node) = self.valid_node(node)?;
            let files = py
                .detach(|| render::files(topology, &self.facts, node))
                .map_err(|error| errors::not_rendered(&error))?;
            let all = files.iter().map(|file| file_value(topology, file)).collect::<PyResult<Vec<_>>>()?;
            json::to_python(py, &Value::Array(all))
        })
    }

    /// What is installed on a node, as a dict: `packaging` (`deb` or `rpm`), `packages` (dicts with the keys `name`, `brings`,
    /// `alternatives`, `excludes`, `version`, `hold`, `managed` and `purpose`), `repositories` (dicts with the keys `name`, `base_url`, `key_path`,
    /// `key_url` and `packages`) and `containerd` (its major version).
    fn packages<'py>(&self, py: Python<'py>, node: &str) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| {
            let (topology, node) = self.valid_node(node)?;
            json::to_python(py, &packages_value(topology, &self.facts, node)?)
        })
    }

    /// Where images of a node come from, as a dict: `repository` (the registry of Kubernetes' images) and `archives` (paths on the
    /// node and URLs).
    fn images<'py>(&self, py: Python<'py>, node: &str) -> PyResult<Bound<'py, PyAny>> {
        let (topology, node) = self.node(node)?;
        let runs = topology.is_kubeadm() && node.runs_kubelet();
        let archives: &[String] = if runs { &topology.images.archives } else { &[] };
        json::to_python(py, &json!({"repository": topology.images.repository, "archives": archives}))
    }

    /// KubeletConfiguration of a node as a dict.
    fn kubelet_configuration<'py>(&self, py: Python<'py>, node: &str) -> PyResult<Bound<'py, PyAny>> {
        let (topology, node) = self.node(node)?;
        json::to_python(py, &render::kubelet_configuration(topology, node))
    }

    /// The virtual machine of a node as a dict (`name`, `node`, `vmid`, `create`, `update`, `vendor_data`); None for a node that has none.
    fn machine<'py>(&self, py: Python<'py>, node: &str) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| {
            let (topology, node) = self.valid_node(node)?;
            let machine = render::machine(topology, &self.facts, node).map_err(|error| errors::not_rendered(&error))?;
            json::to_python(py, &errors::structure(&machine)?)
        })
    }

    /// The pillar with every default, each marked as such, as YAML.
    fn effective(&self) -> PyResult<String> {
        errors::guarded(|| ::topology::effective(&self.reading).ok_or_else(|| self.unresolved()))
    }

    /// Failover times in seconds, at worst; None where nothing of the kind happens.
    fn timing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let timing = Timing::of(self.resolved()?);
        let times = [
            ("address_takeover", timing.address_takeover()),
            ("hung_balancer", timing.hung_balancer()),
            ("backend_removed", timing.backend_removed()),
            ("lease_takeover", timing.lease_takeover()),
            ("api_failover", timing.api_failover()),
        ];
        let dict = PyDict::new(py);
        for (name, time) in times {
            dict.set_item(name, time.map(Duration::as_seconds))?;
        }
        Ok(dict)
    }

    /// How many losses of each kind every service survives, as a dict (`down`, `kinds`, `services`); `down` names elements that are
    /// lost already: `pve2`, or `hypervisor:pve2`.
    #[pyo3(signature = (down = Vec::new()))]
    #[expect(clippy::needless_pass_by_value, reason = "Python's arguments are handed over by value")]
    fn tolerance<'py>(&self, py: Python<'py>, down: Vec<String>) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| faults::tolerance(py, self.resolved()?, &down))
    }

    /// What is lost with these elements down, as a dict: `down`, `lost`, `degraded`, `left`, and `next`, what one further failure
    /// would take.
    #[expect(clippy::needless_pass_by_value, reason = "Python's arguments are handed over by value")]
    fn faults<'py>(&self, py: Python<'py>, down: Vec<String>) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| faults::loss(py, self.resolved()?, &down))
    }

    /// The minimal sets of failures that take a service, or each service, up to `order` failures: a list of dicts. `level` is
    /// `serve`, `recover` or `data`.
    #[pyo3(signature = (order, service = None, level = "serve", down = Vec::new()))]
    #[expect(clippy::needless_pass_by_value, reason = "Python's arguments are handed over by value")]
    fn cut_sets<'py>(
        &self,
        py: Python<'py>,
        order: u32,
        service: Option<&str>,
        level: &str,
        down: Vec<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| faults::cut_sets(py, self.resolved()?, (service, level, order), &down))
    }

    /// An answer about the whole cluster: `partitions`, `capacity`, `start-order`, `switch-over` or `availability`. `cut` names
    /// the nodes of one side of a partition; without it every cut of the declared network is made.
    #[pyo3(signature = (what, cut = Vec::new()))]
    #[expect(clippy::needless_pass_by_value, reason = "Python's arguments are handed over by value")]
    fn about<'py>(&self, py: Python<'py>, what: &str, cut: Vec<String>) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| faults::about(py, self.resolved()?, what, &cut))
    }

    /// A report that a person reads: `html` (one file, which needs no network), `svg` or `mermaid`. `today` (`YYYY-MM-DD`,
    /// default: the system's date in UTC) is printed in it.
    #[pyo3(signature = (format = "html", today = None))]
    fn report(&self, py: Python<'_>, format: &str, today: Option<&str>) -> PyResult<String> {
        errors::guarded(|| {
            let day = today::today(today)?.to_string();
            let topology = self.resolved()?;
            py.detach(|| faults::report(&::report::of(topology, &self.found, &self.sources, &day), format))
        })
    }

    /// How a cluster that runs with this pillar comes to run with `new`, as a dict: `cluster`, `refused` and `warnings` (dicts with
    /// `code`, `reason` and `remedy`), `steps` (none where anything is refused), and `end`, what is survived otherwise after them.
    fn plan<'py>(&self, py: Python<'py>, new: &Self) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| plan::plan(py, (self.resolved()?, new.resolved()?), &new.facts, &new.found))
    }

    /// How each component of a host is managed: `yes`, `check` or `no`.
    fn manage(&self) -> PyResult<BTreeMap<String, &'static str>> {
        let manage = errors::structure(&self.resolved()?.manage)?;
        let components = manage.as_object().into_iter().flatten();
        Ok(components.map(|(name, _)| (name.clone(), self.managed(name))).collect())
    }

    fn __repr__(&self) -> String {
        let digest = self.reading.digest.get(..12).unwrap_or_default();
        format!("<Topology {} {digest}{}>", self.cluster().unwrap_or("?"), if self.valid() { "" } else { " not valid" })
    }
}

impl Topology {
    fn all_nodes(&self) -> impl Iterator<Item = &Node> {
        self.reading.topology.iter().flat_map(|topology| &topology.nodes)
    }

    fn unresolved(&self) -> PyErr {
        let blocking = self
            .found
            .iter()
            .filter(|found| lint::blocks(found))
            .map(|found| &*found.code)
            .collect::<Vec<_>>()
            .join(", ");
        errors::refused(format!("the pillar is not valid ({blocking}): see its findings"))
    }

    /// The resolved topology.
    ///
    /// # Errors
    /// `PillarError` when the pillar cannot be resolved.
    pub fn resolved(&self) -> PyResult<&Resolved> {
        self.reading.topology.as_ref().ok_or_else(|| self.unresolved())
    }

    /// A node by its name, with its topology.
    ///
    /// # Errors
    /// `PillarError` when the pillar cannot be resolved, `ValueError` when it has no such node.
    pub fn node(&self, name: &str) -> PyResult<(&Resolved, &Node)> {
        let topology = self.resolved()?;
        let node = topology.node(name).ok_or_else(|| {
            errors::argument(format!(
                "no node `{name}` in cluster {}; its nodes are {}",
                topology.cluster.name,
                self.nodes().join(", ")
            ))
        })?;
        Ok((topology, node))
    }

    fn valid_node(&self, name: &str) -> PyResult<(&Resolved, &Node)> {
        if self.valid() { self.node(name) } else { Err(self.unresolved()) }
    }

    fn managed(&self, component: &str) -> &'static str {
        self.reading.topology.as_ref().map_or("no", |topology| managed_name(render::managed(topology, component)))
    }
}

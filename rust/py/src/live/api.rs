//! The class `Api`.

use super::{call, call_for_value, limit};
use crate::errors;
use gate::Maintenance;
use live::{Access, Identity, Manner, Workload};
use pyo3::prelude::*;
use std::time::Duration;

/// One API server, or the endpoint in front of all of them. Every method makes its own connection, and takes `timeout` seconds at most.
#[pyclass(frozen, module = "saltext.k8s_ha._core")]
pub struct Api {
    access: Access,
    limit: Duration,
}

#[pymethods]
impl Api {
    /// From the text of a kubeconfig (with `server`: another server of its cluster), or from parts: the server's URL, and CA, client
    /// certificate and key as PEM.
    #[new]
    #[pyo3(signature = (kubeconfig = None, *, server = None, ca = None, certificate = None, key = None, timeout = 10.0))]
    fn new(
        py: Python<'_>,
        kubeconfig: Option<&str>,
        server: Option<&str>,
        ca: Option<&str>,
        certificate: Option<String>,
        key: Option<String>,
        timeout: f64,
    ) -> PyResult<Self> {
        let limit = limit(timeout)?;
        let identity = match (certificate, key) {
            (Some(certificate), Some(key)) => Some(Identity { certificate, key }),
            (None, None) => None,
            _ => return Err(errors::argument("give certificate and key together, or neither")),
        };
        let access = match (kubeconfig, server, ca) {
            (Some(text), server, None) if identity.is_none() => call(py, || {
                let access = Access::from_kubeconfig(text)?;
                if let Some(server) = server { access.at(server) } else { Ok(access) }
            })?,
            (None, Some(server), Some(ca)) => call(py, || Access::new(server, ca, identity))?,
            _ => {
                return Err(errors::argument(
                    "give kubeconfig (and server), or server and ca (and certificate with key)",
                ));
            }
        };
        Ok(Self { access, limit })
    }

    /// The answer to /readyz: a dict with `ready`, `status` and `text`.
    fn ready<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || live::ready(&self.access, self.limit))
    }

    /// UID of the namespace kube-system.
    fn kube_system_uid(&self, py: Python<'_>) -> PyResult<String> {
        call(py, || live::kube_system_uid(&self.access, self.limit))
    }

    /// All nodes by name, each a dict with `name`, `ready` (None while unknown), `kubelet_version`, `internal_ip`, `unschedulable` and `taints`.
    fn nodes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || live::nodes(&self.access, self.limit))
    }

    /// One node, as `nodes` tells them.
    fn node<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || live::node(&self.access, name, self.limit))
    }

    /// Deletes a Node object. Gives whether there was one.
    fn delete_node(&self, py: Python<'_>, name: &str) -> PyResult<bool> {
        call(py, || live::delete_node(&self.access, name, self.limit))
    }

    /// Keeps new pods from a node in the name of `by`: a dict with `standing` (`ours`, or `foreign` for one that somebody else has
    /// cordoned, and that stays so), `changed` and `by` (who has, where somebody said so).
    fn cordon<'py>(&self, py: Python<'py>, node: &str, by: &str) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || live::cordon(&self.access, node, by, self.limit))
    }

    /// Lets pods come to a node again that was cordoned in the name of `by`: a dict as of `cordon`, with the standing `open` or
    /// `foreign`.
    fn uncordon<'py>(&self, py: Python<'py>, node: &str, by: &str) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || live::uncordon(&self.access, node, by, self.limit))
    }

    /// Puts maintenance on a node's object, where workers see it; seconds since the epoch.
    fn mark_maintenance(&self, py: Python<'_>, node: String, until: f64, reason: String, since: f64) -> PyResult<()> {
        let maintenance = Maintenance { node, until, reason, since };
        call(py, || live::mark_maintenance(&self.access, &maintenance, self.limit))
    }

    /// Takes maintenance off a node's object.
    fn unmark_maintenance(&self, py: Python<'_>, node: &str) -> PyResult<()> {
        call(py, || live::unmark_maintenance(&self.access, node, self.limit))
    }

    /// Evicts what runs on a node, once: a dict with pods that are `evicted` now, those `ending`, those `held` (each a dict with `pod`
    /// and `because`), those `unmanaged` (nothing is evicted where there are some, unless `also_unmanaged`) and those `staying`.
    #[pyo3(signature = (node, *, also_unmanaged = false))]
    fn evict<'py>(&self, py: Python<'py>, node: &str, also_unmanaged: bool) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || live::evict(&self.access, node, also_unmanaged, self.limit))
    }

    /// Applies manifests on the server's side. Gives a dict for each object, in the order applied, with `api_version`, `kind`,
    /// `namespace`, `name` and `change` (`created`, `configured` or `unchanged`).
    #[pyo3(signature = (manifests, field_manager, *, dry_run = false, force = false, namespace = "default"))]
    fn apply<'py>(
        &self,
        py: Python<'py>,
        manifests: &str,
        field_manager: &str,
        dry_run: bool,
        force: bool,
        namespace: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (field_manager, namespace) = (field_manager.to_owned(), namespace.to_owned());
        let manner = Manner { field_manager, dry_run, force, namespace };
        call_for_value(py, || live::apply(&self.access, manifests, &manner, self.limit))
    }

    /// One look at rollouts: of each (kind, namespace, name) a dict with `kind`, `namespace`, `name`, `desired`, `ready`, `updated` and `done`.
    fn workloads_ready<'py>(
        &self,
        py: Python<'py>,
        workloads: Vec<(String, String, String)>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let named = |(kind, namespace, name)| Workload { kind, namespace, name };
        let workloads: Vec<Workload> = workloads.into_iter().map(named).collect();
        call_for_value(py, || live::workloads_ready(&self.access, &workloads, self.limit))
    }

    /// Replicas of a Deployment and where its pods run: a dict with `wanted`, `ready` and `nodes` (one entry for each pod).
    fn deployment<'py>(&self, py: Python<'py>, namespace: &str, name: &str) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || live::deployment(&self.access, namespace, name, self.limit))
    }

    /// The static pods of the control plane as the kubelets show them, each a dict with `node`, `component`, `image` and `command`.
    fn static_pods<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || live::static_pods(&self.access, self.limit))
    }

    /// The texts of a `ConfigMap` by key.
    fn config_map<'py>(&self, py: Python<'py>, namespace: &str, name: &str) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || live::config_map(&self.access, namespace, name, self.limit))
    }

    /// Sets one key of a `ConfigMap`; with `seen` only where it still holds that text. Gives whether it had to be changed.
    #[pyo3(signature = (namespace, name, key, text, field_manager, *, seen = None))]
    #[expect(clippy::too_many_arguments, reason = "Python names its arguments")]
    fn patch_config_map(
        &self,
        py: Python<'_>,
        namespace: &str,
        name: &str,
        key: &str,
        text: &str,
        field_manager: &str,
        seen: Option<&str>,
    ) -> PyResult<bool> {
        call(py, || {
            live::patch_config_map(&self.access, (namespace, name), (key, text), seen, field_manager, self.limit)
        })
    }

    fn __repr__(&self) -> String {
        format!("<Api {}>", self.access.server())
    }
}

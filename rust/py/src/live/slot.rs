//! The class `Slot`.

use super::call;
use super::turn::Turn;
use crate::errors;
use crate::topology::Topology;
use gate::{BALANCERS, BALANCERS_AWAY, is_balancer, worker_domain, workers_away};
use live::{Access, Credentials, Slots, Targets};
use pyo3::prelude::*;
use std::time::Duration;

/// Each API server gets this long to answer.
const LIMIT: Duration = Duration::from_secs(2);

/// A slot in which a worker is disturbed, one of those of its failure domain, or the only one of all balancers outside of the
/// control plane; kept as a Lease of Kubernetes, and renewed while it is held.
///
/// One that is dropped, or whose process dies, is free when another one has seen it unchanged for `seconds`.
#[pyclass(frozen, extends = Turn, module = "saltext.k8s_ha._core")]
pub struct Slot;

#[pymethods]
impl Slot {
    /// `kubeconfig` is the text of one; each API server is asked directly where its server gives no answer.
    #[new]
    #[pyo3(signature = (topology, node, kubeconfig, seconds = 30))]
    fn new(
        py: Python<'_>,
        topology: &Topology,
        node: &str,
        kubeconfig: String,
        seconds: u64,
    ) -> PyResult<PyClassInitializer<Self>> {
        let topology = topology.resolved()?;
        let Some(declared) = topology.node(node) else {
            return Err(errors::argument(format!("the pillar declares no node {node}")));
        };
        let servers = call(py, || {
            let first = Access::from_kubeconfig(&kubeconfig)?;
            let credentials = Credentials { etcd: None, kubeconfig: Some(kubeconfig) };
            let others = Targets::of(topology, &credentials)?.api_servers.into_iter().map(|(_, access)| access);
            Ok([first].into_iter().chain(others).collect())
        })?;
        let (domain, many) = if is_balancer(declared) {
            (Some(BALANCERS), BALANCERS_AWAY)
        } else {
            (worker_domain(topology, declared), workers_away(topology))
        };
        Ok(Turn::new(Slots::new(servers, LIMIT, domain, many), seconds).of(Self))
    }
}

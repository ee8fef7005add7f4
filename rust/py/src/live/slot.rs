//! The class `Slot`.

use super::lock::{acquire, frozen, told};
use super::{call, call_for_value};
use crate::errors;
use crate::topology::Topology;
use gate::{BALANCERS, BALANCERS_AWAY, Holder, is_balancer_alone, worker_domain, workers_away};
use live::{Access, Credentials, Keep, Renewing, Slots, Targets};
use pyo3::prelude::*;
use std::time::Duration;

/// Each API server gets this long to answer.
const LIMIT: Duration = Duration::from_secs(2);

/// A slot in which a worker is disturbed, one of those of its failure domain, or the only one of all hosts that run the load balancer
/// alone; kept as a Lease of Kubernetes, and renewed while it is held. It is used as `Lock` is.
///
/// One that is dropped, or whose process dies, is free when another one has seen it unchanged for `seconds`.
#[pyclass(frozen, module = "saltext.k8s_ha._core")]
pub struct Slot {
    lock: Renewing<Slots>,
    seconds: u64,
}

#[pymethods]
impl Slot {
    /// `kubeconfig` is the text of one; each API server is asked directly where its server gives no answer.
    #[new]
    #[pyo3(signature = (topology, node, kubeconfig, seconds = 30))]
    fn new(py: Python<'_>, topology: &Topology, node: &str, kubeconfig: String, seconds: u64) -> PyResult<Self> {
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
        let (domain, many) = if is_balancer_alone(declared) {
            (Some(BALANCERS), BALANCERS_AWAY)
        } else {
            (worker_domain(topology, declared), workers_away(topology))
        };
        let slots = Slots::new(servers, LIMIT, domain, many);
        Ok(Self { lock: Renewing::new(slots), seconds })
    }

    /// Takes a slot: None, or who has the first of them (a dict with `node`, `step`, `digest`, `since`). It is renewed until it is
    /// released.
    fn acquire<'py>(
        &self,
        py: Python<'py>,
        node: String,
        step: String,
        digest: String,
        now: f64,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        acquire(py, &self.lock, &Holder { node, step, digest, since: now }, self.seconds)
    }

    /// Who has the first of the slots where none is free now, or None.
    fn holder<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let holder = call(py, || self.lock.keeper().holder())?;
        told(py, holder)
    }

    /// Renews the slot now, immediately before an act: for so many seconds it is then certainly held.
    fn confirm(&self, py: Python<'_>) -> PyResult<f64> {
        call(py, || self.lock.confirm())
    }

    /// As `confirm`, and puts the step on record: others with its digest wait until it is taken off.
    fn begin(&self, py: Python<'_>) -> PyResult<f64> {
        call(py, || self.lock.begin())
    }

    /// Steps that were begun and have not ended well: dicts as `holder` gives one.
    fn steps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || self.lock.keeper().steps())
    }

    /// The step that freezes this digest for this node, or None.
    fn frozen<'py>(&self, py: Python<'py>, node: &str, digest: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        frozen(py, &self.lock, node, digest)
    }

    /// Takes a node's step off the record.
    fn finish(&self, py: Python<'_>, node: &str) -> PyResult<()> {
        call(py, || self.lock.keeper().finish(node))
    }

    /// For so many seconds it is certainly held, by the last renewal; 0 when it is not.
    fn seconds_left(&self) -> f64 {
        self.lock.seconds_left()
    }

    /// Gives it back; one that cannot be given back is free when its time is over.
    fn release(&self, py: Python<'_>) -> PyResult<()> {
        call(py, || self.lock.release())
    }
}

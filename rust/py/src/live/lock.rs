//! The class `Lock`.

use super::records::keeper;
use super::{call, raised};
use crate::topology::Topology;
use crate::{errors, json};
use gate::Holder;
use live::{Acquired, Error, Held, Keeper, boot_clock};
use pyo3::prelude::*;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// What the thread that renews shares with Python.
#[derive(Default)]
struct Shared {
    held: Mutex<Option<Held>>,
    ended: Condvar,
}

impl Shared {
    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        // A panic elsewhere leaves a whole value behind.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lock under which one host at a time is disturbed; kept in etcd, by a lease that is renewed while it is held.
///
/// `etcd` is the authority, a client certificate and its key, PEM. One that is dropped, or whose process dies, frees itself when
/// its lease of `seconds` ends.
#[pyclass(frozen, module = "saltext.k8s_ha._core")]
pub struct Lock {
    keeper: Keeper,
    seconds: u64,
    shared: Arc<Shared>,
    renewing: Mutex<Option<JoinHandle<()>>>,
    /// What it is held for.
    step: Mutex<Option<Holder>>,
}

#[pymethods]
impl Lock {
    #[new]
    #[pyo3(signature = (topology, etcd, seconds = 30))]
    fn new(py: Python<'_>, topology: &Topology, etcd: (String, String, String), seconds: u64) -> PyResult<Self> {
        let keeper = keeper(py, topology, etcd)?;
        Ok(Self { keeper, seconds, shared: Arc::default(), renewing: Mutex::new(None), step: Mutex::new(None) })
    }

    /// Takes the lock: None, or who has it (a dict with `node`, `step`, `digest`, `since`). It is renewed until it is released.
    fn acquire<'py>(
        &self,
        py: Python<'py>,
        node: String,
        step: String,
        digest: String,
        now: f64,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        if self.shared.held().is_some() {
            return Err(errors::argument("this lock is held already".to_owned()));
        }
        let holder = Holder { node, step, digest, since: now };
        match call(py, || self.keeper.acquire(&holder, self.seconds))? {
            Acquired::By(other) => Ok(Some(json::to_python(py, &errors::structure(&other)?)?)),
            Acquired::Held(held) => {
                *self.step.lock().unwrap_or_else(PoisonError::into_inner) = Some(holder);
                *self.shared.held() = Some(held);
                self.keep_renewing();
                Ok(None)
            }
        }
    }

    /// Who has the lock now, or None.
    fn holder<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let holder = call(py, || self.keeper.holder())?;
        holder.map(|holder| json::to_python(py, &errors::structure(&holder)?)).transpose()
    }

    /// Renews the lease now, immediately before an act: for so many seconds it is then certainly held.
    fn confirm(&self, py: Python<'_>) -> PyResult<f64> {
        let held = *self.shared.held();
        let Some(held) = held else {
            return Err(raised(py, &Error::Changed { object: "the lock, which is not held,".to_owned() }));
        };
        let renewed = call(py, || self.keeper.renew(&held))?;
        *self.shared.held() = Some(renewed);
        Ok(renewed.lease.left(boot_clock()))
    }

    /// As `confirm`, and puts the step on record: others with its digest wait until it is taken off.
    fn begin(&self, py: Python<'_>) -> PyResult<f64> {
        let left = self.confirm(py)?;
        let (held, step) = (*self.shared.held(), self.step.lock().unwrap_or_else(PoisonError::into_inner).clone());
        if let (Some(held), Some(step)) = (held, step) {
            call(py, || self.keeper.begin(&held, &step))?;
        }
        Ok(left)
    }

    /// For so many seconds it is certainly held, by the last renewal; 0 when it is not.
    fn seconds_left(&self) -> f64 {
        self.shared.held().map_or(0.0, |held| held.lease.left(boot_clock()))
    }

    /// Gives it back; one that cannot be given back ends with its lease.
    fn release(&self, py: Python<'_>) -> PyResult<()> {
        let held = self.shared.held().take();
        self.shared.ended.notify_all();
        let renewing = self.renewing.lock().unwrap_or_else(PoisonError::into_inner).take();
        call(py, || {
            // It looks at what is held before each renewal.
            _ = renewing.map(JoinHandle::join);
            held.map_or(Ok(()), |held| self.keeper.release(&held))
        })
    }
}

impl Lock {
    /// Renews on a thread of its own: whoever holds the lock waits for other programs meanwhile.
    fn keep_renewing(&self) {
        let (keeper, shared) = (self.keeper.clone(), Arc::clone(&self.shared));
        let thread = std::thread::spawn(move || {
            loop {
                let guard = shared.held();
                let Some(held) = *guard else { return };
                let pause = Duration::from_secs_f64(held.lease.next_renewal(boot_clock()));
                let waited = shared.ended.wait_timeout(guard, pause);
                let (guard, _) = waited.unwrap_or_else(PoisonError::into_inner);
                let Some(held) = *guard else { return };
                drop(guard);
                if held.lease.next_renewal(boot_clock()) > 0.0 {
                    continue;
                }
                let renewed = keeper.renew(&held);
                let mut guard = shared.held();
                match renewed {
                    Ok(renewed) => *guard = guard.map(|_| renewed),
                    // It is somebody else's by now; what is left of it is none.
                    Err(Error::Changed { .. }) => return,
                    Err(_) => {
                        let waited = shared.ended.wait_timeout(guard, Duration::from_millis(200));
                        drop(waited.unwrap_or_else(PoisonError::into_inner));
                    }
                }
            }
        });
        *self.renewing.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The thread ends by itself; the lease does, too.
        *self.shared.held() = None;
        self.shared.ended.notify_all();
    }
}

//! The class `Turn`: what the classes `Lock` and `Slot` have in common, wherever each is kept.

use super::{call, call_for_value};
use crate::{errors, json};
use gate::Holder;
use live::{Error, Keep, Renewing};
use pyo3::PyClass;
use pyo3::prelude::*;

/// A lock that is renewed while it is held, whoever keeps it.
trait Kept: Send + Sync {
    fn is_held(&self) -> bool;
    fn acquire(&self, holder: &Holder, seconds: u64) -> Result<Option<Holder>, Error>;
    fn holder(&self) -> Result<Option<Holder>, Error>;
    fn confirm(&self) -> Result<f64, Error>;
    fn begin(&self) -> Result<f64, Error>;
    fn steps(&self) -> Result<Vec<Holder>, Error>;
    fn finish(&self, node: &str) -> Result<(), Error>;
    fn seconds_left(&self) -> f64;
    fn release(&self) -> Result<(), Error>;
}

impl<K: Keep + Sync> Kept for Renewing<K>
where
    K::Held: Sync,
{
    fn is_held(&self) -> bool {
        self.held().is_some()
    }

    fn acquire(&self, holder: &Holder, seconds: u64) -> Result<Option<Holder>, Error> {
        Renewing::acquire(self, holder, seconds)
    }

    fn holder(&self) -> Result<Option<Holder>, Error> {
        self.keeper().holder()
    }

    fn confirm(&self) -> Result<f64, Error> {
        Renewing::confirm(self)
    }

    fn begin(&self) -> Result<f64, Error> {
        Renewing::begin(self)
    }

    fn steps(&self) -> Result<Vec<Holder>, Error> {
        self.keeper().steps()
    }

    fn finish(&self, node: &str) -> Result<(), Error> {
        self.keeper().finish(node)
    }

    fn seconds_left(&self) -> f64 {
        Renewing::seconds_left(self)
    }

    fn release(&self) -> Result<(), Error> {
        Renewing::release(self)
    }
}

/// What a host has while it is disturbed, and no other one has then. It is renewed while it is held, and frees itself when its
/// process dies. With it, what is on record about steps.
#[pyclass(frozen, subclass, module = "saltext.k8s_ha._core")]
pub struct Turn {
    kept: Box<dyn Kept>,
    seconds: u64,
}

impl Turn {
    /// One that is not held yet; `seconds` is for how long each renewal keeps it.
    pub(super) fn new<K: Keep + Sync>(keeper: K, seconds: u64) -> Self
    where
        K::Held: Sync,
    {
        Self { kept: Box::new(Renewing::new(keeper)), seconds }
    }

    /// The object of a class that is one of these.
    pub(super) fn of<C: PyClass<BaseType = Self>>(self, class: C) -> PyClassInitializer<C> {
        PyClassInitializer::from(self).add_subclass(class)
    }
}

#[pymethods]
impl Turn {
    /// Takes it: None, or who has it (a dict with `node`, `step`, `digest`, `since`). It is renewed until it is released.
    fn acquire<'py>(
        &self,
        py: Python<'py>,
        node: String,
        step: String,
        digest: String,
        now: f64,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        if self.kept.is_held() {
            return Err(errors::argument("this lock is held already".to_owned()));
        }
        let holder = Holder { node, step, digest, since: now };
        told(py, call(py, || self.kept.acquire(&holder, self.seconds))?)
    }

    /// Who has it now, or the first of several where none is free; None where it may be taken.
    fn holder<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        told(py, call(py, || self.kept.holder())?)
    }

    /// Renews it now, immediately before an act: for so many seconds it is then certainly held.
    fn confirm(&self, py: Python<'_>) -> PyResult<f64> {
        call(py, || self.kept.confirm())
    }

    /// As `confirm`, and puts the step on record: others with its digest wait until it is taken off.
    fn begin(&self, py: Python<'_>) -> PyResult<f64> {
        call(py, || self.kept.begin())
    }

    /// Steps that were begun and have not ended well: dicts as `holder` gives one.
    fn steps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || self.kept.steps())
    }

    /// The step that freezes this digest for this node, or None.
    fn frozen<'py>(&self, py: Python<'py>, node: &str, digest: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let steps = call(py, || self.kept.steps())?;
        told(py, gate::frozen(&steps, node, digest).cloned())
    }

    /// Takes a node's step off the record.
    fn finish(&self, py: Python<'_>, node: &str) -> PyResult<()> {
        call(py, || self.kept.finish(node))
    }

    /// For so many seconds it is certainly held, by the last renewal; 0 when it is not.
    fn seconds_left(&self) -> f64 {
        self.kept.seconds_left()
    }

    /// Gives it back; one that cannot be given back is free when its time is over.
    fn release(&self, py: Python<'_>) -> PyResult<()> {
        call(py, || self.kept.release())
    }
}

/// A holder as Python's own types.
fn told(py: Python<'_>, holder: Option<Holder>) -> PyResult<Option<Bound<'_, PyAny>>> {
    holder.map(|holder| json::to_python(py, &errors::structure(&holder)?)).transpose()
}

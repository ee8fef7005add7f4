//! The Python module `saltext.k8s_ha._core`: conversions only, no logic.
//!
//! Importing it runs nothing: no thread, no runtime, no global state, because Salt forks a process for each job. A panic
//! never reaches Python; it becomes a `K8sHaError`.

mod certificates;
mod convert;
mod errors;
mod etcd_maintenance;
mod faults;
mod findings;
mod json;
mod judge;
mod ledger;
mod live;
mod load;
mod node_values;
mod placement;
mod plan;
mod standing;
mod today;
mod topology;

use pyo3::prelude::*;

/// The compiled core of `saltext.k8s_ha`.
#[pymodule(gil_used = false)]
mod _core {
    use super::{certificates, convert, errors};
    use pyo3::prelude::*;
    use std::ffi::OsString;
    use std::io::{Write, stderr, stdout};

    #[pymodule_export]
    use super::errors::{K8sHaError, LedgerError, PillarError, RenderError};
    #[pymodule_export]
    use super::etcd_maintenance::etcd_maintenance;
    #[pymodule_export]
    use super::judge::{away, evicts, judge, step_words, unsettled};
    #[pymodule_export]
    use super::ledger::Ledger;
    #[pymodule_export]
    use super::live::machines::machines;
    #[pymodule_export]
    use super::live::observe::observe;
    #[pymodule_export]
    use super::live::{Api, Etcd, LiveError, Lock, Slot, Turn};
    #[pymodule_export]
    use super::placement::{misplaced, proxmox_token, taken};
    #[pymodule_export]
    use super::plan::roll_order;
    #[pymodule_export]
    use super::standing::{changed_facts, fixed_facts, undeclared_members};
    #[pymodule_export]
    use super::topology::Topology;

    /// Runs the command line `argv` (with the program's name first) and returns its exit code.
    #[pyfunction]
    fn cli_main(py: Python<'_>, argv: Vec<OsString>) -> PyResult<u8> {
        errors::guarded(|| {
            Ok(py.detach(|| {
                let (mut out, mut err) = (stdout().lock(), stderr().lock());
                let code = cli::run(argv, &mut out, &mut err);
                // Whether the reader went away is said by the command itself; nothing is left to do here.
                _ = out.flush();
                _ = err.flush();
                code
            }))
        })
    }

    /// The digest of a pillar (the value of `k8s_ha`): 64 hex digits, and much cheaper than a `Topology`.
    #[pyfunction]
    fn digest(pillar: &Bound<'_, PyAny>) -> PyResult<String> {
        errors::guarded(|| {
            let written = convert::pillar(pillar)?;
            Ok(::topology::digest(&written.tree, written.root))
        })
    }

    /// The text of a file without what its reader does not look at, such as comments.
    #[pyfunction]
    fn meaning(path: &str, text: &str) -> PyResult<String> {
        errors::guarded(|| Ok(render::meaning(path, text)))
    }

    /// The certificates of a PEM text, each a dict with `subject`, `begins` and `ends` (seconds since the epoch).
    #[pyfunction]
    fn certificates_of_pem<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| certificates::of_pem(py, text))
    }

    /// The client certificate of a kubeconfig: a dict with `certificates` and `file` (the one that it names instead, or None).
    #[pyfunction]
    fn client_of_kubeconfig<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| certificates::of_kubeconfig(py, text))
    }

    /// The JSON Schema of a pillar file.
    #[pyfunction]
    fn schema() -> PyResult<String> {
        errors::guarded(|| Ok(::topology::json_schema()))
    }

    /// The version of this release.
    #[pyfunction]
    fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

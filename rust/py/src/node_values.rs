//! What a node gets, as JSON on its way to Python.

use crate::errors;
use ::topology::pillar::Managed;
use ::topology::{Facts, Node, Topology as Resolved};
use pyo3::PyResult;
use render::Activation;
use serde_json::{Value, json};

/// How something is managed: `yes`, `check` or `no`.
pub fn managed_name(managed: Managed) -> &'static str {
    match managed {
        Managed::Yes => "yes",
        Managed::Check => "check",
        Managed::No => "no",
    }
}

/// Packages of a node and where they come from.
///
/// # Errors
/// `RenderError` when they cannot be rendered.
pub fn packages_value(topology: &Resolved, facts: &Facts, node: &Node) -> PyResult<Value> {
    let repositories = render::repositories(topology, facts, node).map_err(|error| errors::not_rendered(&error))?;
    let packages = render::packages(topology, facts, node).into_iter().map(|package| {
        let mut value = errors::structure(&package)?;
        value["managed"] = json!(managed_name(package.managed));
        Ok(value)
    });
    Ok(json!({
        "packaging": node.os.packaging().name(),
        "packages": packages.collect::<PyResult<Vec<_>>>()?,
        "repositories": errors::structure(&repositories)?,
        "containerd": node.containerd,
    }))
}

/// A file of a node.
///
/// # Errors
/// When it has no JSON.
pub fn file_value(topology: &Resolved, file: &render::File) -> PyResult<Value> {
    let mut value = errors::structure(file)?;
    value["activation"] = match &file.activation {
        Activation::None => json!({"action": "none", "unit": null}),
        Activation::Reload(unit) => json!({"action": "reload", "unit": unit}),
        Activation::Restart(unit) => json!({"action": "restart", "unit": unit}),
        Activation::OnWrite => json!({"action": "on_write", "unit": null}),
    };
    value["check"] = json!(file.check.as_ref().map(|check| &check.command));
    value["managed"] = json!(managed_name(render::managed(topology, &file.component)));
    Ok(value)
}

//! containerd: its configuration, in the version that its major release reads.

use super::Context;
use crate::file::{Activation, File};
use crate::template::Error;
use serde_json::{Map, Value, json};

const HEADER: &str = "# Written by Salt (saltext-k8s-ha): do not edit, change the pillar.\n\n";

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    if !context.runs_kubelet() {
        return Ok(Vec::new());
    }
    let written = &context.topology.pillar.containerd;
    let sandbox = written.sandbox_image.as_deref().unwrap_or_default();
    let (version, mut plugins) =
        if context.node.containerd >= 2 { (3, version_3(sandbox)) } else { (2, version_2(sandbox)) };
    lay_over(&mut plugins, &written.plugins.clone().into_iter().collect());
    let text = print(&json!({ "version": version, "plugins": plugins }))?;
    let file = File::new("/etc/containerd/config.toml", "the container runtime", format!("{HEADER}{text}"))
        .activation(Activation::Restart("containerd.service".to_owned()))
        .check("containerd --config {file} config dump")
        .component("containerd");
    Ok(vec![file])
}

/// For containerd 2. Directories of network plugins are left at their defaults, `/opt/cni/bin` and `/etc/cni/net.d`:
/// their key was renamed between 2.0 and 2.1.
fn version_3(sandbox: &str) -> Map<String, Value> {
    table(json!({
        "io.containerd.cri.v1.images": {
            "pinned_images": { "sandbox": sandbox },
            "registry": { "config_path": CERTS },
        },
        "io.containerd.cri.v1.runtime": { "containerd": runtimes() },
    }))
}

/// For containerd 1, which reads version 3 without an error and then uses its defaults.
fn version_2(sandbox: &str) -> Map<String, Value> {
    table(json!({
        "io.containerd.grpc.v1.cri": {
            "sandbox_image": sandbox,
            "registry": { "config_path": CERTS },
            // Distributions set their own here; Kubernetes' packages and network plugins install to these.
            "cni": { "bin_dir": "/opt/cni/bin", "conf_dir": "/etc/cni/net.d" },
            "containerd": runtimes(),
        },
    }))
}

/// Mirrors and CAs of registries, one folder each.
const CERTS: &str = "/etc/containerd/certs.d";

/// The kubelet and the runtime must agree on systemd as the keeper of cgroups.
fn runtimes() -> Value {
    json!({
        "default_runtime_name": "runc",
        "runtimes": { "runc": { "runtime_type": "io.containerd.runc.v2", "options": { "SystemdCgroup": true } } },
    })
}

fn table(value: Value) -> Map<String, Value> {
    if let Value::Object(table) = value { table } else { Map::new() }
}

/// Lays a table over another: tables are merged, anything else is replaced, and null removes.
fn lay_over(below: &mut Map<String, Value>, above: &Map<String, Value>) {
    for (key, value) in above {
        match (below.get_mut(key), value) {
            (Some(Value::Object(below)), Value::Object(above)) => lay_over(below, above),
            (_, Value::Null) => _ = below.remove(key),
            (_, Value::Object(above)) => {
                let mut fresh = Map::new();
                lay_over(&mut fresh, above);
                below.insert(key.clone(), Value::Object(fresh));
            }
            _ => _ = below.insert(key.clone(), value.clone()),
        }
    }
}

fn print(configuration: &Value) -> Result<String, Error> {
    let failed = |message: String| Error::Structure { what: "containerd's configuration", message };
    let table = toml::Table::try_from(configuration).map_err(|error| failed(error.to_string()))?;
    toml::to_string_pretty(&table).map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_pillar_writes_wins() {
        let mut below = table(json!({ "a": { "b": 1, "c": [1, 2], "d": { "e": true } } }));
        let above = table(json!({ "a": { "b": null, "c": [3], "d": { "f": { "g": null, "h": "x" } } }, "i": null }));
        lay_over(&mut below, &above);
        assert_eq!(Value::Object(below), json!({ "a": { "c": [3], "d": { "e": true, "f": { "h": "x" } } } }));
    }
}

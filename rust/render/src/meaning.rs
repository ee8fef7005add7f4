//! What a program takes from a file: a comment or an empty line that another release writes is no reason to restart it.

use serde_json::Value;

/// The text of a file without what its reader does not look at: of YAML, JSON and TOML the values, of anything else the lines
/// that are neither empty nor comments, without the space around them. A text that cannot be read is kept as it is.
#[must_use]
pub fn meaning(path: &str, text: &str) -> String {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let values = match ending {
        "yaml" | "yml" | "json" => yaml(text),
        "toml" => toml::from_str::<toml::Value>(text).ok().and_then(|value| serde_json::to_value(value).ok()),
        _ => return lines(text),
    };
    let sorted = |mut values: Value| {
        values.sort_all_objects();
        values.to_string()
    };
    values.map_or_else(|| text.to_owned(), sorted)
}

fn yaml(text: &str) -> Option<Value> {
    let documents = serde_yaml::Deserializer::from_str(text);
    documents
        .map(|document| serde::Deserialize::deserialize(document).ok())
        .collect::<Option<Vec<Value>>>()
        .map(Value::Array)
}

/// `#` begins a comment in all of these programs, `;` in systemd's units, `!` in keepalived's and chrony's files.
fn lines(text: &str) -> String {
    let kept = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';', '!']));
    kept.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::meaning;

    #[test]
    fn comments_space_and_order_of_keys_mean_nothing() {
        for (path, one, other) in [
            ("/etc/haproxy/haproxy.cfg", "# ours\nglobal\n    daemon\n\n", "global\n  daemon\n# of a later release\n"),
            ("/etc/keepalived/keepalived.conf", "! ours\nglobal_defs {\n}\n", "global_defs {\n}"),
            ("/x/20-k8s-ha.conf", "[Service]\n; why\nWatchdogSec=20s\n", "[Service]\nWatchdogSec=20s\n"),
            (
                "/etc/containerd/config.toml",
                "version = 3\n[a]\nb = 1\nc = 2\n",
                "# x\nversion = 3\n[a]\nc = 2\nb = 1\n",
            ),
            ("/etc/etcd/etcd.conf.yaml", "a: 1\nb: [x]\n", "# x\nb:\n- \"x\"\na: 1\n"),
        ] {
            assert_eq!(meaning(path, one), meaning(path, other), "{path}");
        }
    }

    #[test]
    fn values_order_of_lines_and_of_documents_mean_something() {
        for (path, one, other) in [
            ("/etc/haproxy/haproxy.cfg", "server a\nserver b\n", "server b\nserver a\n"),
            ("/etc/haproxy/haproxy.cfg", "log  stdout\n", "log stdout\n"),
            ("/etc/containerd/config.toml", "version = 2\n", "version = 3\n"),
            ("/etc/etcd/etcd.conf.yaml", "a: 1\n", "a: \"1\"\n"),
            ("/x.yaml", "a: 1\n---\nb: 1\n", "b: 1\n---\na: 1\n"),
            ("/x.yaml", "a: [\n", "a: [ \n"),
        ] {
            assert_ne!(meaning(path, one), meaning(path, other), "{path}");
        }
    }
}

//! Programs whose static pods kubeadm writes from its configuration and its patches.

use super::answer::ProgramAction;
use super::files::Programs;
use render::File;
use serde_json::Value;

const CONFIGURATION: &str = "/etc/kubernetes/kubeadm/init.yaml";
const PATCHES: &str = "/etc/kubernetes/patches/";

/// Targets of patches that are programs of the node; longer names first where one begins like another.
const TARGETS: [(&str, &str); 5] = [
    ("kube-apiserver", "kube-apiserver"),
    ("kube-controller-manager", "kube-controller-manager"),
    ("kube-scheduler", "kube-scheduler"),
    ("kubeletconfiguration", "kubelet"),
    ("etcd", "etcd"),
];

/// Sections of ClusterConfiguration with the program that each is about.
const SECTIONS: [(&str, &str); 5] = [
    ("/apiServer", "kube-apiserver"),
    ("/controllerManager", "kube-controller-manager"),
    ("/scheduler", "kube-scheduler"),
    ("/etcd/local", "etcd"),
    // Whom the API server asks.
    ("/etcd/external", "kube-apiserver"),
];

/// Notes the programs that a changed file of kubeadm is about. What other nodes of the cluster get from it, kube-proxy and CoreDNS,
/// Kubernetes rolls out by itself.
pub(super) fn read_anew(file: &File, earlier: Option<&File>, programs: &mut Programs) {
    if let Some(name) = file.path.strip_prefix(PATCHES) {
        let target = TARGETS.iter().find(|(target, _)| name.starts_with(target));
        if let Some((_, program)) = target {
            programs.note(program, ProgramAction::Restart);
        }
        return;
    }
    let Some(earlier) = earlier.filter(|_| file.path == CONFIGURATION) else { return };
    let (was, is) = (cluster_configuration(earlier), cluster_configuration(file));
    for (section, program) in SECTIONS {
        if was.pointer(section) != is.pointer(section) {
            programs.note(program, ProgramAction::Restart);
        }
    }
    // The API server reads a renewed certificate by itself.
    if was.pointer(NAMES) != is.pointer(NAMES) {
        programs.note("kube-apiserver", ProgramAction::Reload);
    }
}

const NAMES: &str = "/names";

/// ClusterConfiguration, with the names of the API server's certificate beside its other settings.
fn cluster_configuration(file: &File) -> Value {
    // Documents of YAML, as JSON.
    let documents: Vec<Value> = serde_json::from_str(&render::meaning(&file.path, &file.contents)).unwrap_or_default();
    let found = documents.into_iter().find(|document| document["kind"] == "ClusterConfiguration");
    let mut found = found.unwrap_or(Value::Null);
    let server = found.pointer_mut("/apiServer").and_then(Value::as_object_mut);
    let names = server.and_then(|server| server.remove("certSANs"));
    if let (Some(fields), Some(names)) = (found.as_object_mut(), names) {
        fields.insert(NAMES.trim_start_matches('/').to_owned(), names);
    }
    found
}

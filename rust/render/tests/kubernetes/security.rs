//! What the API servers read beside their arguments.

use crate::support::{cluster, contents, document, files, find, three_masters, values};
use serde_json::json;

const AUTHENTICATION: &str = "/etc/kubernetes/kube-apiserver/authentication-config.yaml";

#[test]
fn without_a_name_only_the_health_endpoints_answer() {
    let topology = three_masters("");
    let configuration = document(&topology, "cp1", AUTHENTICATION);
    assert_eq!(
        configuration["anonymous"]["conditions"],
        json!([{ "path": "/livez" }, { "path": "/readyz" }, { "path": "/healthz" }])
    );
    let cluster = cluster(&topology);
    assert_eq!(values(&cluster["apiServer"]["extraArgs"], "authentication-config"), [AUTHENTICATION]);
    assert!(values(&cluster["apiServer"]["extraArgs"], "anonymous-auth").is_empty());
}

/// kube-apiserver refuses the file together with these arguments.
#[test]
fn the_file_yields_to_arguments_that_exclude_it() {
    for more in [
        "security: {anonymous_auth: true}",
        "kubeadm: {api_server: {extra_args: [{name: anonymous-auth, value: 'true'}]}}",
        "kubeadm: {api_server: {extra_args: [{name: oidc-issuer-url, value: 'https://id.lan'}]}}",
    ] {
        let topology = three_masters(more);
        assert!(find(&topology, "cp1", AUTHENTICATION).is_none(), "{more}");
        assert!(values(&cluster(&topology)["apiServer"]["extraArgs"], "authentication-config").is_empty(), "{more}");
    }
}

#[test]
fn the_audit_log_is_kept_within_limits() {
    let topology = three_masters("security: {audit: {max_age: 7}}");
    let list = cluster(&topology)["apiServer"]["extraArgs"].clone();
    for (name, value) in [("audit-log-maxage", "7"), ("audit-log-maxbackup", "10"), ("audit-log-maxsize", "100")] {
        assert_eq!(values(&list, name), [value], "{name}");
    }
    let policy = document(&topology, "cp1", values(&list, "audit-policy-file")[0]);
    let secrets = policy["rules"].as_array().unwrap().iter().find(|rule| rule.to_string().contains("secrets")).unwrap();
    assert_eq!(secrets["level"], "Metadata");
}

#[test]
fn without_an_audit_log_there_is_nothing_of_it() {
    let topology = three_masters("security: {audit: {enabled: false}}");
    assert!(files(&topology, "cp1").iter().all(|file| !file.path.contains("audit")));
    assert!(!contents(&topology, "cp1", "/etc/kubernetes/kubeadm/init.yaml").contains("audit"));
}

#[test]
fn the_configuration_is_mounted_as_a_directory() {
    let volumes = |more: &str| cluster(&three_masters(more))["apiServer"]["extraVolumes"].clone();
    let all = volumes("");
    assert_eq!(all[0]["hostPath"], "/etc/kubernetes/kube-apiserver");
    assert_eq!((&all[0]["pathType"], &all[0]["readOnly"]), (&json!("Directory"), &json!(true)));
    assert!(volumes("security: {anonymous_auth: true, audit: {enabled: false}}").is_null());
}

#[test]
fn the_key_of_encryption_is_in_no_file() {
    let reference = "sdb://keys/etcd-encryption";
    let topology = three_masters(&format!(
        "security: {{encryption_at_rest: {{provider: secretbox, encryption_key: '{reference}'}}}}"
    ));
    let list = cluster(&topology)["apiServer"]["extraArgs"].clone();
    assert_eq!(values(&list, "encryption-provider-config"), ["/etc/kubernetes/kube-apiserver/encryption-config.yaml"]);
    for file in files(&topology, "cp1") {
        assert!(!file.contents.contains(reference) && !file.path.contains("encryption"), "{}", file.path);
    }
    assert!(values(&cluster(&three_masters(""))["apiServer"]["extraArgs"], "encryption-provider-config").is_empty());
}

//! Files that every API server reads, the same on each: what is audited and who may ask without a name.
//!
//! The third file of the directory, [`ENCRYPTION`], holds the key by which Secrets are encrypted in etcd. The key is known
//! here as a reference only, so the file is not rendered: whoever resolves the reference writes it, before kubeadm starts
//! the first API server. The arguments that name it are rendered as soon as the pillar declares `security.encryption_at_rest`.

use super::Context;
use super::kubeadm::text;
use crate::file::{Activation, File};
use crate::template::Error;
use serde_json::{Value, json};
use topology::Topology;

/// The directory, which is mounted into the API server.
pub(super) const DIRECTORY: &str = "/etc/kubernetes/kube-apiserver";
/// What is audited.
pub(super) const AUDIT_POLICY: &str = "/etc/kubernetes/kube-apiserver/audit-policy.yaml";
/// Who may ask without a name.
pub(super) const AUTHENTICATION: &str = "/etc/kubernetes/kube-apiserver/authentication-config.yaml";
/// How Secrets are encrypted in etcd; written where its key is resolved.
pub(super) const ENCRYPTION: &str = "/etc/kubernetes/kube-apiserver/encryption-config.yaml";

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let topology = context.topology;
    let mut files = Vec::new();
    if !context.is_control_plane() {
        return Ok(files);
    }
    if topology.security.audit.enabled {
        let contents = text("the audit policy", &[audit_policy()])?;
        files.push(File::new(AUDIT_POLICY, "what kube-apiserver audits", contents).mode("0600"));
    }
    if restricts_anonymous(topology) {
        let contents = text("the authentication configuration", &[authentication()])?;
        let file =
            File::new(AUTHENTICATION, "which requests kube-apiserver takes without a name", contents).mode("0600");
        // kube-apiserver looks at it again by itself.
        files.push(file.activation(Activation::OnWrite));
    }
    Ok(files)
}

/// Whether the directory holds any file.
pub(super) fn has_files(topology: &Topology) -> bool {
    topology.security.audit.enabled || restricts_anonymous(topology) || topology.security.encryption_at_rest.is_some()
}

/// Whether requests without a name reach the health endpoints only. Arguments of the pillar with which kube-apiserver refuses
/// our file decide otherwise.
pub(super) fn restricts_anonymous(topology: &Topology) -> bool {
    let excludes =
        |name: &str| name == "authentication-config" || name == "anonymous-auth" || name.starts_with("oidc-");
    let arguments = &topology.kubeadm.api_server.extra_args;
    !topology.security.anonymous_auth && !arguments.iter().any(|argument| excludes(&argument.name))
}

/// The balancer, the kubelet's probes and kubeadm ask these paths without a certificate. `cluster-info` is not among them:
/// nodes join by a discovery file, not by a token.
fn authentication() -> Value {
    json!({
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "AuthenticationConfiguration",
        "anonymous": {
            "enabled": true,
            "conditions": [{ "path": "/livez" }, { "path": "/readyz" }, { "path": "/healthz" }],
        },
    })
}

/// Who did what, without the contents of Secrets and without the noise of probes and heartbeats. The first rule that fits
/// counts.
fn audit_policy() -> Value {
    json!({
        "apiVersion": "audit.k8s.io/v1",
        "kind": "Policy",
        "omitStages": ["RequestReceived"],
        "omitManagedFields": true,
        "rules": [
            { "level": "None", "nonResourceURLs": ["/livez*", "/readyz*", "/healthz*", "/version"] },
            { "level": "None", "resources": [{ "group": "coordination.k8s.io", "resources": ["leases"] }] },
            {
                "level": "None",
                "resources": [{ "group": "", "resources": ["events"] }, { "group": "events.k8s.io", "resources": ["events"] }],
            },
            {
                "level": "None",
                "users": ["system:kube-proxy"],
                "verbs": ["get", "list", "watch"],
            },
            {
                "level": "Metadata",
                "resources": [
                    { "group": "", "resources": ["secrets", "configmaps", "serviceaccounts/token"] },
                    { "group": "authentication.k8s.io", "resources": ["tokenreviews"] },
                ],
            },
            {
                "level": "None",
                "userGroups": ["system:nodes"],
                "verbs": ["get", "list", "watch"],
            },
            {
                "level": "RequestResponse",
                "verbs": ["create", "update", "patch", "delete", "deletecollection"],
                "resources": [{ "group": "rbac.authorization.k8s.io" }],
            },
            {
                "level": "Request",
                "resources": [{ "group": "", "resources": ["pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers"] }],
            },
            { "level": "Metadata" },
        ],
    })
}

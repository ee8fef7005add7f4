use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-034",
    name: "repository-without-address",
    severity: Severity::Error,
    reason: "containerd and etcd have no public repository that every node could take. Without `base_url` the rest of the \
             section does nothing, and the package is looked for in the repositories that the host has already.",
    remedy: "Write `base_url`, or remove the section.",
    source: "sources.list(5); dnf.conf(5)",
    failing: Example::three_masters(
        r#"
        packages:
          containerd:
            key_url: "https://mirror.lan/containerd.asc"   # <- OS-034
        "#,
    ),
    passing: Example::three_masters(
        r#"packages: {containerd: {base_url: "https://mirror.lan/", key_url: "https://mirror.lan/containerd.asc"}}"#,
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let packages = &lint.topology.packages;
    for (name, repository) in [("containerd", &packages.containerd), ("etcd", &packages.etcd)] {
        if repository.base_url.is_some() {
            continue;
        }
        if repository.key_url.is_some() {
            let message = format!("packages.{name} says where its key is, and not where its packages are");
            findings.at(at!(repository, key_url), message);
        } else if repository.key.is_some() {
            let message = format!("packages.{name} has a key, and does not say where its packages are");
            findings.at(at!(repository, key), message);
        }
    }
}

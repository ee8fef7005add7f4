use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "OS-034",
    name: "repository-without-address",
    severity: Severity::Error,
    reason: "containerd has no public repository that every node could take. Without `base_url` the rest of the section \
             does nothing, and the package is looked for in the repositories that the host has already.",
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
    let repository = &lint.topology.packages.containerd;
    if repository.base_url.is_some() {
        return;
    }
    if repository.key_url.is_some() {
        findings
            .at(at!(repository, key_url), "packages.containerd says where its key is, and not where its packages are");
    } else if repository.key.is_some() {
        findings.at(at!(repository, key), "packages.containerd has a key, and does not say where its packages are");
    }
}

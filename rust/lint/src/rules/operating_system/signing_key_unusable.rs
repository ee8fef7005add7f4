use crate::prelude::*;
use topology::pillar::PackageRepository;

pub(super) static RULE: Rule = Rule {
    code: "OS-033",
    name: "signing-key-unusable",
    severity: Severity::Error,
    reason: "The package manager installs nothing from a repository whose signing key it cannot read, so that a node \
             gets no kubelet. A private key in a pillar lets every node sign packages for all others.",
    remedy: "Write the armoured public key as `key`, the text that begins with `-----BEGIN PGP PUBLIC KEY BLOCK-----`, \
             or where it is as `key_url`: https://, http://, salt://, or file:/// for a path on the node.",
    source: "apt-secure(8), sources.list(5) Signed-By; dnf.conf(5) gpgkey",
    failing: Example::three_masters(
        "
        packages:
          kubernetes:
            key_url: mirror.lan/Release.key      # <- OS-033
        ",
    ),
    passing: Example::three_masters(r#"packages: {kubernetes: {key_url: "salt://keys/kubernetes.asc"}}"#),
    check,
};

const BEGIN: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
const END: &str = "-----END PGP PUBLIC KEY BLOCK-----";
const SCHEMES: [&str; 4] = ["https://", "http://", "salt://", "file:///"];

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let packages = &lint.topology.packages;
    let written =
        [("kubernetes", &packages.kubernetes), ("containerd", &packages.containerd), ("etcd", &packages.etcd)];
    for (name, repository) in written {
        look_at(name, repository, findings);
    }
}

fn look_at(name: &str, repository: &PackageRepository, findings: &mut Findings<'_>) {
    // What is written there is not repeated: it may be a private key.
    let armoured = |key: &str| key.trim().starts_with(BEGIN) && key.trim().ends_with(END);
    if repository.key.as_deref().is_some_and(|key| !armoured(key)) {
        let message = format!("packages.{name}.key is no armoured public key");
        findings.at(at!(repository, key), message);
    }
    let known = |url: &str| SCHEMES.iter().any(|scheme| url.starts_with(scheme));
    if let Some(url) = repository.key_url.as_deref().filter(|url| !known(url)) {
        findings.at(at!(repository, key_url), format!("{url} is neither https://, http://, salt:// nor file:///"));
    }
}

//! Version facts: which releases are supported, what they bring, and what each operating system ships.
//!
//! All of them stand in `data/facts.toml`; code asks and never knows a version itself.

use crate::values::{Date, KubernetesVersion, OperatingSystem, Packaging};
use serde::Deserialize;
use std::collections::BTreeMap;

const FACTS: &str = include_str!("../data/facts.toml");

/// All version facts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The minor used when the pillar names no version.
    pub default_minor: u16,
    /// Supported minors of Kubernetes.
    pub minors: BTreeMap<u16, Minor>,
    /// Releases of external etcd.
    pub etcd: EtcdReleases,
    /// Package repositories by `rpm` and `deb`.
    pub repositories: BTreeMap<String, Repository>,
    /// Names of packages by `rpm` and `deb` ([`Packaging::name`]) and by what they are for; the first is the one to install.
    pub packages: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Operating systems by [`OperatingSystem::platform`].
    pub platforms: BTreeMap<String, Platform>,
    /// Container network plugins.
    pub cni: BTreeMap<String, CniRelease>,
}

/// One minor of Kubernetes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minor {
    /// The patch used when the pillar names no version.
    pub default_patch: u16,
    /// Tag of the etcd image that kubeadm deploys.
    pub etcd: String,
    /// Tag of the pause image.
    pub pause: String,
    /// Tag of the CoreDNS image.
    pub coredns: String,
    /// The oldest external etcd that kubeadm's preflight accepts.
    pub minimum_external_etcd: String,
    /// The last day of its support.
    pub end_of_life: Date,
    /// File name targets that kubeadm's patches know.
    pub patch_targets: Vec<String>,
    /// kubeadm feature gates that this minor no longer knows.
    pub removed_kubeadm_gates: Vec<String>,
}

/// Releases of etcd.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EtcdReleases {
    /// The version of external etcd when the pillar names none.
    pub default_external: String,
    /// The first patch of each minor that has the security fixes known.
    pub minimum_patches: BTreeMap<String, u16>,
    /// Minors that are maintained.
    pub supported_minors: Vec<String>,
}

/// A package repository; `{minor}` stands for the series, such as 1.36.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// Where the packages are.
    pub base_url: String,
    /// Where the signing key is.
    pub key_url: String,
}

/// What an operating system brings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// Whether nodes of it can be rendered.
    pub supported: bool,
    /// Why not, as the end of a sentence.
    #[serde(default)]
    pub why_not: String,
    /// The last day of its support.
    pub end_of_life: Date,
    /// Its kernel.
    pub kernel: String,
    /// Its HAProxy branch.
    pub haproxy: String,
    /// Its keepalived branch.
    pub keepalived: String,
    /// Major version of the containerd that is installed there.
    pub containerd: u8,
    /// The microarchitecture level that it needs.
    pub cpu_level: String,
    /// The CPU type with which a Proxmox virtual machine boots it.
    pub proxmox_cpu: String,
}

/// A container network plugin.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CniRelease {
    /// The version when the pillar names none.
    pub default_version: String,
    /// Minors of Kubernetes that this version was tested with.
    pub tested_minors: Vec<u16>,
}

impl Facts {
    /// The facts that are built in.
    ///
    /// # Errors
    /// A sentence, when the built-in file cannot be read; a test of this crate holds that it can.
    pub fn built_in() -> Result<Self, String> {
        toml::from_str(FACTS).map_err(|error| format!("the built-in version facts cannot be read: {error}"))
    }

    /// The facts of a minor, when it is supported.
    #[must_use]
    pub fn minor(&self, version: KubernetesVersion) -> Option<&Minor> {
        self.minors.get(&version.minor)
    }

    /// The release used when the pillar names none.
    #[must_use]
    pub fn default_version(&self) -> KubernetesVersion {
        let patch = self.minors.get(&self.default_minor).map_or(0, |minor| minor.default_patch);
        KubernetesVersion { minor: self.default_minor, patch }
    }

    /// What an operating system brings, when it is known.
    #[must_use]
    pub fn platform(&self, system: OperatingSystem) -> Option<&Platform> {
        self.platforms.get(&system.platform())
    }

    /// Names of the packages each of which brings a program, the one to install first; the program's own name where nothing
    /// else is known.
    #[must_use]
    pub fn package_names(&self, packaging: Packaging, program: &str) -> Vec<String> {
        let known = self.packages.get(packaging.name()).and_then(|names| names.get(program));
        known.cloned().unwrap_or_else(|| vec![program.to_owned()])
    }

    /// Supported minors in words: `1.35, 1.36, 1.37`.
    #[must_use]
    pub fn supported_minors(&self) -> String {
        self.minors.keys().map(|minor| format!("1.{minor}")).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_facts_can_be_read() {
        let facts = Facts::built_in().unwrap();
        assert_eq!(facts.supported_minors(), "1.35, 1.36, 1.37");
        assert_eq!(facts.default_version().to_string(), "v1.36.4");
        assert!(facts.minor(facts.default_version()).is_some());
        assert_eq!(facts.package_names(Packaging::Rpm, "conntrack"), ["conntrack-tools"]);
        assert_eq!(facts.package_names(Packaging::Deb, "conntrack"), ["conntrack"]);
    }
}

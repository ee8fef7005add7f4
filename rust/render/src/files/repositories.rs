//! Package repositories of Kubernetes, of containerd and of etcd, closed to updates of the system.

use super::Context;
use crate::file::File;
use crate::template::{Error, fill};
use serde::Serialize;
use topology::pillar::PackageRepository;
use topology::values::Packaging;

/// A repository of a node, and where its signing key is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repository {
    /// Name: `kubernetes`, `containerd` or `etcd`.
    pub name: &'static str,
    /// Where its packages are.
    pub base_url: String,
    /// Path on the node where the package manager reads the signing key; `None` where the keys of the host have to do.
    pub key_path: Option<String>,
    /// Where the key is to be fetched from; `None` where the pillar holds the key, or there is none.
    pub key_url: Option<String>,
    /// Names of the packages that it alone brings.
    pub packages: Vec<String>,
    #[serde(skip)]
    key: Option<String>,
    #[serde(skip)]
    suite: String,
    #[serde(skip)]
    component: Option<String>,
}

#[derive(Serialize)]
struct Source<'r> {
    name: &'static str,
    title: String,
    minor: String,
    version: String,
    base_url: &'r str,
    key_path: Option<&'r str>,
    key_url: Option<&'r str>,
    suite: &'r str,
    component: Option<&'r str>,
}

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    for repository in repositories(context)? {
        files.extend(key_file(&repository));
        files.extend(match context.node.os.packaging() {
            Packaging::Rpm => rpm(context, &repository)?,
            Packaging::Deb => deb(context, &repository)?,
        });
    }
    Ok(files.into_iter().map(|file| file.component("repositories")).collect())
}

/// The repositories of a node: none where neither a kubelet of kubeadm nor a member of an external etcd runs.
pub(crate) fn repositories(context: Context<'_>) -> Result<Vec<Repository>, Error> {
    let mut all = if context.runs_kubelet() { of_kubernetes(context)? } else { Vec::new() };
    if context.is_external_member() && context.topology.is_kubeadm() {
        let brought = crate::packages::etcd_names(context).into_iter().take(1).collect();
        all.extend(repository(context, "etcd", &context.topology.packages.etcd, brought));
    }
    Ok(all)
}

fn of_kubernetes(context: Context<'_>) -> Result<Vec<Repository>, Error> {
    let packages = &context.topology.packages;
    let packaging = context.node.os.packaging();
    let missing = || Error::Structure {
        what: "a package repository",
        message: format!("there are no facts about `{}`", packaging.name()),
    };
    let public = context.facts.repositories.get(packaging.name()).ok_or_else(missing)?;
    let mut kubernetes = packages.kubernetes.clone();
    kubernetes.base_url.get_or_insert_with(|| public.base_url.clone());
    if kubernetes.key.is_none() {
        kubernetes.key_url.get_or_insert_with(|| public.key_url.clone());
    }
    let brought = ["kubeadm", "kubectl", "kubelet"].map(str::to_owned);
    let runtime = crate::packages::runtime_names(context).into_iter().take(1);
    let all = [
        repository(context, "kubernetes", &kubernetes, brought.into()),
        repository(context, "containerd", &packages.containerd, runtime.collect()),
    ];
    Ok(all.into_iter().flatten().collect())
}

/// A repository as written; `None` where the pillar does not say where it is.
fn repository(
    context: Context<'_>,
    name: &'static str,
    written: &PackageRepository,
    packages: Vec<String>,
) -> Option<Repository> {
    let with_minor = |url: &str| url.replace("{minor}", &minor(context));
    let has_key = written.key.is_some() || written.key_url.is_some();
    let key_path = match context.node.os.packaging() {
        Packaging::Rpm => format!("/etc/pki/rpm-gpg/RPM-GPG-KEY-{name}"),
        Packaging::Deb => format!("/etc/apt/keyrings/{name}.asc"),
    };
    let suite = written.suite.as_deref().unwrap_or("/");
    // Of a suite that ends with a slash apt wants no component, and of any other it wants one.
    let component = (!suite.ends_with('/')).then(|| written.component.as_deref().unwrap_or("main").to_owned());
    Some(Repository {
        name,
        base_url: with_minor(written.base_url.as_deref()?),
        key_path: has_key.then_some(key_path),
        key_url: written.key_url.as_deref().filter(|_| written.key.is_none()).map(with_minor),
        packages,
        key: written.key.clone(),
        suite: suite.to_owned(),
        component,
    })
}

fn minor(context: Context<'_>) -> String {
    format!("1.{}", context.topology.cluster.kubernetes_version.minor)
}

fn source<'r>(context: Context<'_>, repository: &'r Repository) -> Source<'r> {
    let version = context.topology.cluster.kubernetes_version;
    let title = match repository.name {
        "kubernetes" => format!("Kubernetes {}", minor(context)),
        other => other.to_owned(),
    };
    Source {
        name: repository.name,
        title,
        minor: minor(context),
        version: format!("1.{}.{}", version.minor, version.patch),
        base_url: &repository.base_url,
        key_path: repository.key_path.as_deref(),
        key_url: repository.key_url.as_deref(),
        suite: &repository.suite,
        component: repository.component.as_deref(),
    }
}

/// The key that the pillar holds. Without a comment of ours: not every reader of keys skips one.
fn key_file(repository: &Repository) -> Option<File> {
    let (key, path) = repository.key.as_deref().zip(repository.key_path.as_deref())?;
    let purpose = format!("the key that signs the packages of {}", repository.name);
    Some(File::new(path, purpose, format!("{}\n", key.trim())))
}

fn rpm(context: Context<'_>, repository: &Repository) -> Result<Vec<File>, Error> {
    let template = include_str!("../../templates/repositories/repository.repo");
    let text = fill("repository.repo", template, source(context, repository))?;
    let name = repository.name;
    Ok(vec![File::new(format!("/etc/yum.repos.d/{name}.repo"), format!("packages of {name}"), text)])
}

fn deb(context: Context<'_>, repository: &Repository) -> Result<Vec<File>, Error> {
    let (name, source) = (repository.name, source(context, repository));
    let template = include_str!("../../templates/repositories/repository.sources");
    let text = fill("repository.sources", template, &source)?;
    let sources = File::new(format!("/etc/apt/sources.list.d/{name}.sources"), format!("packages of {name}"), text);
    if name != "kubernetes" {
        return Ok(vec![sources]);
    }
    let pin = fill("kubernetes.pref", include_str!("../../templates/repositories/kubernetes.pref"), &source)?;
    let purpose = "the one version of Kubernetes that apt may install";
    Ok(vec![File::new("/etc/apt/preferences.d/kubernetes.pref", purpose, pin), sources])
}

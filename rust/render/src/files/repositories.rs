//! Package repositories of Kubernetes, closed to updates of the system.

use super::Context;
use crate::file::File;
use crate::template::{Error, fill};
use serde::Serialize;
use topology::values::Packaging;

/// Where apt expects the signing key; it is fetched from the repository's `key_url`.
const KEY_PATH: &str = "/etc/apt/keyrings/kubernetes.asc";

#[derive(Serialize)]
struct Source {
    minor: String,
    version: String,
    base_url: String,
    key_url: String,
    key_path: &'static str,
}

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    if !context.runs_kubelet() {
        return Ok(Vec::new());
    }
    let packaging = context.node.os.packaging();
    let source = source(context, packaging)?;
    match packaging {
        Packaging::Rpm => Ok(vec![rpm(&source)?]),
        Packaging::Deb => deb(&source),
    }
}

fn source(context: Context<'_>, packaging: Packaging) -> Result<Source, Error> {
    let name = match packaging {
        Packaging::Rpm => "rpm",
        Packaging::Deb => "deb",
    };
    let missing =
        || Error::Structure { what: "a package repository", message: format!("there are no facts about `{name}`") };
    let public = context.facts.repositories.get(name).ok_or_else(missing)?;
    let written = &context.topology.packages.kubernetes;
    let version = context.topology.cluster.kubernetes_version;
    let minor = format!("1.{}", version.minor);
    let with_minor =
        |written: &Option<String>, public: &str| written.as_deref().unwrap_or(public).replace("{minor}", &minor);
    Ok(Source {
        base_url: with_minor(&written.base_url, &public.base_url),
        key_url: with_minor(&written.key_url, &public.key_url),
        version: format!("{minor}.{}", version.patch),
        key_path: KEY_PATH,
        minor,
    })
}

fn rpm(source: &Source) -> Result<File, Error> {
    let text = fill("kubernetes.repo", include_str!("../../templates/repositories/kubernetes.repo"), source)?;
    Ok(File::new("/etc/yum.repos.d/kubernetes.repo", "packages of Kubernetes", text).component("repositories"))
}

fn deb(source: &Source) -> Result<Vec<File>, Error> {
    let sources = fill("kubernetes.sources", include_str!("../../templates/repositories/kubernetes.sources"), source)?;
    let pin = fill("kubernetes.pref", include_str!("../../templates/repositories/kubernetes.pref"), source)?;
    let files = [
        File::new("/etc/apt/preferences.d/kubernetes.pref", "the one version of Kubernetes that apt may install", pin),
        File::new("/etc/apt/sources.list.d/kubernetes.sources", "packages of Kubernetes", sources),
    ];
    Ok(files.into_iter().map(|file| file.component("repositories")).collect())
}

//! Command line arguments, as v1beta4 writes them: a list of names and values.

use super::document::Section;
use serde_json::{Value, json};
use topology::pillar::{Argument, Component, ExtraVolume};

/// An argument that the pillar may replace.
pub(super) type DefaultArgument = (&'static str, String);

/// Ours, as given, then those of the pillar. One of ours yields to the pillar's of the same name.
pub(super) fn arguments<'a>(
    ours: Vec<DefaultArgument>,
    theirs: impl Iterator<Item = &'a Argument> + Clone,
) -> Vec<Value> {
    let kept = ours.into_iter().filter(|(name, _)| theirs.clone().all(|argument| argument.name != *name));
    let ours: Vec<Value> = kept.map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let theirs = theirs.map(|Argument { name, value }| json!({ "name": name, "value": value }));
    ours.into_iter().chain(theirs).collect()
}

/// The section of a component: arguments, environment and volumes, ours and the pillar's.
pub(super) fn component(spec: &Component, ours: Vec<DefaultArgument>, volumes: &[ExtraVolume]) -> Section {
    let kept = volumes.iter().filter(|volume| spec.extra_volumes.iter().all(|theirs| theirs.name != volume.name));
    let volumes = kept.chain(&spec.extra_volumes).map(volume).collect();
    Section::default()
        .with_list("extraArgs", arguments(ours, spec.extra_args.iter()))
        .with_list("extraEnvs", arguments(Vec::new(), spec.extra_envs.iter()))
        .with_list("extraVolumes", volumes)
}

fn volume(volume: &ExtraVolume) -> Value {
    let section = Section::default()
        .with("name", volume.name.as_str())
        .with("hostPath", volume.host_path.as_str())
        .with("mountPath", volume.mount_path.as_str())
        .with("readOnly", volume.read_only);
    match &volume.path_type {
        Some(path_type) => section.with("pathType", path_type.as_str()).into(),
        None => section.into(),
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-031",
    name: "unknown-patch-target",
    severity: Severity::Error,
    reason: "kubeadm applies a patch by the name of its file. A name that begins with no target it knows is skipped with a \
             line of output and success, so what the patch was to change stays as it was; a wrong kind is an error.",
    remedy: "Write target, suffix and kind, such as `kube-apiserver10+strategic`; kinds are strategic, merge and json.",
    source: "kubeadm v1beta4, patches; kubeadm, util/patches",
    failing: Example::three_masters(
        "
        kubeadm:
          patches:                     # <- CP-031
            kube-api-server+strategic: {metadata: {annotations: {example: text}}}
        ",
    ),
    passing: Example::three_masters(
        "kubeadm: {patches: {kube-apiserver10+strategic: {metadata: {annotations: {example: text}}}}}",
    ),
    check,
};

const KINDS: [&str; 3] = ["strategic", "merge", "json"];

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let targets = &lint.topology.release.patch_targets;
    for name in kubeadm.patches.keys() {
        let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".json")).unwrap_or(name);
        let (target, kind) = stem.split_once('+').unwrap_or((stem, KINDS[0]));
        let place = at!(kubeadm, patches);
        if !targets.iter().any(|known| target.starts_with(known.as_str())) {
            let version = lint.topology.cluster.kubernetes_version;
            findings
                .at(place, format!("kubeadm of {version} skips patch `{name}`; its targets: {}", targets.join(", ")));
        } else if !KINDS.contains(&kind) {
            findings.at(place, format!("kubeadm refuses patch `{name}`: `{kind}` is no kind of patch"));
        } else if target.contains(['.', '/']) {
            findings.at(place, format!("kubeadm skips patch `{name}`: a dot or a slash stands in its name"));
        }
    }
}

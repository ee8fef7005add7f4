use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-011",
    name: "cni-not-tested",
    severity: Severity::Warn,
    reason: "The network plugin's own project did not test this release with this minor of Kubernetes. When \
             something breaks, it breaks for every pod at once.",
    remedy: "Choose a minor that the plugin was tested with, or wait for its next release.",
    source: "Calico documentation, System requirements; Cilium documentation, Kubernetes compatibility",
    failing: Example::three_masters(
        "
        cluster: {kubernetes_version: v1.37.1}
        network:
          cni:
            type: calico               # <- NET-011
        ",
    ),
    passing: Example::three_masters("network: {cni: {type: calico}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(cni) = &lint.topology.network.cni else { return };
    let name = match cni.r#type {
        CniType::Calico => "calico",
        CniType::Cilium => "cilium",
        CniType::Flannel | CniType::Bridge => return,
    };
    let Some(release) = lint.facts.cni.get(name) else { return };
    let version = lint.topology.cluster.kubernetes_version;
    // Of other releases nothing is known.
    let is_known = cni.version.as_ref() == Some(&release.default_version);
    if is_known && !release.tested_minors.contains(&version.minor) {
        let tested: Vec<String> = release.tested_minors.iter().map(|minor| format!("1.{minor}")).collect();
        let message = format!(
            "{name} {} was tested with {}, not with {}",
            release.default_version,
            tested.join(", "),
            version.series()
        );
        findings
            .at(at!(cni, r#type), message)
            .see(at!(lint.topology.cluster, kubernetes_version), "the release of Kubernetes");
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "SEC-025",
    name: "image-outside-allowed-registries",
    severity: Severity::Warn,
    reason: "The pillar says from where images may come, and takes one from elsewhere itself. Either the list is wrong, or \
             the image is; once the list is enforced, the node does not start.",
    remedy: "Add the registry to `security.allowed_registries`, or take the image from an allowed one.",
    source: "Kubernetes, images; NIST SP 800-190 section 4.2",
    failing: Example::three_masters(
        "
        security:
          allowed_registries: [registry.lan]    # <- SEC-025
        ",
    ),
    passing: Example::three_masters(
        "
        security: {allowed_registries: [registry.lan]}
        images: {repository: registry.lan/k8s}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let (topology, security) = (lint.topology, &lint.topology.security);
    if security.allowed_registries.is_empty() || !topology.is_kubeadm() {
        return;
    }
    let (containerd, kube_vip) = (&topology.pillar.containerd, &topology.load_balancer.kube_vip);
    let runs_kube_vip = topology.load_balancer.r#type == LoadBalancerType::KubeVip;
    let images = [
        (Some(topology.images.repository.as_str()), at!(topology.images, repository)),
        (containerd.sandbox_image.as_deref(), at!(containerd, sandbox_image)),
        (runs_kube_vip.then_some(kube_vip.image.as_str()), at!(kube_vip, image)),
    ];
    let is_allowed = |image: &str| {
        let rest = |registry: &String| image.strip_prefix(registry.trim_end_matches('/'));
        security.allowed_registries.iter().filter_map(rest).any(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    for (image, place) in images {
        if let Some(image) = image.filter(|image| !is_allowed(image)) {
            let message = format!("{image} comes from none of the allowed registries");
            findings.at(at!(security, allowed_registries), message).see(place, "the image");
        }
    }
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-051",
    name: "image-tag-moves",
    severity: Severity::Warn,
    reason: "A tag that its publisher moves is another program after the next restart, on one host after the other, \
             at a moment that nobody chose.",
    remedy: "Write the tag of one release, such as `v1.2.3`, or a digest.",
    source: "Kubernetes documentation, Images, section Image names",
    failing: Example::on(
        Base::KubeVip,
        "
        load_balancer:
          kube_vip:
            image: ghcr.io/kube-vip/kube-vip:latest        # <- LB-051
        ",
    ),
    passing: Example::on(Base::KubeVip, "load_balancer: {kube_vip: {image: \"registry.lan:5000/kube-vip:v1.2.3\"}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let balancer = &lint.topology.load_balancer;
    let image = balancer.kube_vip.image.as_str();
    if balancer.r#type == LoadBalancerType::KubeVip && moves(image) {
        findings.at(at!(balancer.kube_vip, image), format!("`{image}` names no single release"));
    }
}

/// Without a digest, and with a tag that is no release of at least two numbers.
fn moves(image: &str) -> bool {
    let name = image.rsplit_once('/').map_or(image, |(_, name)| name);
    let tag = name.split_once(':').map_or("", |(_, tag)| tag);
    let is_release = tag.contains('.') && tag.contains(|letter: char| letter.is_ascii_digit());
    let is_pinned = is_release || name.contains('@');
    !is_pinned
}

use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-041",
    name: "cluster-name-not-plain",
    severity: Severity::Error,
    reason: "The name of the cluster becomes part of file names, of contexts in kubeconfigs and of etcd's token, where \
             spaces, slashes and capitals mean something else.",
    remedy: "Write lower-case letters, digits and dashes, at most 63 of them, beginning with a letter.",
    source: "RFC 1035 section 2.3.1, as Kubernetes uses it for labels",
    failing: Example::three_masters(
        "
        cluster:
          name: Prod 1                 # <- CP-041
        ",
    ),
    passing: Example::three_masters("cluster: {name: prod-1}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let name = &lint.topology.cluster.name;
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let begins = name.starts_with(|letter: char| letter.is_ascii_lowercase());
    if !begins || name.ends_with('-') || name.len() > 63 || !name.bytes().all(is_plain) {
        findings.at(at!(lint.topology.cluster, name), format!("`{name}` is no plain name of a cluster"));
    }
}

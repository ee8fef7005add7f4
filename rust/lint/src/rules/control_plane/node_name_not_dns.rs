use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-033",
    name: "node-name-not-dns",
    severity: Severity::Error,
    reason: "The name of a node is an object's name, a label and the name in its certificate. The API server refuses a \
             name that is no DNS name in lower case, and a label of more than 63 characters.",
    remedy: "Write lower-case letters, digits, dashes and dots, at most 63 of them; `minion` holds a Salt id that differs.",
    source: "Kubernetes, object names and IDs, DNS subdomain names; RFC 1123 section 2.1",
    failing: Example::three_masters(
        "
        nodes:
          Worker_3: {profile: worker, ip: 10.0.10.23}    # <- CP-033
        ",
    ),
    passing: Example::three_masters("nodes: {w3.prod1.lan: {profile: worker, ip: 10.0.10.23}}"),
    check,
};

fn is_label(label: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(is_plain)
}

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for node in &lint.topology.nodes {
        if node.name.len() > 63 {
            findings
                .at(at!(node), format!("the name `{}` has {} characters, 63 are allowed", node.name, node.name.len()));
        } else if !node.name.split('.').all(is_label) {
            findings.at(at!(node), format!("`{}` is no name of a Kubernetes node", node.name));
        }
    }
}

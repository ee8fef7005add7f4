use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-045",
    name: "unreadable-etcd-configuration",
    severity: Severity::Error,
    reason: "etcd ignores a key of its configuration file that it does not know, so a typo is a default that nobody chose. \
             It does not start when a time is written as text: in the file times are whole nanoseconds.",
    remedy: "Write a key of etcd's configuration file; times as nanoseconds, `feature-gates` as one text \
             such as `A=true,B=true`.",
    source: "etcd, server/embed/config.go, Config and configYAML",
    failing: Example::on(
        Base::ExternalEtcd,
        "
        etcd:
          extra_config:                # <- ETCD-045
            max-request-byte: 3145728
            corrupt-check-time: 12h
        ",
    ),
    passing: Example::on(
        Base::ExternalEtcd,
        "etcd: {extra_config: {max-request-bytes: 3145728, corrupt-check-time: 43200000000000}}",
    ),
    check,
};

/// Keys of the file, one in a line; those that hold a time end in ` time`.
const KEYS: &str = include_str!("../../../data/etcd_configuration_keys.txt");

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(etcd) = super::etcd(lint).filter(|etcd| etcd.is_external()) else { return };
    let keys = || KEYS.lines().map(|line| line.strip_suffix(" time").unwrap_or(line));
    let is_time = |key: &str| KEYS.lines().any(|line| line.strip_suffix(" time") == Some(key));
    for (key, value) in &etcd.spec.extra_config {
        let place = at!(etcd.spec, extra_config);
        if is_time(key) && !value.is_u64() {
            findings.at(place, format!("etcd does not start: `{key}` must be whole nanoseconds, not {value}"));
        } else if key == "feature-gates" && !value.is_string() {
            findings.at(place, "etcd does not start: `feature-gates` must be one text, such as `A=true,B=true`");
        } else if !keys().any(|known| known == key) && !key.starts_with("experimental-") {
            let finding = findings.at(place, format!("etcd ignores `{key}`: its configuration file has no such key"));
            if let Some(near) = tree::nearest(key, keys()) {
                finding.help(format!("did you mean `{near}`?"));
            }
        }
    }
}

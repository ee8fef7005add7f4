use crate::prelude::*;
use crate::quorum::etcd_release;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-034",
    name: "removed-etcd-setting",
    severity: Severity::Error,
    reason: "etcd 3.6 removed the second API and the proxy, 3.7 all experimental settings. As an argument such a name stops \
             the start; in the configuration file it is ignored, so the protection that it named is off without a word.",
    remedy: "Write the name without `experimental-`, or its gate under `feature-gates`; remove the others.",
    source: "etcd, upgrade guides to 3.6 and 3.7",
    failing: Example::three_masters(
        "
        cluster: {kubernetes_version: v1.37.1}
        etcd:
          extra_args:
            - {name: experimental-corrupt-check-time, value: 12h}    # <- ETCD-034
        ",
    ),
    passing: Example::three_masters(
        "
        cluster: {kubernetes_version: v1.37.1}
        etcd: {extra_args: [{name: corrupt-check-time, value: 12h}]}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some([3, minor, _]) = etcd_release(&lint.topology.etcd.version) else { return };
    for setting in super::settings(lint) {
        let name = setting.name.as_str();
        let is_experimental = name.starts_with("experimental-");
        let is_old = matches!(name, "enable-v2" | "experimental-enable-v2v3" | "proxy") || name.starts_with("proxy-");
        if (is_experimental && minor >= 7) || (is_old && minor >= 6) {
            findings.at(setting.place, format!("etcd 3.{minor} does not know `{name}` any more"));
        } else if is_experimental && minor == 6 {
            let message = format!("`{name}` is deprecated in etcd 3.6 and gone in 3.7");
            findings.at(setting.place, message).severity(Severity::Warn);
        }
    }
}

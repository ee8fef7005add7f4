use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-011",
    name: "priorities-unusable",
    severity: Severity::Error,
    reason: "Hosts hold the address in the order of their priorities, 1 to 254. 255 is kept for the owner of an \
             address, whose check can no longer make it give the address up; equal priorities make two hosts take it \
             at the same moment.",
    remedy: "Choose `priority` and `priority_step` so that the last host still has at least 1.",
    source: "RFC 9568 section 5.2.4; keepalived.conf(5), `priority`",
    failing: Example::three_masters(
        "
        load_balancer:
          keepalived:
            priority: 100
            priority_step: 60          # <- LB-011
        ",
    ),
    passing: Example::three_masters("load_balancer: {keepalived: {priority: 254, priority_step: 100}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let balancer = &lint.topology.load_balancer;
    let Some(keepalived) = balancer.keepalived().filter(|_| balancer.vip.is_some()) else { return };
    let (first, step) = (keepalived.priority, keepalived.priority_step);
    if !(1..=254).contains(&first) {
        findings.at(at!(keepalived, priority), format!("the first host has priority {first}, not 1 to 254"));
        return;
    }
    let [_, .., last] = balancer.nodes[..] else { return };
    let place = balancer.nodes.len() - 1;
    if step == 0 {
        let message = format!("all {} hosts have priority {first}", balancer.nodes.len());
        findings.at(at!(keepalived, priority_step), message).help("write for example `priority_step: 20`");
    } else if balancer.priority(place) < 1 {
        let message =
            format!("`{}`, host number {}, gets priority {}", lint.names(&[last]), place + 1, balancer.priority(place));
        let most = (usize::from(first) - 1) / place;
        let help = match most {
            0 => "give the role `load_balancer` to fewer hosts".to_owned(),
            _ => format!("write `priority_step: {most}` or less"),
        };
        findings.at(at!(keepalived, priority_step), message).help(help);
    }
}

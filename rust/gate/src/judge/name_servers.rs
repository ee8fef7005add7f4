//! A step that takes hosts at once, and with them all that answers for names in the cluster.

use crate::observation::{Observation, State};
use crate::step::{Action, Step};
use crate::verdict::{Code, Verdict};

/// Whether a pod of `CoreDNS` is left. A drain, also before a boot, takes them one after the other by itself.
pub(super) fn verdict(observation: &Observation, step: &Step) -> Verdict {
    let Some(name_servers) = &observation.name_servers else { return Verdict::Go };
    let takes_hosts = step.programs.is_empty() && step.action == Action::Stop;
    // What is said of a host that is down is of before.
    let mut serve = name_servers.iter().filter(|node| observation.state_of(node) != State::Down).peekable();
    if !takes_hosts || serve.peek().is_none() || serve.any(|node| !step.is_on(node)) {
        return Verdict::Go;
    }
    Verdict::wait(
        Code::Services,
        format!("{} takes every pod of CoreDNS that serves", step.words()),
        "drain the hosts first, or have one placed elsewhere: kubectl -n kube-system rollout restart deployment coredns",
    )
}

//! A plan, as programs read it.

use super::survives::plural;
use diagnostics::Diagnostic;
use serde::Serialize;

/// What brings a running cluster from one pillar to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Name of the cluster.
    pub cluster: String,
    /// What forbids the change; where there is any, there are no steps.
    pub refused: Vec<Objection>,
    /// What somebody should know before the first step.
    pub warnings: Vec<Objection>,
    /// The steps in their order; none where nothing changes.
    pub steps: Vec<PlanStep>,
    /// What the cluster survives after the last step otherwise than before the first one: `during` is how it is then.
    pub end: Vec<ToleranceChange>,
}

/// What speaks against a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Objection {
    /// A word for it that stays the same, such as `pod_cidrs` or `quorum`; of a finding, its code.
    pub code: String,
    /// Why, with the values, in a sentence without a full stop.
    pub reason: String,
    /// What to do instead.
    pub remedy: String,
}

impl Objection {
    pub(super) fn new(code: &str, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { code: code.to_owned(), reason: reason.into(), remedy: remedy.into() }
    }

    /// What a finding of the new pillar says against it.
    #[must_use]
    pub fn of(finding: &Diagnostic) -> Self {
        let sentence = |text: &str| text.trim_end_matches('.').to_owned();
        let remedy = finding.help.as_deref().map(sentence);
        Self {
            code: finding.code.to_string(),
            reason: sentence(&finding.message),
            remedy: remedy.unwrap_or_else(|| format!("`k8s-ha explain {}` says more", finding.code)),
        }
    }
}

/// One thing that is done, before the next one begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanStep {
    /// What is done.
    pub action: PlanAction,
    /// To these nodes.
    pub nodes: Vec<String>,
    /// Programs that get to know their new files.
    pub programs: Vec<ProgramChange>,
    /// Paths of files that are written, and of those that are no longer.
    pub files: Vec<String>,
    /// What changes of a machine, each as `hypervisor pve1 -> pve2`.
    pub machine: Vec<String>,
    /// Whether a member of etcd goes away by it, of which there are more: the one that leads when the time comes is taken last.
    pub leader_last: bool,
    /// What is survived while it lasts otherwise than before it.
    pub tolerance: Vec<ToleranceChange>,
}

impl PlanStep {
    pub(super) fn new(action: PlanAction, node: &str) -> Self {
        Self {
            action,
            nodes: vec![node.to_owned()],
            programs: Vec::new(),
            files: Vec::new(),
            machine: Vec::new(),
            leader_last: false,
            tolerance: Vec::new(),
        }
    }
}

/// What is done in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanAction {
    /// A member of etcd is added, without a vote.
    Add,
    /// It gets its vote.
    Promote,
    /// A host becomes part of the cluster.
    Join,
    /// A node takes no more pods, and those on it go elsewhere.
    Drain,
    /// A member of etcd is taken out, before the new pillar is applied: every host refuses one that lacks a member which etcd
    /// still has.
    Remove,
    /// A host is no longer part of the cluster.
    Leave,
    /// Files are written that no program has to read anew.
    Write,
    /// Programs start, and none stops.
    Start,
    /// Programs read their files anew, and none stops.
    Reload,
    /// Programs stop and start.
    Restart,
    /// The machine of a node changes.
    Machine,
    /// Manifests of the pod network are applied to the API server, from any of these nodes.
    Apply,
}

impl PlanAction {
    /// Its name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Promote => "promote",
            Self::Join => "join",
            Self::Drain => "drain",
            Self::Remove => "remove",
            Self::Leave => "leave",
            Self::Write => "write",
            Self::Start => "start",
            Self::Reload => "reload",
            Self::Restart => "restart",
            Self::Machine => "machine",
            Self::Apply => "apply",
        }
    }
}

/// A program that gets to know its new files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ProgramChange {
    /// Its name: `haproxy`, `etcd`, `kube-apiserver`.
    pub name: String,
    /// How.
    pub action: ProgramAction,
}

/// How a program gets to know its new files; the later one covers the earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgramAction {
    /// It did not run before.
    Start,
    /// It goes on.
    Reload,
    /// It stops and starts.
    Restart,
}

/// How many losses of a kind a service survives, before and meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToleranceChange {
    /// The service.
    pub service: String,
    /// Key of the kind, such as `node`.
    pub kind: String,
    /// So many before; `null` where it did not serve.
    pub before: Option<u32>,
    /// So many meanwhile, beside what the step takes; `null` where it does not serve.
    pub during: Option<u32>,
    /// What `targets.survive` asks for.
    pub target: u32,
}

impl ToleranceChange {
    /// The change in words: `0 further nodes (1 before)`; `further` beside what is lost meanwhile.
    fn clause(&self, further: &str) -> Option<String> {
        let number = self.during?;
        let before = self.before.map_or_else(|| "none".to_owned(), |before| before.to_string());
        Some(format!("{number} {further}{} ({before} before)", plural(&self.kind, number)))
    }
}

impl PlanStep {
    /// What is survived otherwise while the step lasts, in sentences without a full stop.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        sentences(&self.tolerance, "further ")
    }
}

impl Plan {
    /// What is survived otherwise at the end, in sentences without a full stop.
    #[must_use]
    pub fn end_sentences(&self) -> Vec<String> {
        sentences(&self.end, "")
    }
}

/// `etcd survives 0 further nodes (1 before)`, with all services of which the same is to be said.
fn sentences(changes: &[ToleranceChange], further: &str) -> Vec<String> {
    let mut by_service: Vec<(&str, Vec<String>)> = Vec::new();
    for change in changes {
        if by_service.last().is_none_or(|(service, _)| *service != change.service) {
            by_service.push((&change.service, Vec::new()));
        }
        if let Some((_, clauses)) = by_service.last_mut() {
            clauses.extend(change.clause(further));
        }
    }
    let mut grouped: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
    for (service, clauses) in by_service {
        match grouped.iter_mut().find(|(known, _)| *known == clauses) {
            Some((_, services)) => services.push(service),
            None => grouped.push((clauses, vec![service])),
        }
    }
    let told = |(clauses, services): &(Vec<String>, Vec<&str>)| {
        let is_one = services.len() == 1;
        let verb = match (clauses.is_empty(), is_one) {
            (false, true) => "survives",
            (false, false) => "survive",
            (true, true) => "does not serve",
            (true, false) => "do not serve",
        };
        format!("{} {verb} {}", listed(services), clauses.join(", ")).trim_end().to_owned()
    };
    grouped.iter().map(told).collect()
}

/// `etcd, kubernetes and coredns`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

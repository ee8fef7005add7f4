//! What is going to be done.

/// What is done to nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// They, or programs on them, stop.
    Stop,
    /// They, or programs on them, start anew.
    Restart,
    /// Their pods are evicted, and they boot.
    Reboot,
    /// Their pods are evicted.
    Drain,
    /// Their members leave etcd for good.
    Remove,
    /// Members of etcd are added there.
    Add,
    /// Learners of etcd there get their votes.
    Promote,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 7] =
        [Self::Stop, Self::Restart, Self::Reboot, Self::Drain, Self::Remove, Self::Add, Self::Promote];

    /// The action of that name.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.key() == key)
    }

    /// Its name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Restart => "restart",
            Self::Reboot => "reboot",
            Self::Drain => "drain",
            Self::Remove => "remove",
            Self::Add => "add",
            Self::Promote => "promote",
        }
    }

    /// Whether pods are asked to go before it, as their disruption budgets let them.
    #[must_use]
    pub fn evicts(self) -> bool {
        matches!(self, Self::Reboot | Self::Drain)
    }

    /// Whether programs go away by it, and come back or not.
    pub(crate) fn takes_programs(self) -> bool {
        matches!(self, Self::Stop | Self::Restart | Self::Reboot)
    }

    /// In a sentence: `rebooting`.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Stop => "stopping",
            Self::Restart => "restarting",
            Self::Reboot => "rebooting",
            Self::Drain => "draining",
            Self::Remove => "removing",
            Self::Add => "adding",
            Self::Promote => "promoting",
        }
    }
}

/// What is going to be done, to all of these nodes at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub action: Action,
    /// To whom, by name.
    pub nodes: Vec<String>,
    /// The programs that it takes; empty for the whole node.
    pub programs: Vec<String>,
}

impl Step {
    /// A step that takes whole nodes.
    #[must_use]
    pub fn of_nodes<N: Into<String>>(action: Action, nodes: impl IntoIterator<Item = N>) -> Self {
        Self { action, nodes: nodes.into_iter().map(Into::into).collect(), programs: Vec::new() }
    }

    /// Whether it is done to this node.
    pub(crate) fn is_on(&self, node: &str) -> bool {
        self.nodes.iter().any(|name| name == node)
    }

    /// Whether the member of etcd on this node goes away by it.
    pub(crate) fn takes_member(&self, node: &str) -> bool {
        let with_program = self.programs.is_empty() || self.programs.iter().any(|program| program == "etcd");
        self.action.takes_programs() && with_program && self.is_on(node)
    }

    /// In a sentence: `restarting etcd on cp1, cp2`.
    #[must_use]
    pub fn words(&self) -> String {
        let nodes = self.nodes.join(", ");
        if self.programs.is_empty() {
            format!("{} {nodes}", self.action.words())
        } else {
            format!("{} {} on {nodes}", self.action.words(), self.programs.join(", "))
        }
    }
}

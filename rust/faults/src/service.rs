//! What must not be lost.

use crate::formula::Formula;
use serde::{Deserialize, Serialize};
use topology::values::Duration;
use tree::Origin;

/// Index of a service in [`Model::services`](crate::Model::services).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceId(pub usize);

/// What is asked of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It goes on by its own fail-over; nothing is started anew elsewhere.
    Serve,
    /// It serves again within `targets.recovery_time`, once what was lost has been started elsewhere.
    Recover,
    /// No acknowledged write is lost.
    Data,
}

impl Level {
    /// All levels, in the order of a table.
    pub const ALL: [Self; 3] = [Self::Serve, Self::Recover, Self::Data];

    /// Its name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Serve => "serve",
            Self::Recover => "recover",
            Self::Data => "data",
        }
    }
}

/// A service: when it is lost, and what it stands on.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its name: `etcd`, `kube-apiserver`, `storage longhorn`, or the name of an application.
    pub name: String,
    /// Where the pillar declares it.
    pub origin: Origin,
    /// It does not serve.
    pub serve: Formula,
    /// It does not serve even after what was lost has been started elsewhere.
    pub recover: Formula,
    /// Acknowledged writes may be lost; `None` for a service that keeps nothing.
    pub data: Option<Formula>,
    /// Services without which it does not serve; their losses are in the formulas.
    pub requires: Vec<ServiceId>,
    /// Services without which it serves less; their losses are in no formula.
    pub degraded_by: Vec<ServiceId>,
    /// How long users notice nothing of its loss: certificates stay valid while nothing renews them. `None` where the loss is
    /// felt at once, and where the pillar does not say how long.
    pub grace: Option<Duration>,
}

impl Service {
    /// A service that is lost by this formula, whatever is started elsewhere, and keeps nothing.
    pub(crate) fn new(name: &str, origin: Origin, lost: Formula) -> Self {
        Self {
            name: name.to_owned(),
            origin,
            serve: lost,
            recover: lost,
            data: None,
            requires: Vec::new(),
            degraded_by: Vec::new(),
            grace: None,
        }
    }

    pub(crate) fn recover(self, recover: Formula) -> Self {
        Self { recover, ..self }
    }

    pub(crate) fn data(self, data: Option<Formula>) -> Self {
        Self { data, ..self }
    }

    pub(crate) fn requires(self, requires: Vec<ServiceId>) -> Self {
        Self { requires, ..self }
    }

    pub(crate) fn degraded_by(self, degraded_by: Vec<ServiceId>) -> Self {
        Self { degraded_by, ..self }
    }

    /// When a level is lost; `None` where the level means nothing.
    #[must_use]
    pub fn lost(&self, level: Level) -> Option<Formula> {
        match level {
            Level::Serve => Some(self.serve),
            Level::Recover => Some(self.recover),
            Level::Data => self.data,
        }
    }
}

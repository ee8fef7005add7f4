//! Whether a step may be done now.

use serde::Serialize;

/// Whether a step may be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Go,
    /// Not now; what stands in its way passes, or can be mended without this step.
    Wait(Obstacle),
    /// Not as it is: waiting does not help.
    Refuse(Obstacle),
}

/// What kind of thing stands in the way of a step. An operator who overrides one names it, and overrides no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The step is none: it names no node of the pillar.
    Step,
    /// etcd could not count on a quorum.
    EtcdQuorum,
    /// etcd's members are being changed, or may not be changed like this.
    EtcdMembers,
    /// Something else that the pillar declares would be lost.
    Services,
    /// The address of the API is not held by exactly one host.
    Address,
    /// A disruption budget lets no pod go.
    Budgets,
    /// Too many workers are away.
    Workers,
}

/// What stands in the way of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Obstacle {
    /// What kind of thing it is.
    pub code: Code,
    /// On how many voters etcd could not count while the step lasts, where it could not count on a quorum.
    pub voters_lost: Option<usize>,
    /// What would be lost, and why, in a sentence without a full stop.
    pub reason: String,
    /// What to do instead.
    pub remedy: String,
}

/// The verdict on a step with what a person wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Services that the step takes while it lasts, because nothing else was declared for them.
    pub takes: Vec<String>,
    /// The node to which etcd's leadership goes first, so that no election is needed.
    pub move_leader_to: Option<String>,
    /// Whether everything that the step takes is certainly down already.
    pub is_repair: bool,
}

impl Verdict {
    pub(crate) fn wait(code: Code, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Wait(Obstacle { code, voters_lost: None, reason: reason.into(), remedy: remedy.into() })
    }

    pub(crate) fn refuse(code: Code, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Refuse(Obstacle { code, voters_lost: None, reason: reason.into(), remedy: remedy.into() })
    }

    /// The same for a step by which etcd could not count on so many voters.
    pub(crate) fn losing(self, voters: usize) -> Self {
        let lost = |obstacle| Obstacle { voters_lost: Some(voters), ..obstacle };
        match self {
            Self::Go => Self::Go,
            Self::Wait(obstacle) => Self::Wait(lost(obstacle)),
            Self::Refuse(obstacle) => Self::Refuse(lost(obstacle)),
        }
    }

    /// Whether the step may be done.
    #[must_use]
    pub fn is_go(&self) -> bool {
        matches!(self, Self::Go)
    }

    /// `go`, `wait` or `refuse`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::Wait(_) => "wait",
            Self::Refuse(_) => "refuse",
        }
    }

    /// What stands in the way.
    #[must_use]
    pub fn obstacle(&self) -> Option<&Obstacle> {
        match self {
            Self::Go => None,
            Self::Wait(obstacle) | Self::Refuse(obstacle) => Some(obstacle),
        }
    }

    /// The severer of two; of equal ones the first.
    pub(crate) fn or_worse(self, other: Self) -> Self {
        let rank = |verdict: &Self| match verdict {
            Self::Go => 0,
            Self::Wait(_) => 1,
            Self::Refuse(_) => 2,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }
}

/// The judgement as programs read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JudgementAnswer {
    /// `go`, `wait` or `refuse`.
    pub verdict: &'static str,
    /// What kind of thing stands in the way; `null` for `go`.
    pub code: Option<Code>,
    /// On how many voters etcd could not count while the step lasts; `null` where it could count on a quorum.
    pub voters_lost: Option<usize>,
    /// What stands in the way; `null` for `go`.
    pub reason: Option<String>,
    /// What to do instead; `null` for `go`.
    pub remedy: Option<String>,
    /// Services that the step takes while it lasts, because nothing else was declared for them.
    pub takes: Vec<String>,
    /// The node to which etcd's leadership goes first; `null` where it need not move.
    pub move_leader_to: Option<String>,
    /// Whether everything that the step takes is certainly down already: it may be done without the lock.
    pub is_repair: bool,
}

impl Judgement {
    /// As programs read it.
    #[must_use]
    pub fn answer(&self) -> JudgementAnswer {
        let obstacle = self.verdict.obstacle();
        JudgementAnswer {
            verdict: self.verdict.key(),
            code: obstacle.map(|obstacle| obstacle.code),
            voters_lost: obstacle.and_then(|obstacle| obstacle.voters_lost),
            is_repair: self.is_repair,
            reason: obstacle.map(|obstacle| obstacle.reason.clone()),
            remedy: obstacle.map(|obstacle| obstacle.remedy.clone()),
            takes: self.takes.clone(),
            move_leader_to: self.move_leader_to.clone(),
        }
    }
}

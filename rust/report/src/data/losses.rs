//! What is lost with what: the answers to every set of failures that was asked.
//!
//! The page looks answers up and computes none. Three tables keep it small:
//!
//! - Elements that may be swapped without changing the model are of one class, and questions are asked of classes.
//! - Equal answers stand once, in [`Losses::answers`].
//! - What goes down with a set is said only by the smallest set that takes it, in [`Losses::takes`].

use super::{ElementIndex, Level, ServiceIndex};
use serde::{Deserialize, Serialize};

/// The answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Losses {
    /// The class of each element. Any two elements of a class may be swapped without changing what is lost. Empty: each
    /// element is a class of its own, with the element's index as its number.
    #[serde(default)]
    pub classes: Vec<u32>,
    /// The questions and which answer each has.
    #[serde(default)]
    pub asked: Vec<Asked>,
    /// The answers, without repetition.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// What goes down with what.
    #[serde(default)]
    pub takes: Vec<Takes>,
}

/// One question: what if exactly these fail?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The classes of what fails, ascending; one element of each mention. `[4, 4]` are two elements of class 4. Empty:
    /// nothing fails.
    pub down: Vec<u32>,
    /// Index in [`Losses::answers`].
    pub answer: u32,
}

/// What a set of failures does to the services.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The services that notice, by ascending index; the others go on as they were.
    #[serde(default)]
    pub effects: Vec<Effect>,
    /// What one more loss would do that it would not have done before: services that now survive no further loss of a
    /// kind, and did survive one with nothing down.
    #[serde(default)]
    pub next: Vec<Next>,
}

/// What happens to one service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// The service.
    pub service: ServiceIndex,
    /// The levels that are lost, ascending; none when it is only degraded.
    #[serde(default)]
    pub lost: Vec<Level>,
    /// Services that it goes on without, serving less.
    #[serde(default)]
    pub without: Vec<ServiceIndex>,
}

/// A service that survives no further loss of a kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Next {
    /// The service.
    pub service: ServiceIndex,
    /// The level that the next loss takes.
    pub level: Level,
    /// The [`Kind::key`](super::Kind::key) of the kind.
    pub kind: String,
    /// How many single elements of that kind would do it.
    pub count: u32,
    /// Some of them, or all. Fewer examples make more answers equal.
    #[serde(default)]
    pub examples: Vec<ElementIndex>,
}

/// What goes down when others fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Takes {
    /// When all of these fail,
    pub down: Vec<ElementIndex>,
    /// these go down too. Only what no smaller part of `down` takes: a host on two feeds stands with the pair of feeds.
    pub lost: Vec<ElementIndex>,
}

//! API servers, and what stands before them.

use super::{Probed, Targets, clocks};
use crate::readiness::{READING, Readiness, readiness};
use crate::session::Session;
use crate::{Access, Error};
use gate::{ObservedProgram, State};
use std::time::Duration;

pub(super) async fn probe(access: &Access, limit: Duration) -> Probed<Readiness> {
    let mut ahead = None;
    let found = Session::bounded(access, limit, READING, async |session| {
        let found = readiness(session).await;
        ahead = clocks::ahead(session.clock());
        found
    })
    .await;
    Probed { found, ahead }
}

pub(super) fn serves(probed: &Probed<Readiness>) -> bool {
    probed.found.as_ref().is_ok_and(|readiness| readiness.ready)
}

pub(super) fn programs(
    name: &str,
    targets: &Targets,
    asked: &[(String, Access)],
    probed: &[Probed<Readiness>],
) -> Vec<ObservedProgram> {
    let seen = |((node, _), probed): (&(String, Access), &Probed<Readiness>)| {
        let (state, because) = match &probed.found {
            Ok(readiness) if readiness.ready => (State::Up, String::new()),
            Ok(readiness) => (State::Unwell, format!("/readyz answers {}", readiness.status)),
            Err(error) => (silent(targets, node), error.to_string()),
        };
        ObservedProgram { name: name.to_owned(), node: node.clone(), state, because }
    };
    asked.iter().zip(probed).map(seen).collect()
}

/// What it means that there is no answer: on the observer's own host no network lies between.
pub(super) fn silent(targets: &Targets, node: &str) -> State {
    if targets.observer.as_deref() == Some(node) { State::Down } else { State::Unknown }
}

/// Why there is none, without the address, which the name of the node stands for.
pub(super) fn reason(error: &Error) -> String {
    match error {
        Error::Timeout { seconds, .. } => format!("no answer within {seconds} s"),
        Error::Connect { reason, .. } => reason.clone(),
        other => other.to_string(),
    }
}

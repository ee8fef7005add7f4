//! Members of etcd: who they are, as a majority knows them, and how each of them is.

use super::servers::{reason, silent};
use super::{Probed, Targets, clocks};
use crate::etcd::{Member, Status, list, own_status, read};
use crate::records::maintenance;
use crate::session::Session;
use crate::{Access, Error};
use gate::{EtcdMember, Maintenance, State};
use std::time::Duration;

/// What one member says of itself, whether it serves, and whom it knows: as a majority does, if that answers.
pub(super) struct Told {
    status: Status,
    read: Result<(), Error>,
    members: Option<(Vec<Member>, bool)>,
    maintenance: Option<Vec<Maintenance>>,
}

/// A member that answers and reads nothing is an answer, so its read gets a part of the time.
pub(super) async fn probe(access: &Access, limit: Duration) -> Probed<Told> {
    let mut ahead = None;
    let found = Session::bounded(access, limit, "reading etcd's status", async |session| {
        let status = own_status(session).await?;
        ahead = clocks::ahead(session.clock());
        let part = limit.mul_f64(0.6);
        let within = async |session: &Session| {
            read(session).await?;
            let members = list(session, true).await?;
            Ok::<_, Error>((members, maintenance(session).await?))
        };
        let served = tokio::time::timeout(part, within(session)).await;
        let failed = match served {
            Ok(Ok((members, maintenance))) => {
                let members = Some((members, true));
                return Ok(Told { status, read: Ok(()), members, maintenance: Some(maintenance) });
            }
            Ok(Err(error)) => error,
            Err(_) => session.late(),
        };
        let members = list(session, false).await.ok().map(|members| (members, false));
        Ok(Told { status, read: Err(failed), members, maintenance: None })
    })
    .await;
    Probed { found, ahead }
}

/// The members with the state of each. Where nobody knows them, those that are declared stand for them.
pub(super) fn seen(targets: &Targets, probed: &[Probed<Told>]) -> Vec<EtcdMember> {
    let told = || probed.iter().filter_map(|probed| probed.found.as_ref().ok());
    let lists = || told().filter_map(|told| told.members.as_ref());
    let members = lists().find(|(_, by_majority)| *by_majority).or_else(|| lists().next());
    let leader = told().find_map(|told| told.status.leader_id);
    let asked = |node: &str| {
        let found = targets.etcd.iter().zip(probed).find(|((asked, ..), _)| asked == node);
        found.map(|(_, probed)| probed)
    };
    let Some((members, _)) = members else {
        return targets.etcd.iter().map(|(node, ..)| state(targets, blank("", node), asked(node), None)).collect();
    };
    let member = |member: &Member| {
        let declared = targets.etcd.iter().find(|(_, _, peer)| member.peer_urls.contains(peer));
        // One that has not started has no name, wherever it is going to be.
        let node = match declared {
            Some((node, ..)) if !member.name.is_empty() => node.as_str(),
            _ => member.name.as_str(),
        };
        let blank = EtcdMember { is_learner: member.is_learner, ..blank(&format!("{:x}", member.id), node) };
        state(targets, blank, asked(node), leader.filter(|leader| *leader == member.id))
    };
    members.iter().map(member).collect()
}

/// Nodes on which somebody works, as a majority has it on record. Without a majority nothing but repairs is done anyway.
pub(super) fn maintained(probed: &[Probed<Told>], now: f64) -> Vec<String> {
    let mut told = probed.iter().filter_map(|probed| probed.found.as_ref().ok());
    let records = told.find_map(|told| told.maintenance.as_ref());
    let lasting = records.into_iter().flatten().filter(|one| one.lasts(now));
    lasting.map(|one| one.node.clone()).collect()
}

fn blank(id: &str, node: &str) -> EtcdMember {
    EtcdMember {
        id: id.to_owned(),
        node: node.to_owned(),
        state: State::Unknown,
        because: "nobody asked it".to_owned(),
        is_learner: false,
        is_leader: false,
        is_removing: false,
        applied_index: 0,
        alarms: Vec::new(),
        database_bytes: None,
        quota_bytes: None,
    }
}

fn state(targets: &Targets, member: EtcdMember, probed: Option<&Probed<Told>>, leads: Option<u64>) -> EtcdMember {
    let member = EtcdMember { is_leader: leads.is_some(), ..member };
    match probed.map(|probed| &probed.found) {
        None => member,
        Some(Err(error)) => EtcdMember { state: silent(targets, &member.node), because: reason(error), ..member },
        Some(Ok(told)) => {
            let (state, because) = match &told.read {
                Ok(()) => (State::Up, String::new()),
                // A learner serves no reads.
                Err(_) if told.status.is_learner => (State::Up, String::new()),
                Err(error) => (State::Unwell, reason(error)),
            };
            let status = &told.status;
            EtcdMember {
                state,
                because,
                applied_index: status.raft_applied_index,
                alarms: alarms(status),
                database_bytes: Some(status.db_size),
                quota_bytes: status.db_size_quota,
                ..member
            }
        }
    }
}

/// Alarms of this member itself. Each member lists those of all, as `memberID:7 alarm:NOSPACE`.
/// Source: etcd, `AlarmMember` as protocol buffers print it.
fn alarms(status: &Status) -> Vec<String> {
    let own = format!("memberID:{} ", status.member_id);
    let of_own = status.errors.iter().filter(|error| error.starts_with(&own));
    of_own.filter_map(|error| error.split_once("alarm:")).map(|(_, alarm)| alarm.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_is_that_of_its_member() {
        let errors = ["memberID:7 alarm:NOSPACE ", "memberID:77 alarm:CORRUPT ", "etcdserver: no leader"];
        let status = Status {
            member_id: 7,
            leader_id: None,
            raft_term: 1,
            raft_index: 1,
            raft_applied_index: 1,
            db_size: 1,
            db_size_in_use: 1,
            db_size_quota: None,
            revision: 1,
            is_learner: false,
            version: String::new(),
            errors: errors.map(str::to_owned).to_vec(),
        };
        assert_eq!(alarms(&status), ["NOSPACE"]);
    }
}

//! Where the virtual machines of the nodes run, as Proxmox VE says.

use crate::session::{Session, on_runtime};
use crate::{Access, Error, explain};
use futures_util::future::join_all;
use gate::{ObservedMachine, State};
use http::Request;
use kube::client::Body;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use topology::Topology;
use topology::pillar::{Connection, Proxmox};

/// How long all hosts may take that are asked at once: each asks the others. Source: engineering judgement.
pub const MACHINES_LIMIT: Duration = Duration::from_secs(5);

/// An answer of the API.
#[derive(Deserialize)]
struct Answer<T> {
    data: T,
}

/// A row of `GET /cluster/status`: the cluster itself, or one of its hosts. A host that is alone has no cluster.
/// Source: the API of Proxmox VE 8.4 to 9.2.
#[derive(Deserialize)]
struct Row {
    r#type: String,
    /// Only of the cluster.
    #[serde(default)]
    quorate: Option<u8>,
}

/// A row of `GET /cluster/resources?type=vm`, which has containers, too. Source: the API of Proxmox VE 8.4 to 9.2.
#[derive(Deserialize)]
struct Guest {
    #[serde(default)]
    vmid: Option<u32>,
    #[serde(default)]
    node: Option<String>,
    #[serde(default)]
    status: Option<String>,
}

/// Asks all hosts of Proxmox VE at once, for `limit` at most, and believes one that has quorum.
///
/// `token` is what `proxmox.connection.token` leads to. Machines are in the order of the nodes; a node without a machine of
/// Proxmox VE is none of them.
///
/// # Errors
/// [`Error::Argument`] where the pillar does not say how Proxmox VE is reached, [`Error::Access`] for a token or an authority
/// that cannot be used, and what the first host answered where none could be believed.
pub fn machines(topology: &Topology, token: &str, limit: Duration) -> Result<Vec<ObservedMachine>, Error> {
    let nobody = || {
        Error::Argument(
            "write `urls`, `user`, `token` and `ca` under `proxmox.connection`, so that Proxmox VE can be asked"
                .to_owned(),
        )
    };
    let connection = topology.proxmox.as_ref().and_then(Proxmox::complete_connection);
    let hosts = accesses(connection.ok_or_else(nobody)?, token)?;
    let answers = on_runtime("Proxmox VE", async { Ok(join_all(hosts.iter().map(|host| guests(host, limit))).await) })?;
    let believed = answers.into_iter().reduce(|one, next| if one.is_err() && next.is_ok() { next } else { one });
    Ok(of_nodes(topology, &believed.ok_or_else(nobody)??))
}

fn accesses(connection: &Connection, token: &str) -> Result<Vec<Access>, Error> {
    let authorization = authorization(connection.user.as_deref(), token.trim())?;
    let ca = connection.ca.as_deref().unwrap_or_default();
    let access = |url: &String| Ok(Access::new(url, ca, None)?.authorized(authorization.clone()));
    connection.urls.iter().map(access).collect()
}

/// The header by which a token is shown. Source: Proxmox VE Administration Guide, User Management, API Tokens.
fn authorization(user: Option<&str>, token: &str) -> Result<String, Error> {
    let name = token.split_once('=').map_or(token, |(name, _)| name);
    match user {
        _ if !token.contains('=') => Err(Error::Access(
            "what `proxmox.connection.token` leads to is no token: write NAME=SECRET, as Proxmox VE shows it"
                .to_owned(),
        )),
        _ if name.contains('!') => Ok(format!("PVEAPIToken={token}")),
        Some(user) => Ok(format!("PVEAPIToken={user}!{token}")),
        None => Err(Error::Access("write the `user` of the token under `proxmox.connection`".to_owned())),
    }
}

async fn guests(host: &Access, limit: Duration) -> Result<Vec<Guest>, Error> {
    Session::bounded(host, limit, "asking whether Proxmox VE has quorum", async |session| {
        let rows: Vec<Row> = get(session, "/api2/json/cluster/status").await?;
        // Without quorum it knows where the machines were.
        if rows.iter().any(|row| row.r#type == "cluster" && row.quorate != Some(1)) {
            return Err(session.unreadable("this host of Proxmox VE has no quorum"));
        }
        session.step("reading where the machines run");
        get(session, "/api2/json/cluster/resources?type=vm").await
    })
    .await
}

async fn get<T: DeserializeOwned>(session: &Session, path: &str) -> Result<T, Error> {
    let request = Request::get(path).body(Body::empty());
    let request = request.map_err(|error| session.failed(kube::Error::HttpError(error)))?;
    let (status, body) = session.send(request).await?;
    if status != 200 {
        let text = String::from_utf8_lossy(&body);
        return Err(explain::refused(session.server(), session.current_step(), status, &text));
    }
    let answer: Result<Answer<T>, _> = serde_json::from_slice(&body);
    Ok(answer.map_err(|error| session.failed(kube::Error::SerdeError(error)))?.data)
}

fn of_nodes(topology: &Topology, guests: &[Guest]) -> Vec<ObservedMachine> {
    let machine = |node: &topology::Node| {
        let id = node.vm.as_ref()?.vmid?;
        let guest = guests.iter().find(|guest| guest.vmid == Some(id));
        Some(ObservedMachine {
            node: node.name.clone(),
            hypervisor: guest.and_then(|guest| guest.node.clone()),
            state: match guest.and_then(|guest| guest.status.as_deref()) {
                Some("running") => State::Up,
                Some("stopped") => State::Down,
                // Its host does not tell.
                _ => State::Unknown,
            },
        })
    };
    topology.nodes.iter().filter_map(machine).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_shown_as_proxmox_wants_it() {
        let shown = |user, token| authorization(user, token).unwrap();
        assert_eq!(shown(Some("salt@pve"), "gate=s3cret"), "PVEAPIToken=salt@pve!gate=s3cret");
        assert_eq!(shown(None, "salt@pve!gate=s3cret"), "PVEAPIToken=salt@pve!gate=s3cret");
        for (user, token) in [(None, "gate=s3cret"), (Some("salt@pve"), "s3cret")] {
            let refused = authorization(user, token).unwrap_err().to_string();
            assert!(!refused.contains("s3cret"), "{refused}");
        }
    }
}

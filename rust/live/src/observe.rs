//! One look at a whole cluster: every probe at once, each with its own limit, and one that hangs is one that failed.

mod address;
mod arp;
mod budgets;
mod clocks;
mod members;
mod servers;
mod targets;

use crate::pods::Pod;
use crate::session::{Session, on_runtime};
use crate::{Access, Error, Node, name_servers, nodes};
pub use address::Moving;
use budgets::budgets;
use futures_util::future::{join, join_all, join3};
use gate::{OBSERVATION_SCHEMA, Observation, ObservedMachine, ObservedNode, State};
pub use targets::Credentials;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Where to look.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// The node that looks. What it finds of itself is certain.
    pub observer: Option<String>,
    /// All hosts of the cluster.
    pub nodes: Vec<String>,
    /// Members of etcd by node, and the URL under which its other members know each.
    pub etcd: Vec<(String, Access, String)>,
    /// API servers by node, each past any balancer.
    pub api_servers: Vec<(String, Access)>,
    /// HAProxy by node, each past the address that moves.
    pub balancers: Vec<(String, Access)>,
    /// The API where clients reach it.
    pub endpoint: Option<Access>,
    /// The address of the API, where it moves between hosts.
    pub moving: Option<Moving>,
    /// Where the machines run, from whoever may ask Proxmox VE; `None` where nobody has.
    pub machines: Option<Vec<ObservedMachine>>,
    /// Nodes whose pods are to be evicted.
    pub evicted: Vec<String>,
}

/// What a probe found out.
struct Probed<T> {
    found: Result<T, Error>,
    /// What the server's clock was ahead of ours, in seconds; `None` where it said nothing.
    ahead: Option<f64>,
}

/// How many times as long the observer's own programs have: whoever says that one of them is certainly down lets it be restarted
/// whatever the others are, and a busy host answers late. Source: engineering judgement.
const OWN_LIMITS: u32 = 5;

/// Looks once. It takes twice `limit` at most, whatever hangs, and six times where something of the observer's own hangs.
///
/// # Errors
/// [`Error::Argument`] for a limit without meaning, [`Error::Connect`] when the system gives no means to wait. Whatever
/// does not answer is no error: it is what was seen.
pub fn observe(targets: &Targets, limit: Duration) -> Result<Observation, Error> {
    on_runtime("the cluster", async {
        let of = |node: &String| if targets.observer.as_ref() == Some(node) { limit * OWN_LIMITS } else { limit };
        let servers = join_all(targets.api_servers.iter().map(|(node, access)| servers::probe(access, of(node))));
        let balancers = join_all(targets.balancers.iter().map(|(node, access)| servers::probe(access, of(node))));
        let endpoint = join_all(targets.endpoint.iter().map(|access| servers::probe(access, limit)));
        let members = join_all(targets.etcd.iter().map(|(node, access, _)| members::probe(access, of(node))));
        let holders = async { address::holders(targets.moving.as_ref()?).await };
        let ((servers, balancers), (endpoint, members), holders) =
            join3(join(servers, balancers), join(endpoint, members), holders).await;
        let ready = targets.api_servers.iter().zip(&servers).find(|(_, probed)| servers::serves(probed));
        let listed = match ready {
            Some(((_, access), _)) => of_kubernetes(access, targets, limit).await,
            None => (None, None, None),
        };
        let mut clocks = BTreeMap::new();
        clocks::note(&mut clocks, targets.api_servers.iter().map(|(node, _)| node), &servers);
        clocks::note(&mut clocks, targets.etcd.iter().map(|(node, ..)| node), &members);
        let mut programs = servers::programs("kube-apiserver", targets, &targets.api_servers, &servers);
        programs.extend(servers::programs("haproxy", targets, &targets.balancers, &balancers));
        let etcd = members::seen(targets, &members);
        let answers = |node: &str| {
            programs.iter().any(|program| program.node == node && program.state == State::Up)
                || etcd.iter().any(|member| member.node == node && matches!(member.state, State::Up | State::Unwell))
        };
        let (nodes, budgets, name_servers) = listed;
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
        let hosts = hosts(targets, nodes.as_deref(), &answers, &clocks::offsets(&clocks));
        Ok(Observation {
            schema: OBSERVATION_SCHEMA,
            observer: targets.observer.clone(),
            at,
            etcd,
            nodes: hosts,
            programs,
            budgets,
            address_holders: match endpoint.first() {
                // Where nothing serves behind the address, nobody holds it.
                Some(probed) if !servers::serves(probed) => Some(Vec::new()),
                // It is served: if nobody on the wire says that he has it, it comes by a way that cannot be seen from here.
                _ => holders.filter(|holders| !holders.is_empty()),
            },
            name_servers,
            machines: targets.machines.clone(),
            maintenance: maintained(&members, nodes.as_deref(), at),
        })
    })
}

/// Nodes on which somebody works: as etcd has it on record, and as it stands on the nodes for those who cannot ask etcd.
fn maintained(members: &[Probed<members::Told>], nodes: Option<&[Node]>, now: f64) -> Vec<String> {
    let on_nodes = nodes.into_iter().flatten().filter_map(|node| node.maintenance.as_ref());
    let lasting = on_nodes.filter(|one| one.lasts(now)).map(|one| one.node.clone());
    let all: BTreeSet<String> = members::maintained(members, now).into_iter().chain(lasting).collect();
    all.into_iter().collect()
}

type Listed = (Option<Vec<Node>>, Option<Vec<gate::ObservedBudget>>, Option<Vec<String>>);

async fn of_kubernetes(access: &Access, targets: &Targets, limit: Duration) -> Listed {
    let nodes = Session::bounded(access, limit, "reading the nodes", async |session| nodes::list(session).await);
    let step = "reading the disruption budgets";
    let budgets = Session::bounded(access, limit, step, async |session| budgets(session, &targets.evicted).await);
    let step = "reading the pods of CoreDNS";
    let name_servers = Session::bounded(access, limit, step, async |session| name_servers::list(session).await);
    let (nodes, budgets, name_servers) = join3(nodes, budgets, name_servers).await;
    (nodes.ok(), budgets.ok(), name_servers.ok().and_then(|all| serving(&all)))
}

/// The nodes of those that serve; `None` where the cluster has no `CoreDNS`.
fn serving(name_servers: &[Pod]) -> Option<Vec<String>> {
    let serve = name_servers.iter().filter(|pod| name_servers::serves(pod));
    let nodes = serve.filter_map(|pod| pod.spec.node_name.clone()).collect();
    Some(nodes).filter(|_| !name_servers.is_empty())
}

/// A node of Kubernetes is as its condition Ready says; another host does its work when something on it answers.
fn hosts(
    targets: &Targets,
    nodes: Option<&[Node]>,
    answers: &dyn Fn(&str) -> bool,
    clocks: &BTreeMap<String, f64>,
) -> Vec<ObservedNode> {
    let host = |name: &String| {
        let node = nodes.and_then(|nodes| nodes.iter().find(|node| node.name == *name));
        let ready = node.and_then(|node| node.ready);
        let (state, because) = match (node, ready) {
            (Some(_), Some(true)) => (State::Up, ""),
            (Some(_), Some(false)) => (State::Unwell, "is not ready"),
            (Some(_), None) => (State::Unknown, "its kubelet does not report"),
            (None, _) if answers(name) => (State::Up, ""),
            (None, _) if nodes.is_some() => (State::Unknown, "nothing on it answers"),
            (None, _) => (State::Unknown, "no API server says how it is"),
        };
        ObservedNode {
            name: name.clone(),
            state,
            because: because.to_owned(),
            unschedulable: node.is_some_and(|node| node.unschedulable),
            clock_offset_seconds: clocks.get(name).copied(),
        }
    };
    targets.nodes.iter().map(host).collect()
}

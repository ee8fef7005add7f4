//! Bringing a cluster into being: one `kubeadm init`, then joins, in whatever order the hosts ask.
//!
//! The master keeps one [`Ledger`] for each cluster. A node sends a [`Request`] with what it found on itself; [`decide`]
//! gives the [`Answer`], and the ledger as it is afterwards. Whoever calls it holds the ledger's lock and has the new
//! ledger on its disk before the answer leaves.
//!
//! What holds whatever is asked, in whatever order, and however often a host or the master dies in between:
//!
//! - `init` is granted to one node, and never again once it is done;
//! - it is granted only when every declared control-plane node has said lately that it is blank. Silence is a refusal; the
//!   operator may name nodes to go without;
//! - an external etcd is begun by one node in the same way, before `init` is granted;
//! - members are added to etcd one at a time;
//! - a host on which something was found that is not of this cluster, or not of an unfinished attempt of its own, is refused.

mod blank;
mod decide;
mod etcd;
mod etcd_record;
mod evidence;
mod initialise;
mod join;
mod ledger;
mod request;
mod roster;

pub use decide::decide;
pub use etcd_record::{EtcdBeginning, EtcdEvidence, EtcdMarker, EtcdRecord, EtcdStage};
pub use evidence::{Evidence, Marker, Stage};
pub use ledger::{BlankAnswer, Initialisation, Joined, Ledger, LedgerError, Turn};
pub use request::{Answer, Outcome, Request, Subject};
pub use roster::Roster;

/// Seconds for which "this host is blank" holds: hosts that are asked together answer within it.
pub const ANSWER_SECONDS: f64 = 900.0;

/// Seconds for which a control-plane node has etcd's membership to itself. `kubeadm join` ends before by its own limits.
pub const TURN_SECONDS: f64 = 420.0;

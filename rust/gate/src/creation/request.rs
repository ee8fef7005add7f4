//! What a node asks the master, and what it is told.

use super::etcd_record::EtcdEvidence;
use super::evidence::Evidence;
use serde::{Deserialize, Serialize};

/// What a request is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "subject")]
pub enum Subject {
    /// The certificates of the cluster's CAs, without any key.
    Authorities,
    /// To become a member: by `kubeadm init` or `kubeadm join`.
    Membership,
    /// `kubeadm init` has ended well.
    Initialised {
        /// The attempt that was granted.
        attempt: String,
        /// UID of the namespace kube-system.
        kube_system_uid: String,
    },
    /// `kubeadm join` has ended well.
    Joined {
        /// UID of the namespace kube-system, as the cluster that was joined answers.
        kube_system_uid: String,
    },
    /// To have etcd to itself for a while: its member is about to be restarted or replaced.
    Turn,
    /// A turn has ended.
    TurnEnded,
    /// Certificates of an external etcd, by requests of the node.
    EtcdCertificates,
    /// A certificate for the API, by which a worker or a host of the load balancer asks the gate.
    GateCertificate,
    /// To become a member of an external etcd: by beginning it, or by joining.
    EtcdMembership {
        /// What the host found on itself.
        #[serde(default)]
        found: EtcdEvidence,
    },
    /// An external etcd has begun.
    EtcdBegun {
        /// The attempt that was granted.
        attempt: String,
    },
    /// The node is a member of an external etcd, with a vote.
    EtcdJoined,
    /// What was granted has failed: a turn with etcd's membership is given back, and nobody waits.
    Stopped,
}

/// A request. Who asks is known from Salt's own authentication, not from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// What the host found on itself.
    #[serde(default)]
    pub evidence: Evidence,
}

/// How a request was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// Take the CAs' certificates.
    Authorities,
    /// Run `kubeadm init`. What an earlier attempt of this node left is removed first.
    Initialise,
    /// Run `kubeadm join`. What an earlier attempt of this node left is removed first.
    Join,
    /// This host is a member: nothing is to be done.
    Member,
    /// Take certificates of etcd.
    EtcdCertificates,
    /// Take a certificate for the API.
    GateCertificate,
    /// Begin etcd, alone. What an earlier attempt of this node left is removed first.
    EtcdBegin,
    /// Join etcd as a learner, and be promoted. The node has etcd's membership to itself.
    EtcdJoin,
    /// This host is a member of etcd: nothing is to be done.
    EtcdMember,
    /// The node has etcd to itself.
    Turn,
    /// It is on record.
    Recorded,
    /// Ask again.
    Wait {
        /// What for.
        reason: String,
    },
    /// Another node has to go first, and its last try has failed: it may be about to go on, so ask again for a while.
    Stopped {
        /// Who, and what to do.
        reason: String,
    },
    /// No, and asking again does not change it.
    Refuse {
        /// Why, and what to do.
        reason: String,
    },
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// How it was decided.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The attempt that is granted, to be written into the host's marker; empty where nothing is granted.
    pub attempt: String,
    /// The identity of the cluster, once it exists.
    pub kube_system_uid: Option<String>,
}

impl Outcome {
    pub(super) fn wait(reason: impl Into<String>) -> Self {
        Self::Wait { reason: reason.into() }
    }

    pub(super) fn stopped(reason: impl Into<String>) -> Self {
        Self::Stopped { reason: reason.into() }
    }

    pub(super) fn refuse(reason: impl Into<String>) -> Self {
        Self::Refuse { reason: reason.into() }
    }
}

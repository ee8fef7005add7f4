//! Observes and acts over the network: the Kubernetes API, etcd, and Proxmox VE.
//!
//! Salt forks a process for each job, so nothing here outlives a call: each one makes a runtime on the calling thread, has
//! a limit of time, and drops its connections before it returns. A lock that is held is the exception: a thread renews it. Nothing waits for a rollout or a node: a call is one
//! look or one act, and whoever calls decides when to look again.

pub mod etcd;

mod access;
mod apply;
mod client;
mod config_map;
mod cordon;
mod drain;
mod error;
mod explain;
mod kinds;
mod kubeconfig;
mod lock;
mod machines;
mod manifest;
mod marked;
mod name_servers;
mod nodes;
mod observe;
mod pem;
mod pods;
mod readiness;
mod records;
mod renewing;
mod scalar;
mod session;
mod slots;
mod static_pods;
mod workloads;

pub use access::{Access, Identity};
pub use apply::{Applied, Change, Manner, apply};
pub use config_map::{config_map, patch_config_map};
pub use cordon::{Cordon, Standing, cordon, uncordon};
pub use drain::{Eviction, HeldPod, evict};
pub use error::Error;
pub use lock::{Held, Keeper, boot_clock};
pub use machines::{MACHINES_LIMIT, machines};
pub use marked::{mark_maintenance, unmark_maintenance};
pub use nodes::{Node, delete_node, node, nodes};
pub use observe::{Credentials, Targets, observe};
pub use readiness::{Readiness, kube_system_uid, ready};
pub use renewing::{Acquired, Keep, Renewing};
pub use slots::{NAMESPACE, Slots};
pub use static_pods::{StaticPod, static_pods};
pub use workloads::{Deployment, Rollout, Workload, deployment, workloads_ready};

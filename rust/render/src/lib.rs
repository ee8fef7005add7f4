//! From a topology and a node to the complete list of the node's files, in the order in which they must appear, to its packages,
//! and to the definition of its virtual machine.
//!
//! Pure and byte-stable: the same topology gives the same bytes. Rendering a topology with error findings is the caller's
//! mistake; nothing here judges.

mod file;
mod files;
mod meaning;
mod packages;
mod proxmox;
mod template;

pub use file::{Activation, Check, File, Keeper, Part};
pub use files::{
    Repository, etcd_client_url, etcd_peer_url, files, kept_by_kubeadm, kubelet_configuration, managed, repositories,
};
pub use meaning::meaning;
pub use packages::{Package, packages};
pub use proxmox::{Machine, machine};
pub use template::Error;

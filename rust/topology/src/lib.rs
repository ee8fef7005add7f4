//! The pillar as written, resolved to a topology.
//!
//! [`pillar`] holds the types of what is written; [`read_pillar`] turns a tree into a [`Topology`] with every default
//! filled in, and collects all structural findings. [`Timing`] computes failover times from the same settings that the
//! templates print. Version facts are data ([`Facts`]). Everything here is pure.

pub mod pillar;
pub mod pve;
pub mod values;

mod dependencies;
mod digest;
mod domains;
mod effective;
mod expand;
mod facts;
mod issue;
mod model;
mod names;
mod natural;
mod places;
mod resolve;
mod scheduling;
mod schema;
mod timing;

pub use dependencies::{Dependencies, ImageSource};
pub use digest::digest;
pub use domains::{Domains, Element, ElementId, Kind};
pub use effective::effective;
pub use facts::{CniRelease, EtcdReleases, Facts, Minor, Platform, Repository};
pub use issue::{STRUCTURAL_CODES, StructuralCode, relative};
pub use model::{Cluster, CoreDnsPlan, Etcd, LoadBalancer, Network, Node, NodeIndex, Topology, Vip};
pub use names::{Named, Names};
pub use natural::natural_order;
pub use places::{EXTERNAL_BALANCER, PUBLIC_REGISTRY};
pub use resolve::{Reading, read_pillar};
pub use scheduling::CONTROL_PLANE_TAINT;
pub use schema::json_schema;
pub use timing::Timing;

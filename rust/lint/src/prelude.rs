//! What every rule file needs.

pub use crate::at;
pub use crate::example::{Base, Example};
pub use crate::findings::Findings;
pub use crate::lint::Lint;
pub use crate::rule::Rule;
pub use diagnostics::Severity;
pub use topology::pillar::{
    CniType, EncryptionProvider, EtcdTopology, HaproxyVerify, KubeProxyMode, LoadBalancerType, Managed, Media, Role,
    SelinuxMode,
};
pub use topology::values::{Distribution, Duration, Size};
pub use topology::{Kind, Node, Topology};
pub use tree::Place;

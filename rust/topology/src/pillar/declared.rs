//! Sections that are declared and judged, and not managed yet.

mod applications;
mod microk8s;
mod operations;
mod publishing;
mod recovery;
mod reliability;
mod services;
mod storage;

pub use applications::{App, Requests};
pub use microk8s::Microk8s;
pub use operations::{Observability, Upgrades};
pub use publishing::{CertificateManager, Certs, Ingress, Mesh, ReverseProxy};
pub use recovery::{Backup, BackupDestination, BackupMethod, DestinationType, DisasterRecovery, Scenario};
pub use reliability::{FailureRate, Reliability};
pub use services::{ServiceSpec, SomeOf};
pub use storage::{Longhorn, Nfs, Raid, Rook, Storage};

//! Sections that are declared and judged, and not managed yet.

mod applications;
mod microk8s;
mod operations;
mod publishing;
mod recovery;
mod storage;

pub use applications::App;
pub use microk8s::Microk8s;
pub use operations::{Observability, Upgrades};
pub use publishing::{Certs, Ingress, Mesh, ReverseProxy};
pub use recovery::{Backup, BackupDestination, DisasterRecovery, Scenario};
pub use storage::{Longhorn, Nfs, Raid, Rook, Storage};

//! Arguments of `k8s-ha faults`.

use super::Reading;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// How an answer about faults is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FaultsFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// The fault tree of a service in the Open-PSA Model Exchange Format
    OpsaMef,
}

/// What else is asked about a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum About {
    /// What every cut of the declared network does: which side serves, who holds the address, what is discarded
    Partitions,
    /// Whether everything fits after the losses that must be survived
    Capacity,
    /// The order of a start after a total power loss, and what waits for itself
    StartOrder,
    /// How long each fail-over takes, part by part
    SwitchOver,
    /// How much of the time each service serves, from `reliability`
    Availability,
}

/// What is asked of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ServiceLevel {
    /// It goes on by its own fail-over
    Serve,
    /// It serves again once what was lost has been started elsewhere
    Recover,
    /// No acknowledged write is lost
    Data,
}

#[derive(Debug, Args)]
pub(crate) struct Faults {
    /// Pillar file, folder, or tree with top.sls
    #[arg(value_name = "PATH", required_unless_present = "mef", conflicts_with = "mef")]
    pub path: Option<PathBuf>,
    /// Answer about the fault tree in this file (Open-PSA Model Exchange Format) instead
    #[arg(long, value_name = "FILE", conflicts_with_all = ["down", "service", "cluster"])]
    pub mef: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// The cluster, where the pillar has several
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
    /// Elements that are down: names, or kind:name
    #[arg(long, value_name = "ELEMENT", value_delimiter = ',')]
    pub down: Vec<String>,
    /// List the minimal sets of up to so many failures that lose a service
    #[arg(long, value_name = "ORDER", value_parser = clap::value_parser!(u32).range(1..))]
    pub cut_sets: Option<u32>,
    /// Answer this instead
    #[arg(long, value_enum, value_name = "WHAT", conflicts_with_all = ["mef", "down", "cut_sets"])]
    pub about: Option<About>,
    /// With `--about partitions`: these nodes are cut off from all others
    #[arg(long, value_name = "NODE", value_delimiter = ',', requires = "about")]
    pub cut: Vec<String>,
    /// The service. Default: all for cut sets, kubernetes for a fault tree
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// What is lost of it
    #[arg(long, value_enum, default_value = "serve")]
    pub level: ServiceLevel,
    /// Output: text, json or opsa-mef
    #[arg(long, value_enum, default_value = "text")]
    pub format: FaultsFormat,
}

impl ServiceLevel {
    /// The same for the failure model.
    pub fn level(self) -> ::faults::Level {
        match self {
            Self::Serve => ::faults::Level::Serve,
            Self::Recover => ::faults::Level::Recover,
            Self::Data => ::faults::Level::Data,
        }
    }
}

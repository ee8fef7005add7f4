//! Arguments of `k8s-ha gate`.

use super::{AnswerFormat, OnePillar};
use ::gate::Action;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Gate {
    #[command(flatten)]
    pub pillar: OnePillar,
    /// What was seen of the cluster, as JSON. Default: the cluster is looked at now
    #[arg(long, value_name = "FILE", conflicts_with = "all_up")]
    pub observation: Option<PathBuf>,
    /// Print an observation in which everything declared does its work, to start from
    #[arg(long)]
    pub all_up: bool,
    /// What is going to be done
    #[arg(long, value_parser = actions(), required_unless_present = "all_up")]
    pub step: Option<Action>,
    /// To these nodes, all at once
    #[arg(long, value_name = "NAME", value_delimiter = ',', required_unless_present_any = ["all_up", "hypervisor"])]
    pub node: Vec<String>,
    /// To all nodes on these hypervisors: where their machines run, or where the pillar says
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub hypervisor: Vec<String>,
    /// Only these programs on them, such as etcd, kube-apiserver, haproxy, keepalived
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub program: Vec<String>,
    /// The token of `proxmox.connection`, NAME=SECRET: where the machines run is looked at, too
    #[arg(long, value_name = "FILE", conflicts_with_all = ["observation", "all_up"])]
    pub proxmox_token: Option<PathBuf>,
    #[command(flatten)]
    pub credentials: Credentials,
    /// The node on which this runs: what gives no answer there is certainly down
    #[arg(long, value_name = "NAME", conflicts_with_all = ["observation", "all_up"])]
    pub observer: Option<String>,
    /// Save what was seen, for --observation
    #[arg(long, value_name = "FILE", conflicts_with_all = ["observation", "all_up"])]
    pub save: Option<PathBuf>,
    /// Output: text or json
    #[arg(long, value_enum, default_value = "text")]
    pub format: AnswerFormat,
}

/// With what the cluster is looked at. Defaults: what kubeadm has put on a node of the control plane.
#[derive(Debug, Args)]
pub(crate) struct Credentials {
    /// For the API. Default: /etc/kubernetes/admin.conf
    #[arg(long, value_name = "FILE", conflicts_with_all = ["observation", "all_up"])]
    pub kubeconfig: Option<PathBuf>,
    /// The authority of etcd. Default: that of kubeadm's certificate for health checks
    #[arg(long, value_name = "FILE", requires_all = ["cert", "key"], conflicts_with_all = ["observation", "all_up"])]
    pub cacert: Option<PathBuf>,
    /// A certificate for etcd
    #[arg(long, value_name = "FILE", requires = "cacert")]
    pub cert: Option<PathBuf>,
    /// Its key
    #[arg(long, value_name = "FILE", requires = "cacert")]
    pub key: Option<PathBuf>,
}

fn actions() -> impl TypedValueParser<Value = Action> {
    // The parser has seen that it is one of them.
    PossibleValuesParser::new(Action::ALL.map(Action::key)).map(|key| Action::of(&key).unwrap_or(Action::Stop))
}

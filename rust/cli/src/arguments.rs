//! Arguments of the command.

mod faults;
mod gate;

use clap::{Args, Parser, Subcommand, ValueEnum};
use diagnostics::Format;
pub(crate) use faults::{About, Faults, FaultsFormat};
pub(crate) use gate::{Credentials, Gate};
use std::io::IsTerminal;
use std::path::PathBuf;
use topology::values::Date;

/// Highly available Kubernetes from one Salt pillar: lint, render, show.
#[derive(Debug, Parser)]
#[command(name = "k8s-ha", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge pillars: files, folders, or trees with top.sls
    #[command(after_help = "Example:\n  k8s-ha lint pillar/ --fail-on warn --format sarif > findings.sarif")]
    Lint(Lint),
    /// Write the files of a node, or of all nodes, below a folder
    #[command(after_help = "Example:\n  k8s-ha render pillar/prod1.sls --node cp1 --out ./cp1")]
    Render(Render),
    /// Show what a pillar says: an overview, the defaults, the keepers of files, the times of a failover
    #[command(
        after_help = "Examples:\n  k8s-ha show pillar/\n  k8s-ha show --effective pillar/prod1.sls\n  k8s-ha show --as-read pillar/prod1.sls"
    )]
    Show(Show),
    /// Print how many losses of each kind every service survives
    #[command(
        after_help = "Examples:\n  k8s-ha tolerance pillar/prod1.sls\n  k8s-ha tolerance pillar/prod1.sls --down pve2 --format markdown"
    )]
    Tolerance(Tolerance),
    /// Say what is lost when something is down, and what the next loss would take; list cut sets; exchange fault trees
    #[command(
        after_help = "Examples:\n  k8s-ha faults pillar/prod1.sls --down pve2,cp3\n  k8s-ha faults pillar/prod1.sls --cut-sets 2 --service etcd\n  k8s-ha faults pillar/prod1.sls --format opsa-mef > kubernetes.xml\n  k8s-ha faults --mef model.xml --format json"
    )]
    Faults(Faults),
    /// Write a report about a cluster: one HTML page, a drawing for a README, or its data
    #[command(
        after_help = "Examples:\n  k8s-ha report pillar/prod1.sls -o report.html\n  k8s-ha report pillar/prod1.sls --format mermaid"
    )]
    Report(Report),
    /// Suggest changes of the pillar that mend what `targets.survive` asks for; nothing is written
    #[command(after_help = "Example:\n  k8s-ha fix --suggest pillar/prod1.sls")]
    Fix(Fix),
    /// Look at a cluster, or at what was seen of one, and say whether a step may be done to it
    #[command(
        after_help = "Examples:\n  k8s-ha gate pillar/prod1.sls --node cp1 --step reboot --save seen.json\n  k8s-ha gate pillar/prod1.sls --observation seen.json --hypervisor pve1 --step stop --format json\n  k8s-ha gate pillar/prod1.sls --all-up > seen.json"
    )]
    Gate(Gate),
    /// Say how a running cluster comes from one pillar to another: the steps, and what is survived during each
    #[command(
        after_help = "Examples:\n  k8s-ha plan running.sls wanted.sls\n  k8s-ha plan main/pillar/ pillar/ --cluster prod1 --format json"
    )]
    Plan(Plan),
    /// Print the JSON Schema of a pillar, or of an observation
    #[command(after_help = "Example:\n  k8s-ha schema > pillar/schema.json")]
    Schema(Schema),
    /// Explain the code of a finding
    #[command(after_help = "Example:\n  k8s-ha explain ETCD-001")]
    Explain(Explain),
}

/// How a pillar is found and read.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// YAML file of grains for files with Jinja
    #[arg(long, value_name = "FILE")]
    pub grains: Option<PathBuf>,
    /// YAML file of pillar for files with Jinja
    #[arg(long, value_name = "FILE")]
    pub pillar: Option<PathBuf>,
    /// Environment of top.sls
    #[arg(long, value_name = "NAME", default_value = "base")]
    pub saltenv: String,
    /// Join lists when files are merged, as `pillar_merge_lists: True` does
    #[arg(long)]
    pub merge_lists: bool,
    /// The day that counts as today
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<Date>,
}

/// One cluster of a pillar.
#[derive(Debug, Args)]
pub(crate) struct OnePillar {
    /// Pillar file, folder, or tree with top.sls
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    #[command(flatten)]
    pub reading: Reading,
    /// The cluster, where the pillar has several
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
}

/// The gravest finding that may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors fail
    Error,
    /// Errors and warnings fail
    Warn,
}

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Yes
    Always,
    /// No
    Never,
}

impl Color {
    /// Whether what goes to standard output is coloured.
    pub fn applies(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Pillar files, folders, or trees with top.sls
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// Output: text, json, sarif, junit or github
    #[arg(long, default_value = "text")]
    pub format: Format,
    /// Exit with 1 from this severity on
    #[arg(long, value_enum, default_value = "error")]
    pub fail_on: FailOn,
    /// Findings in this file are known: only new ones count
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings of this run to a baseline file
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub write_baseline: Option<PathBuf>,
    /// Colour the text
    #[arg(long, value_enum, default_value = "auto")]
    pub color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct Render {
    #[command(flatten)]
    pub pillar: OnePillar,
    /// The node whose files are written
    #[arg(long, value_name = "NAME", required_unless_present = "all", conflicts_with = "all")]
    pub node: Option<String>,
    /// All nodes, each below a folder of its name
    #[arg(long)]
    pub all: bool,
    /// The folder; new, empty, or written by this command before
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one flag of the command line each")]
pub(crate) struct Show {
    #[command(flatten)]
    pub pillar: OnePillar,
    /// Print the pillar with every default, each marked as such
    #[arg(long, group = "what")]
    pub effective: bool,
    /// Print the values of a file as Salt reads them, as JSON
    #[arg(long, group = "what")]
    pub as_read: bool,
    /// Print who changes which file
    #[arg(long, group = "what")]
    pub owners: bool,
    /// Print the definitions of virtual machines, as JSON
    #[arg(long, group = "what")]
    pub machines: bool,
    /// Only this node
    #[arg(long, value_name = "NAME")]
    pub node: Option<String>,
}

/// How a table is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// For a README
    Markdown,
    /// For a spreadsheet
    Csv,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Tolerance {
    #[command(flatten)]
    pub pillar: OnePillar,
    /// Elements that are down already: names, or kind:name
    #[arg(long, value_name = "ELEMENT", value_delimiter = ',')]
    pub down: Vec<String>,
    /// Output: text, json, markdown or csv
    #[arg(long, value_enum, default_value = "text")]
    pub format: TableFormat,
    /// Colour the text
    #[arg(long, value_enum, default_value = "auto")]
    pub color: Color,
}

/// What a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// One self-contained page
    Html,
    /// A drawing of what stands on what
    Svg,
    /// The same as a flowchart
    Mermaid,
    /// The data of the page
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub pillar: OnePillar,
    /// Write to this file; without it, to standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Output: html, svg, mermaid or json
    #[arg(long, value_enum, default_value = "html")]
    pub format: ReportFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// Pillar of the cluster as it runs: file, folder, or tree with top.sls
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// Pillar that is wanted
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    #[command(flatten)]
    pub reading: Reading,
    /// The cluster, where a pillar has several
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
    /// Output: text or json
    #[arg(long, value_enum, default_value = "text")]
    pub format: AnswerFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Of an observation, which `k8s-ha gate` reads
    #[arg(long)]
    pub observation: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Fix {
    /// Print the suggestions, each as a patch of the pillar
    #[arg(long, required = true)]
    pub suggest: bool,
    #[command(flatten)]
    pub pillar: OnePillar,
    /// Output: text or json
    #[arg(long, value_enum, default_value = "text")]
    pub format: AnswerFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code, such as ETCD-001; without it, all codes are listed
    pub code: Option<String>,
}

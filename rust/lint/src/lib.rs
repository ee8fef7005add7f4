//! The rule registry: one rule, one file, in `rules/<family>/<rule>.rs`.
//!
//! [`run`] judges a pillar that was read: structural findings, then every rule, then the accepted risks. A rule carries
//! its code, name, severity, reason, remedy, source, and a failing and a passing example, which are its test.

mod acknowledge;
mod addresses;
mod domains;
mod example;
mod explain;
mod findings;
mod kubelets;
mod lint;
mod losses;
mod quorum;
mod rule;
mod run;
mod suggest;

pub mod prelude;
pub mod rules;

pub use acknowledge::{EXPIRED_ACKNOWLEDGEMENT, UNUSED_ACKNOWLEDGEMENT};
pub use example::{Base, Example};
pub use explain::{code_names, explain, page, structural_codes, structural_page};
pub use findings::{Findings, Pending};
pub use lint::Lint;
pub use losses::{Breaking, FailureModel, MissedTarget};
pub use rule::Rule;
pub use run::{blocks, run};
pub use suggest::{Suggestion, suggest};

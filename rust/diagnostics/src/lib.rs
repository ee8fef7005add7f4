//! One type of finding for everything that is said about a pillar, and how findings are shown.
//!
//! A [`Diagnostic`] points into [`Sources`] by a span, into the pillar by a path, or both. [`sort`] puts findings into
//! the order of all outputs, [`Baseline`] marks those that are known already, [`render()`] prints them in a [`Format`].
//! No output shows a source line with a secret in it.

mod baseline;
mod diagnostic;
mod fingerprint;
mod format;
mod listing;
mod order;
mod pretty;
pub mod render;
mod secrets;
mod severity;
mod source;
mod summary;

pub use baseline::{Baseline, BaselineError};
pub use diagnostic::{Acknowledged, Diagnostic, Label};
pub use format::{Format, RuleDescription, Settings, UnknownFormat, render};
pub use order::sort;
pub use severity::Severity;
pub use source::{Source, Sources};
pub use summary::Summary;

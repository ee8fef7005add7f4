//! Reads a pillar as Salt puts it together: `top.sls`, includes, merge order, several clusters in one tree.
//!
//! Files without Jinja need no Salt. Files with Jinja are rendered by Salt where it is installed; without it a finding
//! says that they were not read.

mod codes;
mod document;
mod environment;
mod jinja;
mod lines;
mod members;
mod names;
mod read;
mod target;
mod top;

pub use codes::CODES;
pub use jinja::{Rendering, salt_call};
pub use read::{Cluster, Error, Loaded, Options, load, trees};

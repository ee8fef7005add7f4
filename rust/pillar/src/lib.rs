//! Reads a pillar as Salt puts it together: `top.sls`, includes, merge order, several clusters in one tree.
//!
//! Files without Jinja need no Salt. Files with Jinja are rendered by Salt where it is installed; without it a finding
//! says that they were not read.

mod codes;
mod document;
mod environment;
mod error;
mod jinja;
mod lines;
mod members;
mod names;
mod options;
mod read;
mod target;
mod top;

pub use codes::CODES;
pub use error::Error;
pub use jinja::salt_call;
pub use options::{Options, Renderer, Rendering};
pub use read::{Cluster, Loaded, load, trees};

//! What the failure model answered, for people: one self-contained HTML page, an SVG, a Mermaid flowchart.
//!
//! A [`Report`] comes in as data, text goes out. Nothing here knows when a service is lost: every answer stands in the
//! report, and the page's script looks it up.

pub mod data;
mod drawing;
mod embedded;
mod mermaid;
mod names;
mod of;
mod page;
mod svg;
mod view;
mod words;

pub use data::{Error, Report};
pub use mermaid::mermaid;
pub use of::of;
pub use page::html;
pub use svg::svg;

//! One module for each command.

mod explain;
mod faults;
mod fix;
mod gate;
mod lint;
mod plan;
mod render;
mod report;
mod schema;
mod show;
mod tolerance;

pub(crate) use explain::explain;
pub(crate) use faults::faults;
pub(crate) use fix::fix;
pub(crate) use gate::gate;
pub(crate) use lint::lint;
pub(crate) use plan::plan;
pub(crate) use render::render;
pub(crate) use report::report;
pub(crate) use schema::schema;
pub(crate) use show::show;
pub(crate) use tolerance::tolerance;

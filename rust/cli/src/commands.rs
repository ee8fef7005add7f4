//! One module for each command.

mod explain;
mod lint;
mod render;
mod schema;
mod show;

pub(crate) use explain::explain;
pub(crate) use lint::lint;
pub(crate) use render::render;
pub(crate) use schema::schema;
pub(crate) use show::show;

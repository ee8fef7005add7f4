//! The creation of a cluster: single decisions, the record, and every order of asking and dying.

mod before;
mod joining;
mod orders;
mod record;
mod support;

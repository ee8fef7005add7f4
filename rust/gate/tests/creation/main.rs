//! The creation of a cluster: single decisions, the record, and every order of asking and dying.

mod before;
mod external;
mod external_orders;
mod joining;
mod orders;
mod record;
mod support;

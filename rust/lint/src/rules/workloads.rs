//! Family WL: applications.

mod application_misses_target;

use crate::rule::Rule;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[&application_misses_target::RULE];

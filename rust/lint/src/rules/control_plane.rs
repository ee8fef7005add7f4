//! Family CP.

use crate::rule::Rule;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[];

//! Family STO: storage.

mod array_smaller_than_counted_on;

use crate::rule::Rule;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[&array_smaller_than_counted_on::RULE];

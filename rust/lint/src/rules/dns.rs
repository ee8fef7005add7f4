//! Family DNS: name resolution.

mod coredns_lost_with_survivable_loss;

use crate::rule::Rule;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[&coredns_lost_with_survivable_loss::RULE];

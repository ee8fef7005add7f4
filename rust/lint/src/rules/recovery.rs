//! Family DR: backups and recovery.

mod backups_rarer_than_recovery_point;

use crate::rule::Rule;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[&backups_rarer_than_recovery_point::RULE];

//! How long a lock is certainly held: by its holder's own clock, from the moment at which it asked.

use serde::{Deserialize, Serialize};

/// Who has the lock, and for what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holder {
    /// The node on which it is held.
    pub node: String,
    /// What is done meanwhile, in words: `restarting etcd`.
    pub step: String,
    /// Digest of the pillar by which it is done.
    pub digest: String,
    /// Since when, in seconds since the epoch.
    pub since: f64,
}

/// A lease as its holder knows it. Moments are seconds of a clock that runs on while the host sleeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lease {
    /// For so many seconds the server keeps it after each renewal.
    pub seconds: f64,
    /// When the last renewal that was answered had been asked for: the server has counted from then on or later.
    pub asked: f64,
}

/// Renewals that fit into a lease: two of them may be lost.
const RENEWALS: f64 = 3.0;

impl Lease {
    /// Seconds for which it is certainly still held; 0 when it may be somebody else's.
    #[must_use]
    pub fn left(&self, now: f64) -> f64 {
        (self.asked + self.seconds - now).clamp(0.0, self.seconds)
    }

    /// Whether an act of so many seconds ends before the lease can.
    #[must_use]
    pub fn covers(&self, act_seconds: f64, now: f64) -> bool {
        // A clock that went back says nothing.
        now >= self.asked && self.left(now) >= act_seconds
    }

    /// Seconds until the next renewal is due.
    #[must_use]
    pub fn next_renewal(&self, now: f64) -> f64 {
        (self.asked + self.seconds / RENEWALS - now).clamp(0.0, self.seconds / RENEWALS)
    }

    /// The lease after a renewal that was asked for at `asked` and answered; an answer that is older changes nothing.
    #[must_use]
    pub fn renewed(self, asked: f64) -> Self {
        Self { asked: self.asked.max(asked), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Lease = Lease { seconds: 30.0, asked: 100.0 };

    #[test]
    fn it_is_held_from_the_moment_of_asking() {
        assert_eq!(LEASE.left(100.0).to_bits(), 30.0_f64.to_bits());
        assert_eq!(LEASE.left(129.0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(LEASE.left(131.0).to_bits(), 0.0_f64.to_bits());
        assert!(LEASE.covers(10.0, 119.0) && !LEASE.covers(10.0, 121.0) && !LEASE.covers(1.0, 99.0));
    }

    #[test]
    fn it_is_renewed_three_times_before_it_ends() {
        assert_eq!(LEASE.next_renewal(104.0).to_bits(), 6.0_f64.to_bits());
        assert_eq!(LEASE.next_renewal(111.0).to_bits(), 0.0_f64.to_bits());
        let renewed = LEASE.renewed(110.0);
        assert_eq!(renewed.renewed(105.0), renewed, "an answer that was late");
        assert!(renewed.left(139.0) > 0.0);
    }
}

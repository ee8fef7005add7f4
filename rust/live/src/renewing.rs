//! A lock that is renewed while it is held, wherever it is kept.

use crate::{Error, boot_clock};
use gate::{Holder, Lease};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Pause after a renewal that got no answer.
const AGAIN: Duration = Duration::from_millis(200);

/// What somebody who wants a lock gets.
#[derive(Clone, Debug)]
pub enum Acquired<H> {
    /// The lock.
    Held(H),
    /// Somebody else has it.
    By(Holder),
}

/// Where a lock is kept. Each method is one look or one act.
pub trait Keep: Clone + Send + 'static {
    /// The lock, held.
    type Held: Clone + Send + 'static;

    /// Takes the lock for so many seconds, unless somebody has it.
    ///
    /// # Errors
    /// [`Error`] when nobody decides about it.
    fn acquire(&self, holder: &Holder, seconds: u64) -> Result<Acquired<Self::Held>, Error>;

    /// Who has the lock now.
    ///
    /// # Errors
    /// [`Error`] when nobody knows.
    fn holder(&self) -> Result<Option<Holder>, Error>;

    /// Keeps the lock for its whole time from now on.
    ///
    /// # Errors
    /// [`Error::Changed`] when it is not held any more, and what else comes in between.
    fn renew(&self, held: &Self::Held) -> Result<Self::Held, Error>;

    /// Gives the lock back. One that cannot be given back ends with its lease.
    ///
    /// # Errors
    /// [`Error`] when nobody takes it.
    fn release(&self, held: &Self::Held) -> Result<(), Error>;

    /// How long it is certainly held.
    fn lease(held: &Self::Held) -> Lease;

    /// Puts a step on record, if the lock is still held.
    ///
    /// # Errors
    /// [`Error::Changed`] when somebody else may have the lock by now; then nothing is on record.
    fn begin(&self, held: &Self::Held, step: &Holder) -> Result<(), Error>;

    /// Takes a node's step off the record. One that is not there is no error.
    ///
    /// # Errors
    /// [`Error`] when nobody does it.
    fn finish(&self, node: &str) -> Result<(), Error>;

    /// The steps that were begun and have not ended well, by node.
    ///
    /// # Errors
    /// [`Error`] when nobody knows.
    fn steps(&self) -> Result<Vec<Holder>, Error>;
}

/// What the thread that renews shares with its owner.
struct Shared<H> {
    held: Mutex<Option<H>>,
    ended: Condvar,
}

impl<H> Shared<H> {
    fn held(&self) -> MutexGuard<'_, Option<H>> {
        // A panic elsewhere leaves a whole value behind.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lock, and the thread that renews it while it is held. One that is dropped, or whose process dies, frees itself when its lease
/// ends.
pub struct Renewing<K: Keep> {
    keeper: K,
    shared: Arc<Shared<K::Held>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// What it was taken for.
    step: Mutex<Option<Holder>>,
}

impl<K: Keep> Renewing<K> {
    /// One that is not held yet. No thread is started.
    #[must_use]
    pub fn new(keeper: K) -> Self {
        let shared = Shared { held: Mutex::new(None), ended: Condvar::new() };
        Self { keeper, shared: Arc::new(shared), thread: Mutex::new(None), step: Mutex::new(None) }
    }

    /// Where it is kept.
    #[must_use]
    pub fn keeper(&self) -> &K {
        &self.keeper
    }

    /// What is held now.
    #[must_use]
    pub fn held(&self) -> Option<K::Held> {
        self.shared.held().clone()
    }

    /// Takes the lock, or gives who has it. It is renewed until it is released.
    ///
    /// # Errors
    /// As [`Keep::acquire`].
    pub fn acquire(&self, holder: &Holder, seconds: u64) -> Result<Option<Holder>, Error> {
        match self.keeper.acquire(holder, seconds)? {
            Acquired::By(other) => Ok(Some(other)),
            Acquired::Held(held) => {
                *self.step.lock().unwrap_or_else(PoisonError::into_inner) = Some(holder.clone());
                *self.shared.held() = Some(held);
                self.keep_renewing();
                Ok(None)
            }
        }
    }

    /// Renews the lock now, immediately before an act: for so many seconds it is then certainly held.
    ///
    /// # Errors
    /// [`Error::Changed`] when it is not held, and as [`Keep::renew`].
    pub fn confirm(&self) -> Result<f64, Error> {
        let Some(held) = self.held() else {
            return Err(Error::Changed { object: "the lock, which is not held,".to_owned() });
        };
        let renewed = self.keeper.renew(&held)?;
        let left = K::lease(&renewed).left(boot_clock());
        keep_later::<K>(&mut self.shared.held(), renewed);
        Ok(left)
    }

    /// As [`Renewing::confirm`], and puts the step on record: others with its digest wait until it is taken off.
    ///
    /// # Errors
    /// As [`Renewing::confirm`] and [`Keep::begin`].
    pub fn begin(&self) -> Result<f64, Error> {
        let left = self.confirm()?;
        let step = self.step.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let (Some(held), Some(step)) = (self.held(), step) {
            self.keeper.begin(&held, &step)?;
        }
        Ok(left)
    }

    /// For so many seconds it is certainly held, by the last renewal; 0 when it is not.
    #[must_use]
    pub fn seconds_left(&self) -> f64 {
        self.shared.held().as_ref().map_or(0.0, |held| K::lease(held).left(boot_clock()))
    }

    /// Gives it back; one that cannot be given back ends with its lease.
    ///
    /// # Errors
    /// As [`Keep::release`].
    pub fn release(&self) -> Result<(), Error> {
        // It looks at what is held before each renewal, and its last one may still be under way.
        let held = self.shared.held().take();
        self.shared.ended.notify_all();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        _ = thread.map(JoinHandle::join);
        held.map_or(Ok(()), |held| self.keeper.release(&held))
    }

    /// Renews on a thread of its own: whoever holds the lock waits for other programs meanwhile.
    fn keep_renewing(&self) {
        let (keeper, shared) = (self.keeper.clone(), Arc::clone(&self.shared));
        let thread = std::thread::spawn(move || renew_while_held(&keeper, &shared));
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
    }
}

impl<K: Keep> Drop for Renewing<K> {
    fn drop(&mut self) {
        // The thread ends by itself; the lease does, too.
        *self.shared.held() = None;
        self.shared.ended.notify_all();
    }
}

fn renew_while_held<K: Keep>(keeper: &K, shared: &Shared<K::Held>) {
    loop {
        let guard = shared.held();
        let Some(held) = guard.as_ref() else { return };
        let pause = Duration::from_secs_f64(K::lease(held).next_renewal(boot_clock()));
        let waited = shared.ended.wait_timeout(guard, pause);
        let (guard, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let Some(held) = guard.clone() else { return };
        drop(guard);
        if K::lease(&held).next_renewal(boot_clock()) > 0.0 {
            continue;
        }
        let renewed = keeper.renew(&held);
        let mut guard = shared.held();
        match renewed {
            Ok(renewed) => keep_later::<K>(&mut guard, renewed),
            Err(Error::Changed { .. }) => {
                // It is somebody else's by now; what is left of it is none.
                *guard = None;
                return;
            }
            Err(_) => {
                let waited = shared.ended.wait_timeout(guard, AGAIN);
                drop(waited.unwrap_or_else(PoisonError::into_inner));
            }
        }
    }
}

/// Two renewals at a time may end in either order: the one that was asked for later counts. What was released stays so.
fn keep_later<K: Keep>(held: &mut Option<K::Held>, renewed: K::Held) {
    if held.as_ref().is_some_and(|held| K::lease(held).asked <= K::lease(&renewed).asked) {
        *held = Some(renewed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lock that is always given, and kept nowhere.
    #[derive(Clone)]
    struct Given;

    impl Keep for Given {
        type Held = Lease;

        fn acquire(&self, _: &Holder, _: u64) -> Result<Acquired<Lease>, Error> {
            Ok(Acquired::Held(Lease { seconds: 30.0, asked: boot_clock() }))
        }

        fn holder(&self) -> Result<Option<Holder>, Error> {
            Ok(None)
        }

        fn renew(&self, held: &Lease) -> Result<Lease, Error> {
            Ok(held.renewed(boot_clock()))
        }

        fn release(&self, _: &Lease) -> Result<(), Error> {
            Ok(())
        }

        fn lease(held: &Lease) -> Lease {
            *held
        }

        fn begin(&self, _: &Self::Held, _: &Holder) -> Result<(), Error> {
            Ok(())
        }

        fn finish(&self, _: &str) -> Result<(), Error> {
            Ok(())
        }

        fn steps(&self) -> Result<Vec<Holder>, Error> {
            Ok(Vec::new())
        }
    }

    #[test]
    fn the_later_one_of_two_renewals_counts_and_what_was_released_stays_so() {
        let at = |asked: f64| Lease { seconds: 30.0, asked };
        let mut held = Some(at(100.0));
        keep_later::<Given>(&mut held, at(110.0));
        keep_later::<Given>(&mut held, at(105.0));
        assert_eq!(held, Some(at(110.0)));
        let mut released = None;
        keep_later::<Given>(&mut released, at(120.0));
        assert_eq!(released, None);
    }

    #[test]
    fn one_is_held_until_it_is_released() {
        let lock = Renewing::new(Given);
        let holder = Holder { node: "w1".to_owned(), step: String::new(), digest: String::new(), since: 0.0 };
        assert!(lock.confirm().is_err() && lock.seconds_left() == 0.0);
        assert_eq!(lock.acquire(&holder, 30).unwrap(), None);
        assert!(lock.confirm().unwrap() > 29.0 && lock.held().is_some());
        lock.release().unwrap();
        assert!(lock.held().is_none() && lock.seconds_left() == 0.0 && lock.confirm().is_err());
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! Rate limiters, one for each sender, in memory alone: after an eviction every sender starts with a full burst.

use std::{cell::RefCell, collections::BTreeMap, num::NonZeroU32};

use infocig_domain::{policy::Messages, rate_limiter::RateLimiter};
use infocig_protocol::{
    limits::{SIGNALS_AT_ONCE, SIGNALS_PER_MINUTE},
    time::Timestamp,
};

/// The limiters of all senders.
pub(super) struct RateLimits<K> {
    limits: Messages,
    by_sender: RefCell<BTreeMap<K, RateLimiter>>,
}

impl<K: Ord + Clone> RateLimits<K> {
    /// The policy's limits on messages.
    pub(super) fn of_messages(limits: Messages) -> Self {
        Self { limits, by_sender: RefCell::default() }
    }

    /// Limits on frames of any kind: [`FRAMES_PER_MESSAGE`] for every message somebody may post.
    pub(super) fn of_frames(messages: Messages) -> Self {
        let many = |number: NonZeroU32| number.saturating_mul(FRAMES_PER_MESSAGE);
        let (burst, per_minute) = (many(messages.burst), many(messages.per_minute));
        Self::of_messages(Messages { burst, per_minute, ..messages })
    }

    /// The protocol's limits on signals of a call: they come many at once while two devices look for each other.
    pub(super) fn of_signals(messages: Messages) -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let (burst, per_minute) = (number(SIGNALS_AT_ONCE), number(SIGNALS_PER_MINUTE));
        Self::of_messages(Messages { burst, per_minute, ..messages })
    }

    /// Counts one more of `sender`. `false` if they are faster than the limits allow.
    pub(super) fn admits(&self, sender: &K, now: Timestamp) -> bool {
        self.with(sender, |limiter| limiter.check(now).is_ok())
    }

    /// Lends the limiter of `sender` to a rule.
    pub(super) fn with<T>(&self, sender: &K, work: impl FnOnce(&mut RateLimiter) -> T) -> T {
        let mut limiters = self.by_sender.borrow_mut();
        match limiters.get_mut(sender) {
            Some(limiter) => work(limiter),
            None => work(limiters.entry(sender.clone()).or_insert_with(|| RateLimiter::new(self.limits))),
        }
    }
}

/// Far more than even a program that means well sends: reads, typing and pages beside each message.
const FRAMES_PER_MESSAGE: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

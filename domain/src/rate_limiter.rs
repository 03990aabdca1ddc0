// SPDX-License-Identifier: EUPL-1.2
//! How fast an author may write: a rate limiter by the generic cell rate algorithm (GCRA, ITU-T I.371).
//!
//! One number, the theoretical arrival time, says when the next message would come if messages came evenly; it may run ahead
//! of the clock by a burst. It is kept in memory only: after a restart an author may send one burst more, so nothing is stored
//! for each message.

use infocig_protocol::time::Timestamp;

use crate::policy::Messages;

/// The rate limiter of one author in one conversation.
#[derive(Clone, Debug)]
pub struct RateLimiter {
    /// The limits it enforces.
    pub limits: Messages,
    /// The theoretical arrival time, in microseconds since the epoch.
    arrival: i64,
}

impl RateLimiter {
    /// The limiter of an author who has not written yet.
    pub fn new(limits: Messages) -> Self {
        Self { limits, arrival: i64::MIN }
    }

    /// Counts one message at `now`; or refuses it, with the milliseconds after which it is accepted.
    pub fn check(&mut self, now: Timestamp) -> Result<(), i64> {
        let now = now.as_millis().saturating_mul(1000);
        let apart = 60_000_000 / i64::from(self.limits.per_minute.get());
        let ahead = apart * (i64::from(self.limits.burst.get()) - 1);
        // Further ahead than a burst reaches only a clock that was set back: the author begins anew, instead of being locked out.
        let arrival =
            if self.arrival > now.saturating_add(ahead + apart) { now } else { self.arrival.max(now) };
        let early = arrival - ahead - now;
        if early > 0 {
            return Err(early.div_euclid(1000) + 1);
        }
        self.arrival = arrival + apart;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_one_at_a_time() {
        let mut rate_limiter = rate_limiter();
        for _ in 0..3 {
            assert_eq!(rate_limiter.check(at(0)), Ok(()));
        }
        let wait = rate_limiter.check(at(0)).unwrap_err();
        assert!((1_000..=1_001).contains(&wait), "{wait}");
        assert_eq!(rate_limiter.check(at(wait)), Ok(()));
        assert!(rate_limiter.check(at(wait)).is_err());
    }

    #[test]
    fn a_pause_gives_back_the_burst_and_no_more() {
        let mut rate_limiter = rate_limiter();
        for _ in 0..3 {
            rate_limiter.check(at(0)).unwrap();
        }
        let let_through = (0..10).filter(|_| rate_limiter.check(at(3_600_000)).is_ok()).count();
        assert_eq!(let_through, 3);
    }

    #[test]
    fn a_clock_set_back_silences_nobody() {
        let mut rate_limiter = rate_limiter();
        rate_limiter.check(at(3_600_000)).unwrap();
        let let_through = (0..10).filter(|_| rate_limiter.check(at(0)).is_ok()).count();
        assert_eq!(let_through, 3);
    }

    fn rate_limiter() -> RateLimiter {
        let number = |n| std::num::NonZeroU32::new(n).unwrap();
        RateLimiter::new(Messages { burst: number(3), per_minute: number(60), per_conversation: number(100) })
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}

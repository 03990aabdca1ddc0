// SPDX-License-Identifier: EUPL-1.2
//! How fast somebody may write: people never meet the limit, programs do.
//!
//! The generic cell rate algorithm (ITU-T I.371): one number says when the next message would come if they came evenly;
//! it may run ahead of the clock by a burst. Forgetting it, as a wiped memory does, is being generous once.

use infocig_protocol::time::Timestamp;

use crate::policy::Messages;

/// One author's pace in one conversation.
#[derive(Clone, Debug)]
pub struct Pace {
    /// The limits it keeps.
    pub limits: Messages,
    /// Microseconds since the epoch.
    even: i64,
}

impl Pace {
    /// The pace of somebody who has not written.
    pub fn new(limits: Messages) -> Self {
        Self { limits, even: i64::MIN }
    }

    /// One more message at `now`; or not yet, and after how many milliseconds.
    pub fn step(&mut self, now: Timestamp) -> Result<(), i64> {
        let now = now.as_millis().saturating_mul(1000);
        let apart = 60_000_000 / i64::from(self.limits.per_minute.get());
        let ahead = apart * (i64::from(self.limits.burst.get()) - 1);
        // A clock set back must not silence anybody for longer than a burst.
        let even = self.even.clamp(now, now.saturating_add(ahead + apart));
        let early = even - ahead - now;
        if early > 0 {
            return Err(early.div_euclid(1000) + 1);
        }
        self.even = even + apart;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_one_at_a_time() {
        let mut pace = pace();
        for _ in 0..3 {
            assert_eq!(pace.step(at(0)), Ok(()));
        }
        let wait = pace.step(at(0)).unwrap_err();
        assert!((1_000..=1_001).contains(&wait), "{wait}");
        assert_eq!(pace.step(at(wait)), Ok(()));
        assert!(pace.step(at(wait)).is_err());
    }

    #[test]
    fn whoever_rests_gets_the_burst_back_and_no_more() {
        let mut pace = pace();
        for _ in 0..3 {
            pace.step(at(0)).unwrap();
        }
        let let_through = (0..10).filter(|_| pace.step(at(3_600_000)).is_ok()).count();
        assert_eq!(let_through, 3);
    }

    #[test]
    fn a_clock_set_back_silences_nobody_for_long() {
        let mut pace = pace();
        pace.step(at(3_600_000)).unwrap();
        let wait = pace.step(at(0)).err().unwrap_or_default();
        assert!(wait <= 1_001, "{wait}");
    }

    fn pace() -> Pace {
        let number = |n| std::num::NonZeroU32::new(n).unwrap();
        Pace::new(Messages { burst: number(3), per_minute: number(60), per_conversation: number(100) })
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}

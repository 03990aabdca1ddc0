// SPDX-License-Identifier: EUPL-1.2
//! Deadlines in one table: each timer of a state machine with the instant at which it expires, where it is armed.

use infocig_protocol::time::Timestamp;

/// The timers of a state machine, each once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimerTable<T, const N: usize> {
    deadlines: [(T, Option<Timestamp>); N],
}

impl<T: Copy + PartialEq, const N: usize> TimerTable<T, N> {
    /// A table of deadlines; `None` for a timer that is not armed.
    pub(crate) fn new(deadlines: [(T, Option<Timestamp>); N]) -> Self {
        Self { deadlines }
    }

    /// Whether a timer is armed and its deadline has come.
    pub(crate) fn is_expired(&self, timer: T, now: Timestamp) -> bool {
        self.deadlines.iter().any(|(one, deadline)| *one == timer && deadline.is_some_and(|at| at <= now))
    }

    /// Returns the earliest deadline, if any timer is armed.
    pub(crate) fn next_timeout(&self) -> Option<Timestamp> {
        self.deadlines.iter().filter_map(|(_, deadline)| *deadline).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, PartialEq)]
    enum Timer {
        First,
        Second,
        Third,
    }

    #[test]
    fn the_next_timeout_is_the_earliest_of_those_armed_and_a_timer_expires_at_its_deadline() {
        let at = Timestamp::from_millis;
        let table = TimerTable::new([
            (Timer::First, Some(at(20))),
            (Timer::Second, None),
            (Timer::Third, Some(at(10))),
        ]);

        assert_eq!(table.next_timeout(), Some(at(10)));
        assert!(!table.is_expired(Timer::Third, at(9)) && table.is_expired(Timer::Third, at(10)));
        assert!(!table.is_expired(Timer::First, at(10)) && !table.is_expired(Timer::Second, at(99)));
    }
}

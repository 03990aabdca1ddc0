// SPDX-License-Identifier: EUPL-1.2
//! The timers of a conversation, in one table that is derived from its state: nothing is armed or stopped, so that a timer
//! cannot disagree with the state it belongs to.

use std::num::NonZeroU16;

use infocig_protocol::{entry::Party, time::Timestamp};

use super::{Conversation, Phase};
use crate::{policy::DeskRules, timers::TimerTable};

/// How long the service waits for a person, by the policy. It is the policy's, and not stored with a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InactivityTimeouts {
    /// A waiting person who is connected nowhere for so long loses their place, in milliseconds.
    pub absent_ms: i64,
    /// A person who owes an answer is warned after so long, in milliseconds.
    pub warn_ms: i64,
    /// A conversation whose person was warned ends after so long, in milliseconds.
    pub close_ms: i64,
}

impl InactivityTimeouts {
    /// The policy's.
    pub fn of(rules: &DeskRules) -> Self {
        let minutes = |minutes: NonZeroU16| i64::from(minutes.get()) * 60_000;
        Self {
            absent_ms: minutes(rules.absent_minutes),
            warn_ms: minutes(rules.inactivity.warn_minutes),
            close_ms: minutes(rules.inactivity.close_minutes),
        }
    }
}

/// Everything that happens to a conversation because time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// Closing time is announced to both sides.
    ClosingWarning,
    /// Closing time ends the conversation.
    Closing,
    /// A waiting person who is connected nowhere loses their place.
    Absence,
    /// A person who owes an advisor an answer is warned.
    InactivityWarning,
    /// A person who was warned and did not answer is let go.
    AutoClose,
    /// A call ends by itself.
    Call,
}

impl Conversation {
    /// When to [`wake`](Self::wake) it next; `None` once it is closed.
    pub fn next_wake(&self) -> Option<Timestamp> {
        self.timers().next_timeout()
    }

    /// The deadline of every timer, where it is armed.
    pub(super) fn timers(&self) -> TimerTable<Timer, 6> {
        TimerTable::new([
            (Timer::ClosingWarning, self.closing_warning_timeout()),
            (Timer::Closing, self.closing_timeout()),
            (Timer::Absence, self.absence_timeout()),
            (Timer::InactivityWarning, self.inactivity_warning_timeout()),
            (Timer::AutoClose, self.auto_close_timeout()),
            (Timer::Call, self.call_timeout()),
        ])
    }

    /// Returns the deadline for announcing closing time, if armed: once for each conversation that is not closed.
    fn closing_warning_timeout(&self) -> Option<Timestamp> {
        self.closing.warn.filter(|_| !self.is_closed())
    }

    /// Returns the deadline for ending the conversation at closing time, if armed: later while an advisor answers.
    fn closing_timeout(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Waiting { .. } => Some(self.closing.closes),
            Phase::Active { .. } => Some(self.closing.ends),
            Phase::Closed { .. } => None,
        }
    }

    /// Returns the deadline for the place of an absent person, if armed: while the conversation waits.
    fn absence_timeout(&self) -> Option<Timestamp> {
        let Phase::Waiting { disconnected_since, .. } = &self.phase else { return None };
        disconnected_since.map(|since| since.plus_millis(self.timeouts.absent_ms))
    }

    /// Returns the deadline for warning the person, if armed: while the newest message is an advisor's, no warning stands, the
    /// conversation is not on hold and the two do not talk. The time counts from that message, from the last change of advisor, from the person's last
    /// request for more time, or from the end of the last hold or call.
    fn inactivity_warning_timeout(&self) -> Option<Timestamp> {
        let Phase::Active { since, stayed, auto_close_at: None, on_hold: None, .. } = &self.phase else {
            return None;
        };
        if self.is_in_call() {
            return None;
        }
        let (Party::Advisor, written) = self.last_message? else { return None };
        let from = written.max(*since).max(stayed.unwrap_or(written));
        Some(from.plus_millis(self.timeouts.warn_ms))
    }

    /// Returns the deadline for ending a conversation whose person was warned, if armed.
    fn auto_close_timeout(&self) -> Option<Timestamp> {
        let Phase::Active { auto_close_at, .. } = &self.phase else { return None };
        *auto_close_at
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! The calls of a conversation, counted: how many were talked in and for how long, and why the others came to nothing.

use std::collections::BTreeMap;

use infocig_protocol::call::{CallEnd, CallStep};
use serde::{Deserialize, Serialize};

/// The calls of a conversation. Members that are zero or empty are not written: nearly no conversation has a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// In so many the two heard each other.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub talked: u32,
    /// For so many seconds, all together.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seconds: u64,
    /// So many offers were declined.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub declined: u32,
    /// Calls in which the two never heard each other, by the reason of their end.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failed: BTreeMap<CallEnd, u32>,
    /// Calls that broke while the two talked.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub broken: u32,
}

impl Calls {
    /// Whether there was none.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Counts a step of a call.
    pub fn apply(&mut self, step: &CallStep) {
        match step {
            CallStep::Declined {} => self.declined += 1,
            CallStep::Ended { seconds: 0, why, .. } => *self.failed.entry(*why).or_default() += 1,
            CallStep::Ended { seconds, why, .. } => {
                self.talked += 1;
                self.seconds += seconds;
                self.broken += u32::from(*why == CallEnd::NoConnection);
            }
            CallStep::Offered { .. } | CallStep::Accepted {} | CallStep::Began {} => {}
        }
    }
}

fn is_zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

#[cfg(test)]
mod tests {
    use infocig_protocol::entry::Party;

    use super::*;
    use crate::figures::tally::Tally;

    #[test]
    fn calls_are_counted_by_how_they_ended() {
        let ended = |seconds, why| CallStep::Ended { by: Party::Citizen, why, seconds };
        let mut calls = Calls::default();
        assert!(calls.is_none());
        for step in [
            CallStep::Declined {},
            ended(0, CallEnd::Unanswered),
            CallStep::Accepted {},
            ended(0, CallEnd::NoMicrophone),
            CallStep::Began {},
            ended(90, CallEnd::HungUp),
            ended(30, CallEnd::NoConnection),
        ] {
            calls.apply(&step);
        }
        let failed = BTreeMap::from([(CallEnd::Unanswered, 1), (CallEnd::NoMicrophone, 1)]);
        assert_eq!(calls, Calls { talked: 2, seconds: 120, declined: 1, failed, broken: 1 });
        for why in [CallEnd::Withdrawn, CallEnd::HungUp] {
            calls.apply(&ended(0, why));
        }

        let mut tally = Tally::default();
        tally.count_calls(&calls);
        let figures = tally.figures();
        assert_eq!((figures.calls, figures.call_minutes, figures.calls_broken), (2, 2, 1));
        assert_eq!((figures.calls_declined, figures.calls_unanswered), (1, 2));
        assert_eq!((figures.calls_without_microphone, figures.calls_failed), (1, 1));
    }
}

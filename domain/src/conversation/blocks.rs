// SPDX-License-Identifier: EUPL-1.2
//! A warning after abuse, and the end that a block brings. The object of the person refuses entry while the block lasts.

use infocig_protocol::{
    entry::{EntryBody, Outcome, Party},
    time::Timestamp,
};

use super::{Conversation, Transition};

impl Conversation {
    /// The person is warned.
    pub(super) fn warn(&mut self, now: Timestamp) -> Transition {
        let mut transition = Transition::default();
        if !self.is_closed() {
            self.append(EntryBody::Warned {}, now, &mut transition);
        }
        transition
    }

    /// A supervisor ends it: the person cannot enter before `until`.
    pub(super) fn block(&mut self, until: Timestamp, now: Timestamp) -> Transition {
        if self.is_closed() {
            return Transition::default();
        }
        let mut transition = Transition::default();
        self.append(EntryBody::Blocked { until }, now, &mut transition);
        let end = self.end(Party::Advisor, Some(Outcome::Blocked), now);
        transition.appended.extend(end.appended);
        Transition { appended: transition.appended, ..end }
    }
}

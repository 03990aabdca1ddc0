// SPDX-License-Identifier: EUPL-1.2
//! Hold, as the conversation knows it: the person is told for how long, and nothing comes of their silence until it ends.

use infocig_protocol::{entry::EntryBody, time::Timestamp};

use super::{Conversation, Phase, Transition};

impl Conversation {
    /// The advisor finds something out. A warning that stands is void: the person owes no answer now.
    pub(super) fn hold(&mut self, hold: u32, minutes: u16, now: Timestamp) -> Transition {
        let Phase::Active { on_hold, auto_close_at, .. } = &mut self.phase else {
            return Transition::default();
        };
        (*on_hold, *auto_close_at) = (Some(hold), None);
        self.changed(EntryBody::OnHold { minutes }, now)
    }

    /// The advisor is back. A hold that their message has ended, or a newer one, is not theirs to end any more.
    pub(super) fn resume(&mut self, hold: u32, now: Timestamp) -> Transition {
        let Phase::Active { on_hold, stayed, .. } = &mut self.phase else { return Transition::default() };
        if *on_hold != Some(hold) {
            return Transition::default();
        }
        (*on_hold, *stayed) = (None, Some(now));
        self.changed(EntryBody::Resumed {}, now)
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! Hold: an advisor finds something out, says why to advisors and supervisors, and is reminded.
//!
//! - A conversation on hold stays in its advisor's hands and keeps its place in their capacity: its person waits for that
//!   advisor, and comes back to them at any moment.
//! - The reminder ends nothing. From then on the person waits longer than they were told, and the panel counts that wait.
//! - A hold ends when its advisor resumes or writes, and with the assignment: the conversation passes on, waits again or ends.

use infocig_protocol::{
    blank::is_blank,
    desk::{Hold, HoldDraft},
    id::{AdvisorId, ConversationId},
    limits::MAX_REASON_CHARS,
    problem::Code,
    time::Timestamp,
};

use super::{Desk, DeskTransition, queue::Stage};
use crate::{figures::EventKind, notification::ConversationCommand};

impl Desk {
    /// An advisor puts a conversation on hold. On one that is on hold a new hold begins, which the person reads.
    pub fn hold(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        draft: HoldDraft,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            desk.holds(id, advisor)?;
            let HoldDraft { reason, text, minutes } = draft;
            if !desk.rules.hold_minutes.iter().any(|listed| listed.get() == minutes) {
                return Err((Code::HoldInvalid, "the policy has no hold of so many minutes"));
            }
            let text = text.filter(|text| !is_blank(text));
            if text.as_ref().is_some_and(|text| text.chars().count() > MAX_REASON_CHARS) {
                return Err((Code::HoldInvalid, "the reason of a hold has at most 200 characters"));
            }
            desk.resumed(id, now);
            desk.happened(id, EventKind::OnHold {}, now);
            let until = now.plus_millis(i64::from(minutes) * 60_000);
            desk.set_hold(id, Some(Hold { since: now, until, reason, text, due: false }));
            if let Some(hold) = desk.hold_number(id) {
                desk.command(id, ConversationCommand::Hold { hold, minutes });
            }
            Ok(())
        })
    }

    /// An advisor takes a conversation off hold. Without a hold nothing changes.
    pub fn resume(&mut self, id: &ConversationId, advisor: &AdvisorId, now: Timestamp) -> DeskTransition {
        self.act(Some(id), now, |desk| {
            desk.holds(id, advisor)?;
            if let Some(hold) = desk.hold_number(id) {
                desk.resumed(id, now);
                desk.command(id, ConversationCommand::Resume { hold });
            }
            Ok(())
        })
    }

    /// The number of the hold that a conversation is on, among its holds.
    pub(super) fn hold_number(&self, id: &ConversationId) -> Option<u32> {
        let conversation = self.conversations.get(id)?;
        conversation.held()?.on_hold.as_ref().map(|_| conversation.record.holds)
    }

    /// Ends the hold of a conversation, where there is one.
    pub(super) fn resumed(&mut self, id: &ConversationId, at: Timestamp) {
        if self.hold_number(id).is_some() {
            self.happened(id, EventKind::Resumed {}, at);
            self.set_hold(id, None);
        }
    }

    fn set_hold(&mut self, id: &ConversationId, hold: Option<Hold>) {
        self.edit(id, |conversation| {
            if let Stage::Held(held) = &mut conversation.stage {
                held.on_hold = hold;
            }
        });
    }
}

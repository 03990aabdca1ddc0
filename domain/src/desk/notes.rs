// SPDX-License-Identifier: EUPL-1.2
//! Internal notes: written by an advisor a conversation is open to, read by every such advisor, never by the person.

use infocig_protocol::{
    blank::is_blank,
    desk::{DeskServerFrame, Note, NoteDraft},
    id::{AdvisorId, ConversationId},
    limits::MAX_NOTE_CHARS,
    problem::Code,
    time::Timestamp,
};

use super::{Desk, DeskTransition, NOT_YOURS};
use crate::{people::Advisor, refusal::Reason};

impl Desk {
    /// An advisor who holds, helps, wraps up or is offered a conversation writes an internal note.
    pub fn note(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        note: NoteDraft,
        now: Timestamp,
    ) -> DeskTransition {
        self.act(Some(id), now, |desk| desk.noted(id, advisor, note, now))
    }

    pub(super) fn noted(
        &mut self,
        id: &ConversationId,
        advisor: &AdvisorId,
        note: NoteDraft,
        now: Timestamp,
    ) -> Result<(), Reason> {
        let author = self.present(advisor)?.advisor.clone();
        if !self.may_read_notes(id, advisor) {
            return Err(NOT_YOURS);
        }
        self.write_note(id, &author, note, false, now)
    }

    pub(super) fn write_note(
        &mut self,
        id: &ConversationId,
        author: &Advisor,
        note: NoteDraft,
        whisper: bool,
        now: Timestamp,
    ) -> Result<(), Reason> {
        let conversation = self.conversations.get(id).ok_or(NOT_YOURS)?;
        if is_blank(&note.text) {
            return Err((Code::MessageEmpty, "a note needs at least one visible character"));
        }
        if note.text.chars().count() > MAX_NOTE_CHARS {
            return Err((Code::MessageTooLong, "a note has at most 2000 characters"));
        }
        let note = Note { id: note.id, advisor: author.name.clone(), at: now, text: note.text, whisper };
        let frame = DeskServerFrame::Notes { conversation: id.clone(), notes: vec![note.clone()] };
        let readers = self.advisors.keys().filter(|id| conversation.is_open_to(id) || **id == author.id);
        self.pending.transition.to_advisors.extend(readers.map(|id| (id.clone(), frame.clone())));
        self.pending.transition.new_note = Some((id.clone(), note));
        Ok(())
    }

    /// Whether an advisor may see the notes of a conversation: one who holds, helps, wraps up or observes it, or is offered it.
    pub fn may_read_notes(&self, id: &ConversationId, advisor: &AdvisorId) -> bool {
        self.conversations.get(id).is_some_and(|conversation| conversation.is_open_to(advisor))
    }
}

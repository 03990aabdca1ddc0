// SPDX-License-Identifier: EUPL-1.2
//! The internal notes of a conversation. A note is outgoing until the desk shows it.

use infocig_protocol::{
    desk::{Note, NoteDraft},
    id::ConversationId,
    limits::MAX_NOTE_CHARS,
};
use leptos::prelude::*;

use super::{Announcement, DeskState, alerts::News};

/// Notes of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The desk's notes, in the order they were written.
    pub stored: Vec<Note>,
    /// The advisor's notes that the desk has not shown yet.
    pub outgoing: Vec<NoteDraft>,
}

impl Notes {
    /// Applies notes of the desk. `true` if a colleague's is among the new ones.
    pub fn apply(&mut self, notes: Vec<Note>, advisor: &str) -> bool {
        self.outgoing.retain(|draft| !notes.iter().any(|note| note.id == draft.id));
        let mut news = false;
        for note in notes {
            if !self.stored.iter().any(|known| known.id == note.id) {
                news |= note.advisor != advisor;
                self.stored.push(note);
            }
        }
        news
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.stored.len() + self.outgoing.len()
    }
}

/// The text of a note, if it can be sent: not empty, not too long.
pub fn sendable(draft: &str) -> Option<String> {
    let text = draft.trim();
    (!text.is_empty() && text.chars().count() <= MAX_NOTE_CHARS).then(|| text.to_string())
}

impl DeskState {
    pub(super) fn apply_notes(&self, id: &ConversationId, notes: Vec<Note>) -> Option<News> {
        let advisor = self.session.advisor.get_untracked();
        if self.queue.is_offered(id) {
            self.queue.offer_notes.update(|all| {
                all.entry(id.clone()).or_default().apply(notes.clone(), &advisor);
            });
        }
        let conversation = self.conversation(id)?;
        let news = conversation.notes.try_update(|all| all.apply(notes, &advisor)) == Some(true);
        if !news {
            return None;
        }
        conversation.notes_open.set(true);
        self.screen.announcement.set(Some(Announcement::NoteReceived { name: conversation.person.name }));
        Some(News::NoteReceived)
    }

    /// The note in the form is sent: it is outgoing, and the form is empty.
    pub fn note_sent(&self, id: &ConversationId, note: NoteDraft) {
        if let Some(conversation) = self.conversation(id) {
            conversation.note_draft.set(String::new());
            conversation.notes.update(|notes| notes.outgoing.push(note));
        }
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::id::MessageId;

    use super::*;
    use crate::state::samples::at;

    #[test]
    fn a_note_is_on_its_way_until_the_desk_shows_it_and_is_shown_once() {
        let mut notes = Notes::default();
        notes.outgoing.push(NoteDraft { id: name("a"), text: "ciao".into() });
        assert!(!notes.apply(vec![note("a", "Giulia")], "Giulia"));
        assert!(!notes.apply(vec![note("a", "Giulia")], "Giulia"));
        assert_eq!((notes.stored.len(), notes.outgoing.len()), (1, 0));
    }

    #[test]
    fn what_a_colleague_left_is_news_once() {
        let mut notes = Notes::default();
        assert!(notes.apply(vec![note("a", "Marco")], "Giulia"));
        assert!(!notes.apply(vec![note("a", "Marco")], "Giulia"));
    }

    #[test]
    fn an_empty_note_and_one_that_is_too_long_stay_where_they_are() {
        assert_eq!(sendable(" \n"), None);
        assert_eq!(sendable(&"è".repeat(MAX_NOTE_CHARS + 1)), None);
        assert_eq!(sendable(" ciao "), Some("ciao".into()));
    }

    fn note(id: &str, advisor: &str) -> Note {
        Note { id: name(id), advisor: advisor.into(), at: at(0), text: "ciao".into(), whisper: false }
    }

    fn name(id: &str) -> MessageId {
        MessageId::parse(id).unwrap()
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! The internal notes of a conversation. A note is on its way until the desk shows it.

use infocig_protocol::{
    desk::{Note, NoteDraft},
    limits::MAX_NOTE_CHARS,
};

/// Notes of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// What the desk has, in the order it was written.
    pub stored: Vec<Note>,
    /// What the desk has not shown yet.
    pub outgoing: Vec<NoteDraft>,
}

impl Notes {
    /// The desk shows notes. `true` if a colleague's is new here.
    pub fn arrived(&mut self, notes: Vec<Note>, advisor: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use infocig_protocol::id::MessageId;

    use super::*;
    use crate::state::samples::at;

    #[test]
    fn a_note_is_on_its_way_until_the_desk_shows_it_and_is_shown_once() {
        let mut notes = Notes::default();
        notes.outgoing.push(NoteDraft { id: name("a"), text: "ciao".into() });
        assert!(!notes.arrived(vec![note("a", "Giulia")], "Giulia"));
        assert!(!notes.arrived(vec![note("a", "Giulia")], "Giulia"));
        assert_eq!((notes.stored.len(), notes.outgoing.len()), (1, 0));
    }

    #[test]
    fn what_a_colleague_left_is_news_once() {
        let mut notes = Notes::default();
        assert!(notes.arrived(vec![note("a", "Marco")], "Giulia"));
        assert!(!notes.arrived(vec![note("a", "Marco")], "Giulia"));
    }

    #[test]
    fn an_empty_note_and_one_that_is_too_long_stay_where_they_are() {
        assert_eq!(sendable(" \n"), None);
        assert_eq!(sendable(&"è".repeat(MAX_NOTE_CHARS + 1)), None);
        assert_eq!(sendable(" ciao "), Some("ciao".into()));
    }

    fn note(id: &str, advisor: &str) -> Note {
        Note { id: name(id), advisor: advisor.into(), at: at(0), text: "ciao".into() }
    }

    fn name(id: &str) -> MessageId {
        MessageId::parse(id).unwrap()
    }
}

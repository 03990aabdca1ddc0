// SPDX-License-Identifier: EUPL-1.2
//! The panels beside a conversation: replies, notes, history.

use infocig_client::{format::grouped, words::Words};
use infocig_protocol::limits::MAX_NOTE_CHARS;

/// The number of replies found.
pub fn replies_found(words: &Words, found: usize) -> String {
    if found == 0 { words.text("replies.none") } else { words.count("replies.found", found as u64) }
}

/// The error of a note that is too long.
pub fn note_too_long(words: &Words, characters: usize) -> Option<String> {
    let over = characters.checked_sub(MAX_NOTE_CHARS).filter(|over| *over > 0)?;
    Some(words.fill("notes.too_long", &[("over", &grouped(words.language(), over))]))
}

/// The label of a button with the number of things it opens.
pub fn with_count(words: &Words, key: &str, count: usize) -> String {
    let what = words.text(key);
    if count == 0 { what } else { format!("{what} ({count})") }
}

/// The advisor of an earlier conversation.
pub fn history_advisor(words: &Words, advisor: Option<&str>) -> String {
    match advisor {
        Some(name) => words.fill("history.answered", &[("name", name)]),
        None => words.text("history.nobody"),
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::entry::Outcome;

    use super::*;
    use crate::text::{outcome, tests::italian};

    #[test]
    fn an_earlier_conversation_has_a_summary() {
        let outcomes = [Outcome::Online, Outcome::LineaInps, Outcome::SelfServed, Outcome::Abandoned];
        let words = italian();
        let said = outcomes.map(|came| words.text(outcome(came)));
        assert_eq!(
            said,
            ["Chiusa online", "Inviata a Linea INPS", "Risposta trovata nella pratica", "Abbandonata"]
        );
        assert_eq!(history_advisor(&words, Some("Giulia")), "Ha risposto Giulia");
        let buttons = [0, 2].map(|count| with_count(&words, "history.button", count));
        assert_eq!(buttons, ["Precedenti", "Precedenti (2)"]);
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! What a page keeps for its next life: which conversation was open, what was not sent, what was being written.
//!
//! It lives in the tab's session storage, one record per tab. A record is used only in the conversation it was written in, or
//! as a draft in a later one of the same person: whoever signs in after somebody else on the same device finds nothing.

use infocig_client::session::Pending;
use infocig_protocol::id::ConversationId;
use serde::{Deserialize, Serialize};

/// The record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The conversation that was open.
    pub conversation: ConversationId,
    /// Messages the server has not acknowledged, oldest first.
    pub unsent: Vec<Pending>,
    /// What was in the field.
    pub draft: String,
    /// Whether the panel was on screen.
    pub shown: bool,
}

/// What goes on into a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Messages to send again, under their ids.
    pub unsent: Vec<Pending>,
    /// What belongs in the field.
    pub draft: String,
}

impl Kept {
    /// Reads a record. `None` for one that is none.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The record as text.
    pub fn write(&self) -> String {
        // Plain data: writing it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What of it goes on into a conversation: everything into the one it was written in, the words alone into a later one
    /// of the same person, nothing into anybody else's.
    pub fn carry_into(self, conversation: &ConversationId) -> Carried {
        if self.conversation == *conversation {
            return Carried { unsent: self.unsent, draft: self.draft };
        }
        if self.conversation.object() != conversation.object() {
            return Carried::default();
        }
        let unsent = self.unsent.into_iter().map(|pending| pending.text);
        let draft = unsent.fold(String::new(), |draft, text| joined(&draft, &text));
        Carried { unsent: Vec::new(), draft: joined(&draft, &self.draft) }
    }
}

/// Two texts one after the other, each on lines of its own.
pub fn joined(first: &str, second: &str) -> String {
    if first.is_empty() || second.is_empty() {
        [first, second].concat()
    } else {
        [first, "\n", second].concat()
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::id::MessageId;

    use super::*;

    #[test]
    fn the_same_conversation_goes_on_with_everything() {
        let kept = kept();
        let again = Kept::read(&kept.write()).unwrap();
        assert_eq!(again, kept);

        let carried = again.carry_into(&conversation("0a", 1));
        assert_eq!(carried, Carried { unsent: kept.unsent, draft: kept.draft });
    }

    #[test]
    fn a_later_conversation_of_the_same_person_begins_with_the_words_that_were_left() {
        let carried = kept().carry_into(&conversation("0a", 2));
        assert_eq!(carried, Carried { unsent: Vec::new(), draft: "uno\ndue\ne poi".into() });
    }

    #[test]
    fn nothing_goes_on_into_somebody_elses_conversation() {
        assert_eq!(kept().carry_into(&conversation("0b", 1)), Carried::default());
    }

    #[test]
    fn what_is_not_a_record_is_none() {
        for text in ["", "null", "{}", r#"{"conversation":"x","unsent":[],"draft":"","shown":true}"#] {
            assert_eq!(Kept::read(text), None, "{text}");
        }
    }

    fn kept() -> Kept {
        let pending = |id: &str, text: &str| Pending { id: MessageId::parse(id).unwrap(), text: text.into() };
        Kept {
            conversation: conversation("0a", 1),
            unsent: vec![pending("m1", "uno"), pending("m2", "due")],
            draft: "e poi".into(),
            shown: true,
        }
    }

    fn conversation(byte: &str, ordinal: u32) -> ConversationId {
        ConversationId::of(&byte.repeat(32), ordinal).unwrap()
    }
}

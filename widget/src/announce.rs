// SPDX-License-Identifier: EUPL-1.2
//! The announcements to screen readers of new entries: additions only, at once where the person is in the chat, gathered
//! where they are elsewhere in the page (WCAG 4.1.3, 2.2.4).

use infocig_client::words::Words;
use infocig_protocol::{
    entry::{Author, Entry, EntryBody},
    time::Timestamp,
};

use crate::{settings::Announce, text};

/// Something to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The author; absent for events.
    pub who: Option<String>,
    /// The words.
    pub text: String,
}

/// The announcement of an entry at a chosen extent; `None` for none.
pub fn of(
    words: &Words,
    entry: &Entry,
    chosen: Announce,
    clock: impl Fn(Timestamp) -> String,
) -> Option<Said> {
    match (&entry.body, chosen) {
        (_, Announce::None) | (EntryBody::Message { author: Author::Citizen, .. }, Announce::Advisor) => None,
        (EntryBody::Message { author: Author::Citizen, text, .. }, Announce::All) => {
            Some(Said { who: Some(words.text("log.you")), text: text.clone() })
        }
        (EntryBody::Message { author: Author::Advisor { name }, text, .. }, _) => {
            Some(Said { who: Some(name.clone()), text: text.clone() })
        }
        (EntryBody::Assistant { answer, .. }, _) => {
            let said = answer.first().map(|passage| passage.text.clone());
            let text = said.unwrap_or_else(|| words.text("assistant.unknown"));
            Some(Said { who: Some(words.text("assistant.name")), text })
        }
        (body, Announce::All | Announce::Advisor) => {
            text::system_entry(words, body, clock).map(|text| Said { who: None, text })
        }
    }
}

/// All of it in one announcement. A person elsewhere in the page is told the number of messages, not their texts.
pub fn together(words: &Words, said: &[Said], elsewhere: bool) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = said;
    while let Some((first, after)) = rest.split_first() {
        let same =
            after.iter().take_while(|next| elsewhere && next.who == first.who && first.who.is_some()).count();
        parts.push(match (&first.who, same) {
            (None, _) => first.text.clone(),
            (Some(who), 0) => words.fill("announce.message", &[("who", who), ("text", &first.text)]),
            (Some(who), more) => words.count_of("announce.messages", more as u64 + 1, &[("who", who)]),
        });
        rest = after.get(same..).unwrap_or_default();
    }
    parts.join(". ")
}

#[cfg(test)]
mod tests {
    use infocig_protocol::id::MessageId;

    use super::*;
    use crate::text::tests::italian;

    fn message(author: Author, text: &str) -> Entry {
        let id = MessageId::parse("m").unwrap();
        entry(EntryBody::Message { id, author, text: text.into() })
    }

    fn entry(body: EntryBody) -> Entry {
        Entry { seq: 1, at: Timestamp::from_millis(0), body }
    }

    fn giulia(text: &str) -> Entry {
        message(Author::Advisor { name: "Giulia".into() }, text)
    }

    #[test]
    fn announcements_follow_the_setting() {
        let words = italian();
        let heard = |chosen| {
            let log = [message(Author::Citizen, "ciao"), giulia("eccomi"), entry(EntryBody::Stayed {})];
            let said: Vec<_> =
                log.iter().filter_map(|entry| of(&words, entry, chosen, |_| String::new())).collect();
            together(&words, &said, false)
        };
        assert_eq!(
            heard(Announce::All),
            "Tu: ciao. Giulia: eccomi. Sei ancora qui: la conversazione continua"
        );
        assert_eq!(heard(Announce::Advisor), "Giulia: eccomi. Sei ancora qui: la conversazione continua");
        assert_eq!(heard(Announce::None), "");
    }

    #[test]
    fn with_the_focus_elsewhere_only_the_number_of_messages_is_announced() {
        let words = italian();
        let said: Vec<_> = [giulia("uno"), giulia("due"), entry(EntryBody::Stayed {}), giulia("tre")]
            .iter()
            .filter_map(|entry| of(&words, entry, Announce::All, |_| String::new()))
            .collect();
        assert_eq!(
            together(&words, &said, true),
            "2 nuovi messaggi da Giulia. Sei ancora qui: la conversazione continua. Giulia: tre"
        );
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! What a page keeps for its next life: which conversation was open, what was not sent, what was being written; and a written
//! request that is not known to have arrived.
//!
//! It lives in the tab's session storage, one record per tab. A record is used only in the conversation it was written in, or
//! as a draft in a later one of the same person: whoever signs in after somebody else on the same device finds nothing.

use infocig_client::session::Pending;
use infocig_protocol::id::{ConversationId, MessageId};
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
    /// The person would not say what their question is about.
    #[serde(default)]
    pub skipped: bool,
}

/// What goes on into a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Messages to send again, under their ids.
    pub unsent: Vec<Pending>,
    /// What belongs in the field.
    pub draft: String,
    /// They are not asked again what their question is about.
    pub skipped: bool,
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
            return Carried { unsent: self.unsent, draft: self.draft, skipped: self.skipped };
        }
        if self.conversation.object() != conversation.object() {
            return Carried::default();
        }
        let unsent = self.unsent.into_iter().map(|pending| pending.text);
        let draft = unsent.fold(String::new(), |draft, text| joined(&draft, &text));
        Carried { draft: joined(&draft, &self.draft), ..Carried::default() }
    }
}

/// A written request on its way: it keeps its id until it is known to have arrived, so that a repeated one makes no second
/// one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Whose it is, where their token says so: without, it does not outlive the page.
    pub owner: Option<Owner>,
    /// Its id.
    pub id: MessageId,
    /// Its text.
    pub text: String,
}

impl Request {
    /// Reads a record. `None` for one that is none.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The record as text.
    pub fn write(&self) -> String {
        // Plain data: writing it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The request to send now: under the id of the one before if that was the same person's, else under a fresh one.
    pub fn after(before: Option<Self>, owner: Option<Owner>, text: String, fresh: MessageId) -> Self {
        let id = before.filter(|before| before.owner == owner).map_or(fresh, |before| before.id);
        Self { owner, id, text }
    }
}

/// Whom a hand-off token speaks of, and in which capacity: what the service tells people apart by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    iss: String,
    sub: String,
    infocig_role: String,
    matricola_inps: Option<String>,
    #[serde(rename = "https://attributes.eid.gov.it/company_name")]
    company_name: Option<String>,
    act: Option<Actor>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Actor {
    sub: String,
}

impl Owner {
    /// Reads it off a token (JWS, RFC 7515), believing it: it guards only what this device kept itself.
    pub fn of(token: &str) -> Option<Self> {
        // Read as a text, as everything else is: bytes would have a reader of their own, for everybody to download.
        serde_json::from_str(&String::from_utf8(base64url(token.split('.').nth(1)?)?).ok()?).ok()
    }
}

/// The bytes of a text in base64url without padding.
fn base64url(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for digit in text.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_be_bytes()[3]);
        }
    }
    Some(bytes)
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
    use super::*;

    #[test]
    fn the_same_conversation_goes_on_with_everything() {
        let kept = kept();
        let again = Kept::read(&kept.write()).unwrap();
        assert_eq!(again, kept);

        let carried = again.carry_into(&conversation("0a", 1));
        assert_eq!(carried, Carried { unsent: kept.unsent, draft: kept.draft, skipped: true });
    }

    #[test]
    fn a_later_conversation_of_the_same_person_begins_with_the_words_that_were_left() {
        let carried = kept().carry_into(&conversation("0a", 2));
        assert_eq!(carried, Carried { draft: "uno\ndue\ne poi".into(), ..Carried::default() });
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

    #[test]
    fn a_record_of_before_the_question_was_asked_is_read() {
        let mut old: serde_json::Value = serde_json::from_str(&kept().write()).unwrap();
        old.as_object_mut().unwrap().remove("skipped");
        assert_eq!(Kept::read(&old.to_string()), Some(Kept { skipped: false, ..kept() }));
    }

    #[test]
    fn a_request_keeps_its_id_until_it_has_arrived_and_gives_it_to_nobody_else() {
        let id = |text: &str| MessageId::parse(text).unwrap();
        let first = Request::after(None, owner("anna"), "uno".into(), id("a"));
        assert_eq!(first.id, id("a"));

        let kept = Request::read(&first.write());
        assert_eq!(kept.as_ref(), Some(&first));
        let again = Request::after(kept.clone(), owner("anna"), "uno e due".into(), id("b"));
        assert_eq!((again.id, again.text), (id("a"), "uno e due".into()));

        assert_eq!(Request::after(kept, owner("bruno"), "tre".into(), id("c")).id, id("c"));
    }

    #[test]
    fn a_token_says_whose_it_is_in_any_alphabet_and_another_says_another() {
        assert!(owner("più?>~ÿ").is_some());
        assert_eq!(owner("anna"), owner("anna"));
        assert_ne!(owner("anna"), owner("bruno"));
        for opaque in ["", "a.b.c", "secret", "e30.e30.e30"] {
            assert_eq!(Owner::of(opaque), None, "{opaque}");
        }
    }

    fn kept() -> Kept {
        let pending = |id: &str, text: &str| Pending { id: MessageId::parse(id).unwrap(), text: text.into() };
        Kept {
            conversation: conversation("0a", 1),
            unsent: vec![pending("m1", "uno"), pending("m2", "due")],
            draft: "e poi".into(),
            shown: true,
            skipped: true,
        }
    }

    fn owner(sub: &str) -> Option<Owner> {
        let payload = format!(r#"{{"iss":"https://p","sub":"{sub}","infocig_role":"lavoratore","jti":"x"}}"#);
        Owner::of(&format!("e30.{}.c2ln", base64_of(&payload)))
    }

    fn base64_of(text: &str) -> String {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let digits = text.as_bytes().chunks(3).flat_map(|chunk| {
            let bits = (0..3)
                .fold(0_usize, |bits, place| bits << 8 | usize::from(chunk.get(place).copied().unwrap_or(0)));
            (0..=chunk.len()).map(move |place| char::from(DIGITS[bits >> (18 - 6 * place) & 63]))
        });
        digits.collect()
    }

    fn conversation(byte: &str, ordinal: u32) -> ConversationId {
        ConversationId::of(&byte.repeat(32), ordinal).unwrap()
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! The records that survive a reload: the open conversation with its unsent messages and draft, and a written request until it
//! is known to have arrived.
//!
//! They are in the tab's session storage, one of each per tab. A record is used only in the conversation it was written in, or
//! as a draft in a later one of the same person, so that nobody finds the text of somebody who used the device before.

mod storage_delay;

use infocig_client::{json::Json, session::Pending};
use infocig_protocol::{
    case::Question,
    codec::{Object, Read, Tree, Write, Writer},
    id::{ConversationId, MessageId},
};

pub use self::storage_delay::{STORE_AFTER, StorageDelay};

/// The record of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredConversation {
    /// The conversation that was open.
    pub conversation: ConversationId,
    /// Messages the server has not acknowledged, oldest first.
    pub unsent: Vec<Pending>,
    /// Text of the message field.
    pub draft: String,
    /// Whether the panel was on screen.
    pub shown: bool,
    /// The person declined to say what their question is about.
    pub skipped: bool,
}

/// The part of a record that is restored into a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Messages to send again, under their ids.
    pub unsent: Vec<Pending>,
    /// Text for the message field.
    pub draft: String,
    /// The form about the question is not shown again.
    pub skipped: bool,
}

impl StoredConversation {
    /// Reads a record. `None` if the text is not one.
    pub fn read(text: &str) -> Option<Self> {
        let json = Json::parse(text)?;
        Some(Self {
            conversation: json.read("conversation")?,
            unsent: json.read("unsent")?,
            draft: json.read("draft")?,
            shown: json.read("shown")?,
            skipped: json.read_or_default("skipped")?,
        })
    }

    /// The record as text.
    pub fn write(&self) -> String {
        Object::new()
            .text("conversation", self.conversation.as_str())
            .value("unsent", &self.unsent)
            .text("draft", &self.draft)
            .value("shown", &self.shown)
            .value("skipped", &self.skipped)
            .done()
    }

    /// The part for a conversation: everything for the one the record is of, the texts as a draft for a later one of the same
    /// person, nothing for anybody else's.
    pub fn restore_into(self, conversation: &ConversationId) -> Restored {
        if self.conversation == *conversation {
            return Restored { unsent: self.unsent, draft: self.draft, skipped: self.skipped };
        }
        if self.conversation.object() != conversation.object() {
            return Restored::default();
        }
        let unsent = self.unsent.into_iter().map(|pending| pending.text);
        let draft = unsent.fold(String::new(), |draft, text| joined(&draft, &text));
        Restored { draft: joined(&draft, &self.draft), ..Restored::default() }
    }
}

/// The record of a written request. Once sent it keeps its id while its text is the same, so that the service takes a repetition
/// for the same request, and an edited text for another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRequest {
    /// Its owner, if their token is readable; without one it is not stored.
    pub owner: Option<Owner>,
    /// Its id, if it was sent and may have arrived.
    pub id: Option<MessageId>,
    pub text: String,
    /// The subject of the request.
    pub question: Question,
}

impl StoredRequest {
    /// Reads a record. `None` if the text is not one.
    pub fn read(text: &str) -> Option<Self> {
        let json = Json::parse(text)?;
        Some(Self {
            owner: json.read("owner")?,
            id: json.read("id")?,
            text: json.read("text")?,
            question: json.read::<Option<Question>>("question")?.unwrap_or_default(),
        })
    }

    /// The record as text.
    pub fn write(&self) -> String {
        Object::new()
            .value("owner", &self.owner)
            .text_if("id", self.id.as_ref().map(MessageId::as_str))
            .text("text", &self.text)
            .value("question", &self.question)
            .done()
    }

    /// The record that follows `before`: with its id if owner and text are the same, else with `fresh`; with its subject if
    /// `question` is empty, because the conversation that named the subject may be gone from the state.
    pub fn after(
        before: Option<Self>,
        owner: Option<Owner>,
        text: String,
        question: Question,
        fresh: Option<MessageId>,
    ) -> Self {
        let before = before.filter(|before| before.owner == owner);
        let (subject, sent) = before.map_or_else(Default::default, |before| {
            (before.question, before.id.filter(|_| before.text == text))
        });
        Self {
            owner,
            id: sent.or(fresh),
            text,
            question: if question.is_empty() { subject } else { question },
        }
    }
}

/// The person a hand-off token names, and their capacity: the claims by which the service tells people apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    iss: String,
    sub: String,
    infocig_role: String,
    matricola_inps: Option<String>,
    company_name: Option<String>,
    /// Subject of the delegate who acts for them.
    actor: Option<String>,
}

impl Owner {
    /// Reads the claims of a token (JWS, RFC 7515) without verifying it: they only protect records of this device.
    pub fn of(token: &str) -> Option<Self> {
        let claims = Json::parse(&String::from_utf8(base64url(token.split('.').nth(1)?)?).ok()?)?;
        Owner::read(&claims)
    }

    fn object(&self) -> Object {
        let actor = self.actor.as_ref().map(|sub| Object::new().text("sub", sub));
        let owner = Object::new()
            .text("iss", &self.iss)
            .text("sub", &self.sub)
            .text("infocig_role", &self.infocig_role)
            .text_if("matricola_inps", self.matricola_inps.as_deref())
            .text_if(COMPANY_NAME, self.company_name.as_deref());
        match actor {
            Some(actor) => owner.value("act", &actor),
            None => owner,
        }
    }
}

impl Write for Owner {
    fn write(&self, out: &mut Writer) {
        self.object().write(out);
    }
}

impl Read for Owner {
    fn read<J: Tree>(claims: &J) -> Option<Self> {
        let actor = claims.member("act");
        Some(Self {
            iss: claims.read("iss")?,
            sub: claims.read("sub")?,
            infocig_role: claims.read("infocig_role")?,
            matricola_inps: claims.read("matricola_inps")?,
            company_name: claims.read(COMPANY_NAME)?,
            actor: if actor.is_missing() { None } else { Some(actor.read("sub")?) },
        })
    }
}

/// The claim's name (eID attribute register).
const COMPANY_NAME: &str = "https://attributes.eid.gov.it/company_name";

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

/// Two texts in one field. One that is part of the other is not repeated.
pub fn merged(first: &str, second: &str) -> String {
    if first.contains(second) {
        first.into()
    } else if second.contains(first) {
        second.into()
    } else {
        joined(first, second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_conversation_goes_on_with_everything() {
        let stored = stored_conversation();
        let again = StoredConversation::read(&stored.write()).unwrap();
        assert_eq!(again, stored);

        let restored = again.restore_into(&conversation("0a", 1));
        assert_eq!(restored, Restored { unsent: stored.unsent, draft: stored.draft, skipped: true });
    }

    #[test]
    fn a_later_conversation_of_the_same_person_begins_with_the_words_that_were_left() {
        let restored = stored_conversation().restore_into(&conversation("0a", 2));
        assert_eq!(restored, Restored { draft: "uno\ndue\ne poi".into(), ..Restored::default() });
    }

    #[test]
    fn nothing_goes_on_into_somebody_elses_conversation() {
        assert_eq!(stored_conversation().restore_into(&conversation("0b", 1)), Restored::default());
    }

    #[test]
    fn a_text_that_is_no_record_is_none() {
        for text in ["", "null", "{}", r#"{"conversation":"x","unsent":[],"draft":"","shown":true}"#] {
            assert_eq!(StoredConversation::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_record_of_before_the_question_was_asked_is_read() {
        let mut old: serde_json::Value = serde_json::from_str(&stored_conversation().write()).unwrap();
        old.as_object_mut().unwrap().remove("skipped");
        assert_eq!(
            StoredConversation::read(&old.to_string()),
            Some(StoredConversation { skipped: false, ..stored_conversation() })
        );
    }

    #[test]
    fn a_request_keeps_its_id_while_it_says_the_same_and_gives_it_to_no_other() {
        let id = |text: &str| MessageId::parse(text).unwrap();
        let after = |before: &Option<StoredRequest>, sub: &str, text: &str, fresh: Option<&str>| {
            StoredRequest::after(before.clone(), owner(sub), text.into(), Question::default(), fresh.map(id))
        };
        let first = after(&None, "anna", "uno", Some("a"));
        assert_eq!(first.id, Some(id("a")));

        let stored = StoredRequest::read(&first.write());
        assert_eq!(stored.as_ref(), Some(&first));
        assert_eq!(after(&stored, "anna", "uno", Some("b")), first);
        assert_eq!(after(&stored, "anna", "uno", None), first);
        assert_eq!(after(&stored, "anna", "uno e due", Some("b")).id, Some(id("b")));
        assert_eq!(after(&stored, "anna", "uno e due", None).id, None);
        assert_eq!(after(&stored, "bruno", "uno", Some("c")).id, Some(id("c")));
    }

    #[test]
    fn a_request_keeps_its_subject_for_the_same_person_alone() {
        let about = |protocol: &str| Question { protocol: Some(protocol.into()), ..Question::default() };
        let first = StoredRequest::after(None, owner("anna"), "uno".into(), about("1"), None);
        let stored = StoredRequest::read(&first.write());
        let after = |sub: &str, question| {
            StoredRequest::after(stored.clone(), owner(sub), "due".into(), question, None).question
        };
        assert_eq!(after("anna", Question::default()), about("1"));
        assert_eq!(after("anna", about("2")), about("2"));
        assert_eq!(after("bruno", Question::default()), Question::default());
    }

    #[test]
    fn a_record_of_before_the_question_was_kept_is_read() {
        let old = StoredRequest::read(r#"{"owner":null,"id":"a","text":"uno"}"#).unwrap();
        assert_eq!((old.id, old.question), (MessageId::parse("a").ok(), Question::default()));
    }

    #[test]
    fn a_text_contained_in_the_other_is_not_repeated() {
        for (first, second, both) in [
            ("", "", ""),
            ("a", "", "a"),
            ("", "b", "b"),
            ("uno", "uno\ndue", "uno\ndue"),
            ("uno\ndue", "due", "uno\ndue"),
            ("uno", "due", "uno\ndue"),
        ] {
            assert_eq!(merged(first, second), both);
        }
    }

    #[test]
    fn a_token_names_its_owner_in_any_alphabet_and_tells_two_apart() {
        assert!(owner("più?>~ÿ").is_some());
        assert_eq!(owner("anna"), owner("anna"));
        assert_ne!(owner("anna"), owner("bruno"));
        for opaque in ["", "a.b.c", "secret", "e30.e30.e30"] {
            assert_eq!(Owner::of(opaque), None, "{opaque}");
        }
    }

    fn stored_conversation() -> StoredConversation {
        let pending = |id: &str, text: &str| Pending { id: MessageId::parse(id).unwrap(), text: text.into() };
        StoredConversation {
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

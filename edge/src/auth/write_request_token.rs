// SPDX-License-Identifier: EUPL-1.2
//! The facts of a portal's token, signed by the service for one purpose: the portal's token lives two minutes, and people are
//! slower. A token of one purpose serves no other. It is never in an address.
//!
//! - A *write-request token* stands in the form by which a person whom nobody can answer now writes to an office: on that
//!   person's own page, as the portal's token stood in the portal's.
//! - An *assistant token* stands in the form by which such a person asks the automatic assistant, on the same page.
//! - An *entry token* is the first cookie of a plain page. A browser that does not send it back keeps no cookies: its person
//!   could not find their conversation again, so none is begun.

use infocig_protocol::{problem::Code, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::{handoff::Person, signed};
use crate::problem::{Fault, Refusal};

/// The claims of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteRequestToken {
    /// The person it was made for.
    pub person: Person,
    /// First second (since the epoch) at which it is no longer valid.
    pub exp: i64,
}

/// The purpose of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A written request.
    WriteRequest,
    /// A question to the automatic assistant, without a conversation.
    Assistant,
    /// The entry into a conversation.
    Entry,
}

impl Purpose {
    /// How long a token is valid: long enough to write a request and to be interrupted, or for a browser to follow a redirect.
    pub const fn lifetime_s(self) -> i64 {
        match self {
            Self::WriteRequest | Self::Assistant => 60 * 60,
            Self::Entry => 60,
        }
    }

    const fn typ(self) -> &'static str {
        match self {
            Self::WriteRequest => "infocig-write-request+jwt",
            Self::Assistant => "infocig-assistant+jwt",
            Self::Entry => "infocig-entry+jwt",
        }
    }
}

impl WriteRequestToken {
    /// A token that is valid from `now` for as long as its purpose allows.
    pub fn new(purpose: Purpose, person: Person, now: Timestamp) -> Self {
        Self { person, exp: signed::expiry(now, purpose.lifetime_s()) }
    }

    /// The text that stands in a form or a cookie.
    pub fn sign(&self, purpose: Purpose, key: &str) -> Result<String, Fault> {
        signed::sign(purpose.typ(), self, key)
    }

    /// Verifies a token for a purpose.
    pub fn verify(text: &str, purpose: Purpose, key: &str, now: Timestamp) -> Result<Self, Refusal> {
        let token: Self = signed::read(purpose.typ(), text, key)
            .ok_or_else(|| Refusal::new(Code::TicketInvalid, "the token is not one of this service"))?;
        signed::check_expiry(token.exp, now, "token")?;
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use infocig_domain::people::{Asker, PriorityFacts, Subject};
    use infocig_protocol::{
        id::ConversationId,
        language::Language,
        person::{Category, Credential, EntryPoint, PersonCard},
    };

    use super::*;
    use crate::auth::ticket::{Ticket, TicketScope};

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_token_says_who_may_write_for_an_hour() {
        let text = WriteRequestToken::new(Purpose::WriteRequest, person(), at(0))
            .sign(Purpose::WriteRequest, KEY)
            .unwrap();
        let read = |purpose, now| WriteRequestToken::verify(&text, purpose, KEY, at(now));
        assert_eq!(read(Purpose::WriteRequest, 3_599_999).unwrap().person, person());
        assert_eq!(read(Purpose::WriteRequest, 3_600_000).unwrap_err().code, Code::TicketExpired);
        assert_eq!(read(Purpose::Assistant, 1).unwrap_err().code, Code::TicketInvalid);
        assert_eq!(read(Purpose::Entry, 1).unwrap_err().code, Code::TicketInvalid);
    }

    #[test]
    fn a_foreign_token_does_not_permit_a_written_request() {
        let token = WriteRequestToken::new(Purpose::WriteRequest, person(), at(0));
        let scope = TicketScope::Conversation(ConversationId::of(&"0f".repeat(32), 1).unwrap());
        let ticket = Ticket::new(scope, infocig_domain::people::Speaker::Citizen, at(0));
        for text in [
            token.sign(Purpose::WriteRequest, "another key, of thirty-two bytes").unwrap(),
            ticket.sign(KEY).unwrap(),
            "x".into(),
        ] {
            assert_eq!(
                WriteRequestToken::verify(&text, Purpose::WriteRequest, KEY, at(1)).unwrap_err().code,
                Code::TicketInvalid,
                "{text}"
            );
        }
    }

    fn person() -> Person {
        let card = PersonCard {
            name: "Persona Di Prova".into(),
            category: Category::Lavoratore,
            province: "058".into(),
            province_name: "Roma".into(),
            credential: Credential::SpidL2,
            acting_for: None,
            language: Language::It,
            entry_point: None,
            about: None,
            question: None,
        };
        let subject = Subject::themself("https://portale.example", "p-1", Category::Lavoratore);
        Person {
            key: "k".into(),
            entry: EntryPoint::Myinps,
            locale: None,
            asker: Asker { card, subject, facts: PriorityFacts::default() },
        }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! Permits: what a portal's token said, signed by the service for one purpose (HS256, a `typ` for each). Never in an address.
//!
//! - A permit to write lets a person the service cannot answer now write to an office from a plain page: the token dies in two
//!   minutes, and people write more slowly. It stands in a form of that person's own page, as the token did in the portal's.
//! - A permit to enter is the first cookie of a plain page, for a minute: nobody enters whose browser keeps none, for they could
//!   not find their conversation again, and advisors would wait for somebody who is not there.

use infocig_protocol::{problem::Code, time::Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::{
    problem::{Fault, Refusal},
    token::Person,
};

/// A permit's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permit {
    /// Who may write.
    pub person: Person,
    /// First second (since the epoch) at which they may no longer.
    pub exp: i64,
}

/// What a permit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A written request.
    Write,
    /// A conversation.
    Enter,
}

impl Purpose {
    /// How long it lasts: long enough to write a request and to be interrupted, or for a browser to follow a redirect.
    pub const fn lifetime_s(self) -> i64 {
        match self {
            Self::Write => 60 * 60,
            Self::Enter => 60,
        }
    }

    const fn typ(self) -> &'static str {
        match self {
            Self::Write => "infocig-permit+jwt",
            Self::Enter => "infocig-entry+jwt",
        }
    }
}

impl Permit {
    /// A permit that lasts from `now` as long as permits for that purpose last.
    pub fn new(purpose: Purpose, person: Person, now: Timestamp) -> Self {
        Self { person, exp: now.as_millis().div_euclid(1000) + purpose.lifetime_s() }
    }

    /// The text that stands in a form or a cookie.
    pub fn sign(&self, purpose: Purpose, key: &str) -> Result<String, Fault> {
        let header = Header { typ: Some(purpose.typ().to_string()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, self, &EncodingKey::from_secret(key.as_bytes()))
            .map_err(|error| Fault::Platform(format!("permit not signed: {error}")))
    }

    /// Reads a permit for a purpose.
    pub fn verify(text: &str, purpose: Purpose, key: &str, now: Timestamp) -> Result<Self, Refusal> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        let permit =
            jsonwebtoken::decode::<Self>(text, &DecodingKey::from_secret(key.as_bytes()), &validation)
                .ok()
                .filter(|permit| permit.header.typ.as_deref() == Some(purpose.typ()))
                .ok_or_else(|| Refusal::new(Code::TicketInvalid, "the permit is not one of this service"))?;
        if now.as_millis().div_euclid(1000) >= permit.claims.exp {
            return Err(Refusal::new(Code::TicketExpired, "the permit has expired: present a new token"));
        }
        Ok(permit.claims)
    }
}

#[cfg(test)]
mod tests {
    use infocig_domain::people::{Asker, Subject};
    use infocig_protocol::{
        id::ConversationId,
        language::Language,
        person::{Category, Credential, EntryPoint, PersonCard},
    };

    use super::*;
    use crate::ticket::{Door, Ticket};

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_permit_says_who_may_write_for_an_hour() {
        let text = Permit::new(Purpose::Write, person(), at(0)).sign(Purpose::Write, KEY).unwrap();
        let read = |purpose, now| Permit::verify(&text, purpose, KEY, at(now));
        assert_eq!(read(Purpose::Write, 3_599_999).unwrap().person, person());
        assert_eq!(read(Purpose::Write, 3_600_000).unwrap_err().code, Code::TicketExpired);
        assert_eq!(read(Purpose::Enter, 1).unwrap_err().code, Code::TicketInvalid);
    }

    #[test]
    fn what_is_no_permit_of_this_service_lets_nobody_write() {
        let permit = Permit::new(Purpose::Write, person(), at(0));
        let door = Door::Conversation(ConversationId::of(&"0f".repeat(32), 1).unwrap());
        let ticket = Ticket::new(door, infocig_domain::people::Speaker::Citizen, at(0));
        for text in [
            permit.sign(Purpose::Write, "another key, of thirty-two bytes").unwrap(),
            ticket.sign(KEY).unwrap(),
            "x".into(),
        ] {
            assert_eq!(
                Permit::verify(&text, Purpose::Write, KEY, at(1)).unwrap_err().code,
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
            about: None,
            question: None,
        };
        let subject = Subject::themself("https://portale.example", "p-1", Category::Lavoratore);
        Person { key: "k".into(), entry: EntryPoint::Myinps, locale: None, asker: Asker { card, subject } }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! Permits: what lets a person the service cannot answer now write to an office from a plain page.
//!
//! A portal's token dies in two minutes, and people write more slowly. A permit is what the token said, signed by the service
//! (HS256, `typ` of its own) for an hour. It stands in a form of that person's own page, as the token did in the portal's,
//! never in an address, and opens nothing but the written request.

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

impl Permit {
    /// A permit that lasts from `now` as long as permits last.
    pub fn new(person: Person, now: Timestamp) -> Self {
        Self { person, exp: now.as_millis().div_euclid(1000) + LIFETIME_S }
    }

    /// The text that stands in a form.
    pub fn sign(&self, key: &str) -> Result<String, Fault> {
        let header = Header { typ: Some(TYP.to_string()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, self, &EncodingKey::from_secret(key.as_bytes()))
            .map_err(|error| Fault::Platform(format!("permit not signed: {error}")))
    }

    /// Reads a permit.
    pub fn verify(text: &str, key: &str, now: Timestamp) -> Result<Self, Refusal> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        let permit =
            jsonwebtoken::decode::<Self>(text, &DecodingKey::from_secret(key.as_bytes()), &validation)
                .ok()
                .filter(|permit| permit.header.typ.as_deref() == Some(TYP))
                .ok_or_else(|| Refusal::new(Code::TicketInvalid, "the permit is not one of this service"))?;
        if now.as_millis().div_euclid(1000) >= permit.claims.exp {
            return Err(Refusal::new(Code::TicketExpired, "the permit has expired: present a new token"));
        }
        Ok(permit.claims)
    }
}

/// Long enough to write a request and to be interrupted.
const LIFETIME_S: i64 = 60 * 60;

const TYP: &str = "infocig-permit+jwt";

#[cfg(test)]
mod tests {
    use infocig_domain::{conversation::Asker, linea_inps::Subject};
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
        let text = Permit::new(person(), at(0)).sign(KEY).unwrap();
        assert_eq!(Permit::verify(&text, KEY, at(3_599_999)).unwrap().person, person());
        assert_eq!(Permit::verify(&text, KEY, at(3_600_000)).unwrap_err().code, Code::TicketExpired);
    }

    #[test]
    fn what_is_no_permit_of_this_service_lets_nobody_write() {
        let permit = Permit::new(person(), at(0));
        let door = Door::Conversation(ConversationId::of(&"0f".repeat(32), 1).unwrap());
        let ticket = Ticket::new(door, infocig_domain::conversation::Speaker::Citizen, at(0));
        for text in
            [permit.sign("another key, of thirty-two bytes").unwrap(), ticket.sign(KEY).unwrap(), "x".into()]
        {
            assert_eq!(Permit::verify(&text, KEY, at(1)).unwrap_err().code, Code::TicketInvalid, "{text}");
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

// SPDX-License-Identifier: EUPL-1.2
//! The requests of the data protection officer, read from their bodies. A person is named as in the search of supervisors: by the
//! claims of their portal, never by a tax number.

use infocig_domain::{policy_versions::MAX_POLICY_REASON_CHARS, staff::Right};
use infocig_protocol::{
    data_protection::{AboutPerson, Hold},
    id::AdvisorId,
    problem::Code,
};

use super::supervision::person;
use crate::{auth::ticket::DeskHolder, problem::Refusal, store::LegalHold};

/// The key of a person, and why something is done about them.
pub fn read(about: AboutPerson) -> Result<(String, String), Refusal> {
    let AboutPerson { issuer, person: id, category, actor, represented, reason } = about;
    let named = |name: &str| match name {
        "issuer" => Some(issuer.clone()),
        "person" => Some(id.clone()),
        "category" => category.map(|category| category.as_str().to_owned()),
        "actor" => actor.clone(),
        "represented" => represented.clone(),
        _ => None,
    };
    let nobody = || Refusal::new(Code::RequestInvalid, "name a person by issuer and person");
    let key = person(&named)?.ok_or_else(nobody)?;
    Ok((key, because(&reason)?))
}

/// A reason, 1 to 500 characters.
pub fn because(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_POLICY_REASON_CHARS {
        return Err(Refusal::new(Code::RequestInvalid, "reason must have 1 to 500 characters"));
    }
    Ok(reason.to_owned())
}

/// A hold as the data protection officer reads it.
pub fn shown(hold: LegalHold) -> Hold {
    let LegalHold { id, object, at, by, reason } = hold;
    Hold { id, person: number(&object), at, by, reason }
}

/// How the numbers of the conversations of an object begin: `7F3A-91C2-0B5D`.
pub fn number(object: &str) -> String {
    let digits = object.get(..12).unwrap_or_default().to_ascii_uppercase();
    let groups = [digits.get(..4), digits.get(4..8), digits.get(8..)];
    groups.into_iter().flatten().collect::<Vec<_>>().join("-")
}

/// The holder of a ticket, who must have a right.
pub fn officer(holder: &DeskHolder, right: Right) -> Result<&AdvisorId, Refusal> {
    holder.require(right)?;
    holder.advisor.as_ref().ok_or_else(|| Refusal::new(Code::NotSupervisor, "not a ticket of the staff"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, String), String> {
        let about: AboutPerson = serde_json::from_str(text).map_err(|error| error.to_string())?;
        super::read(about).map_err(|refusal| refusal.detail)
    }

    #[test]
    fn a_person_is_named_by_the_claims_of_their_portal_with_a_reason() {
        let (key, reason) = read(r#"{"issuer":"i","person":"abc","reason":" Art. 17 "}"#).unwrap();
        let other = read(r#"{"issuer":"i","person":"abc","category":"consulente","reason":"x"}"#).unwrap().0;

        assert_eq!(reason, "Art. 17");
        assert_ne!(key, other, "a person in another capacity is another object");
    }

    #[test]
    fn a_tax_number_no_reason_and_a_member_that_nobody_knows_are_refused() {
        let tax_number = read(r#"{"issuer":"i","person":"RSSMRA85T10A562S","reason":"x"}"#);
        assert!(tax_number.unwrap_err().contains("never by a tax number"));
        assert!(read(r#"{"issuer":"i","person":"abc","reason":" "}"#).is_err());
        assert!(read(r#"{"issuer":"i","person":"abc"}"#).is_err());
        assert!(read(r#"{"issuer":"i","person":"abc","reason":"x","name":"Rossi"}"#).is_err());
    }

    #[test]
    fn a_hold_shows_how_the_numbers_of_the_conversations_of_its_person_begin() {
        assert_eq!(number(&"7f3a91c20b5d0000".repeat(4)), "7F3A-91C2-0B5D");
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! The claims of hand-off tokens and of advisor tokens.
//!
//! Claim names come from the standards where they have one; the rest begins with `infocig_`. Pure: the caller says what
//! time it is and which id the token has.

use infocig_protocol::person::{Credential, EntryPoint};
use serde_json::{Value, json};

use crate::people::{Advisor, Company, Person};

/// `typ` of hand-off tokens, with which people enter.
pub const HANDOFF_TYPE: &str = "infocig-handoff+jwt";
/// `typ` of the tokens with which advisors sign in at the desk.
pub const ADVISOR_TYPE: &str = "infocig-advisor+jwt";
/// The lifetime of a token, in seconds.
pub const LIFETIME_SECONDS: i64 = 120;

/// The claims of a hand-off token for `person`, acting for `company` where there is one, coming from `entry`. If the person
/// represents somebody, that one is the subject and the person is `act` (RFC 8693).
pub fn handoff_claims(
    person: &Person,
    company: Option<&Company>,
    entry: EntryPoint,
    iss: &str,
    aud: &str,
    now_unix_seconds: i64,
    jti: &str,
) -> Value {
    let subject = person.represents.unwrap_or(person);
    let mut claims = json!({
        "iss": iss,
        "aud": aud,
        "sub": subject.subject,
        "jti": jti,
        "iat": now_unix_seconds,
        "nbf": now_unix_seconds,
        "exp": now_unix_seconds + LIFETIME_SECONDS,
        "acr": acr(person.credential),
        "amr": [amr(person.credential)],
        "client_id": entry.as_str(),
        "infocig_role": person.category.as_str(),
        "given_name": subject.given_name,
        "family_name": subject.family_name,
        "infocig_province": person.province(company).code,
        "locale": "it",
    });
    if let Some(company) = company {
        claims["matricola_inps"] = json!(company.matricola);
        claims["https://attributes.eid.gov.it/company_name"] = json!(company.name);
    }
    if person.represents.is_some() {
        claims["act"] = json!({
            "sub": person.subject,
            "given_name": person.given_name,
            "family_name": person.family_name,
        });
    }
    claims
}

/// The claims of an advisor token. `aud` is [`desk_audience`] of the edge.
pub fn advisor_claims(advisor: &Advisor, iss: &str, aud: &str, now_unix_seconds: i64, jti: &str) -> Value {
    let mut claims = json!({
        "iss": iss,
        "aud": aud,
        "sub": advisor.subject,
        "jti": jti,
        "iat": now_unix_seconds,
        "nbf": now_unix_seconds,
        "exp": now_unix_seconds + LIFETIME_SECONDS,
        "name": advisor.name,
        "infocig_role": advisor.role.as_str(),
    });
    let lists: [(&str, Vec<&str>); 3] = [
        ("infocig_languages", advisor.languages.iter().map(|language| language.as_str()).collect()),
        ("infocig_skills", advisor.skills.iter().map(|skill| skill.as_str()).collect()),
        ("infocig_provinces", advisor.provinces.iter().map(|province| province.code).collect()),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        claims[name] = json!(list);
    }
    claims
}

/// The audience of advisor tokens: not that of hand-off tokens, so that neither is accepted in the place
/// of the other.
pub fn desk_audience(edge: &str) -> String {
    format!("{edge}/desk")
}

/// The portal a token names if the page does not name one.
pub const fn default_entry(person: &Person) -> EntryPoint {
    person.portal()
}

const fn acr(credential: Credential) -> &'static str {
    match credential {
        Credential::SpidL1 | Credential::Pin => "https://www.spid.gov.it/SpidL1",
        Credential::SpidL2 | Credential::Cie | Credential::Cns => "https://www.spid.gov.it/SpidL2",
        Credential::SpidL3 => "https://www.spid.gov.it/SpidL3",
    }
}

const fn amr(credential: Credential) -> &'static str {
    match credential {
        Credential::SpidL1 | Credential::SpidL2 | Credential::SpidL3 => "spid",
        Credential::Cie => "cie",
        Credential::Cns => "cns",
        Credential::Pin => "pin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_444_800;

    #[test]
    fn a_worker_brings_exactly_these_claims() {
        let person = Person::by_id("worker-roma").unwrap();

        let claims = handoff_claims(person, None, EntryPoint::Myinps, "https://p", "https://e", NOW, "id-1");

        assert_eq!(
            claims,
            json!({
                "iss": "https://p", "aud": "https://e", "sub": "p-8c41f0d97ab24e15", "jti": "id-1",
                "iat": NOW, "nbf": NOW, "exp": NOW + 120,
                "acr": "https://www.spid.gov.it/SpidL2", "amr": ["spid"], "client_id": "myinps",
                "infocig_role": "lavoratore", "given_name": "Lucia", "family_name": "Ferretti",
                "infocig_province": "058", "locale": "it",
            })
        );
    }

    #[test]
    fn for_the_employer_side_the_province_is_that_of_the_company() {
        let person = Person::by_id("consulente-napoli").unwrap();
        let company = person.company("9900000215").unwrap();

        let claims = handoff_claims(person, Some(company), default_entry(person), "p", "e", NOW, "id-1");

        assert_eq!(claims["infocig_province"], "015");
        assert_eq!(claims["infocig_role"], "consulente");
        assert_eq!(claims["client_id"], "cassetto-previdenziale");
        assert_eq!(claims["matricola_inps"], "9900000215");
        assert_eq!(claims["https://attributes.eid.gov.it/company_name"], "Biscotti Inesistenti S.r.l.");
    }

    #[test]
    fn the_token_is_about_the_represented_person_and_names_the_representative() {
        let (acts, represented) =
            (Person::by_id("tutore-napoli").unwrap(), Person::by_id("worker-napoli").unwrap());
        let claims_of =
            |person| handoff_claims(person, None, EntryPoint::Myinps, "https://p", "https://e", NOW, "id-1");

        let mut claims = claims_of(acts);

        assert_eq!(
            claims.as_object_mut().and_then(|claims| claims.remove("act")),
            Some(json!({
                "sub": "p-6ab91c3f50e7428d", "given_name": "Assunta", "family_name": "Esposito",
            }))
        );
        assert_eq!(claims, claims_of(represented));
    }

    #[test]
    fn the_strength_of_the_sign_in_travels() {
        let claims_of = |id| {
            let person = Person::by_id(id).unwrap();
            handoff_claims(person, None, EntryPoint::Myinps, "p", "e", NOW, "id-1")
        };

        assert_eq!(claims_of("worker-spid1")["acr"], "https://www.spid.gov.it/SpidL1");
        assert_eq!(claims_of("worker-napoli")["amr"], json!(["cie"]));
    }

    #[test]
    fn an_advisor_brings_exactly_these_claims() {
        let advisor = Advisor::by_id("advisor-giulia").unwrap();

        let claims = advisor_claims(advisor, "https://p", &desk_audience("https://e"), NOW, "id-2");

        assert_eq!(
            claims,
            json!({
                "iss": "https://p", "aud": "https://e/desk", "sub": "adv-7f3a", "jti": "id-2",
                "iat": NOW, "nbf": NOW, "exp": NOW + 120, "name": "Giulia", "infocig_role": "advisor",
            })
        );
        let marco = Advisor::by_id("advisor-marco").unwrap();
        let claims = advisor_claims(marco, "https://p", &desk_audience("https://e"), NOW, "id-2");
        assert_eq!(claims["infocig_languages"], json!(["it", "de", "en"]));
        assert_eq!(claims.get("infocig_skills"), None);
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! The claims of a hand-off token: the attributes of a signed-in person, and of the person they act for.
//!
//! `sub` is as in RFC 7519; `act` as in RFC 8693; `acr`, `amr` as SPID and CIE name them; `client_id` is the portal;
//! `infocig_role` the capacity; `infocig_province` an ISTAT code; `matricola_inps` the company; `locale` the language the
//! person reads the portal in (BCP 47; any other than those of the service is Italian; without it their browser is asked, for
//! texts before a conversation); `infocig_about` the topic of the question, where the portal knows: `cigo`, `cigs`, `ais-fis`,
//! `fondi` or `pagamenti`; any other word counts as absent; `infocig_deadline` a day like `2026-12-01` until which the person must
//! have acted, where the portal knows one: it may give them priority by the policy (`desk.priorities.deadline_near`), and anything
//! that is no day counts as absent. INPS publishes no such claim: it is this service's own.

use infocig_domain::{
    people::{Asker, PriorityFacts, Subject},
    province::Province,
};
use infocig_protocol::{
    language::Language,
    person::{ActingFor, Category, Credential, EntryPoint, PersonCard},
    skill::Skill,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::token::{claim, non_empty};
use crate::{http::language, problem::Refusal};

/// A person who signed in, as the rules and the objects need them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Names the person in this capacity: the issuer, the subject, the actor, the category and the represented. Never shown.
    pub key: String,
    /// The portal they come from.
    pub entry: EntryPoint,
    /// The language they read, where the portal says it.
    pub locale: Option<Language>,
    /// The card an advisor sees, and the ids registries know.
    pub asker: Asker,
}

#[derive(Deserialize)]
pub(super) struct HandoffClaims {
    sub: String,
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    client_id: String,
    infocig_role: String,
    infocig_province: String,
    given_name: String,
    family_name: String,
    matricola_inps: Option<String>,
    #[serde(rename = "https://attributes.eid.gov.it/company_name")]
    company_name: Option<String>,
    act: Option<Actor>,
    locale: Option<String>,
    infocig_about: Option<String>,
    infocig_deadline: Option<String>,
}

/// RFC 8693: the delegate, if the subject is another person.
#[derive(Deserialize)]
struct Actor {
    sub: String,
    given_name: String,
    family_name: String,
}

/// The name of a person in a capacity, from which the id of their object is derived. A JSON list keeps the parts apart whatever
/// they hold.
pub fn person_key(
    issuer: &str,
    subject: &str,
    actor: &str,
    category: Category,
    represented: &str,
) -> Option<String> {
    serde_json::to_string(&[issuer, subject, actor, category.as_str(), represented]).ok()
}

impl HandoffClaims {
    pub(super) fn into_person(self, issuer: &str) -> Result<Person, Refusal> {
        let credential = credential(self.acr.as_deref(), &self.amr)
            .ok_or_else(|| claim("acr", "names no sign-in this service knows"))?;
        let category = Category::parse(&self.infocig_role)
            .ok_or_else(|| claim("infocig_role", "names no category of this service"))?;
        let entry = EntryPoint::parse(&self.client_id)
            .ok_or_else(|| claim("client_id", "names no portal of this service"))?;
        let locale = language::requested(self.locale.as_deref());
        let about = self.infocig_about.as_deref().and_then(Skill::parse);
        let subject = non_empty("sub", self.sub)?;
        let subject_name = full_name(&self.given_name, &self.family_name)?;

        let matricola =
            self.matricola_inps.map(|text| text.trim().to_string()).filter(|text| !text.is_empty());
        let company = self.company_name.filter(|text| !text.trim().is_empty());
        let (actor, name, acting_for) = match (self.act, company) {
            (Some(act), company) => {
                let name = full_name(&act.given_name, &act.family_name)?;
                let represented = company.unwrap_or(subject_name);
                (
                    non_empty("act.sub", act.sub)?,
                    name,
                    Some(ActingFor { name: represented, matricola: matricola.clone() }),
                )
            }
            (None, Some(company)) => {
                let acting_for = ActingFor { name: company, matricola: matricola.clone() };
                (subject.clone(), subject_name, Some(acting_for))
            }
            (None, None) if category == Category::Lavoratore => (subject.clone(), subject_name, None),
            (None, None) => return Err(claim("https://attributes.eid.gov.it/company_name", "is required")),
        };
        // A company without a number is told apart by its name.
        let represented = matricola.as_deref().or(acting_for.as_ref().map(|other| other.name.as_str()));
        let represented = represented.unwrap_or_default();
        let key = person_key(issuer, &subject, &actor, category, represented)
            .ok_or_else(|| claim("sub", "cannot be written"))?;
        let province = Province::by_code(&self.infocig_province);
        let province_name = province.map_or_else(String::new, |province| province.name.into());
        let card = PersonCard {
            name,
            category,
            province: self.infocig_province,
            province_name,
            credential,
            acting_for,
            language: locale.unwrap_or_default(),
            entry_point: Some(entry),
            about,
            question: None,
        };
        let subject = Subject {
            issuer: issuer.into(),
            actor: (actor != subject).then_some(actor),
            subject,
            category,
            matricola,
        };
        let deadline = self.infocig_deadline.filter(|day| day.parse::<Date>().is_ok());
        let facts = PriorityFacts { last_here: None, deadline };
        Ok(Person { key, entry, locale, asker: Asker { card, subject, facts } })
    }
}

/// The sign-in that `acr` and `amr` name: SPID and CIE share the `acr` values, `amr` tells them apart.
pub fn credential(acr: Option<&str>, amr: &[String]) -> Option<Credential> {
    let by = |method: &str| amr.iter().any(|listed| listed.eq_ignore_ascii_case(method));
    if by("cie") {
        return Some(Credential::Cie);
    }
    if by("cns") {
        return Some(Credential::Cns);
    }
    if by("pin") {
        return Some(Credential::Pin);
    }
    match acr? {
        "https://www.spid.gov.it/SpidL1" => Some(Credential::SpidL1),
        "https://www.spid.gov.it/SpidL2" => Some(Credential::SpidL2),
        "https://www.spid.gov.it/SpidL3" => Some(Credential::SpidL3),
        _ => None,
    }
}

fn full_name(given: &str, family: &str) -> Result<String, Refusal> {
    let name = format!("{} {}", given.trim(), family.trim());
    let name = non_empty("given_name", name.trim().to_string())?;
    if name.chars().count() > MAX_NAME_CHARS { Err(claim("given_name", "is too long")) } else { Ok(name) }
}

const MAX_NAME_CHARS: usize = 200;

// SPDX-License-Identifier: EUPL-1.2
//! Tokens: what a portal says of a person, or a sign-in of an advisor, and whether to believe it.
//!
//! A token is a JWS signed with ES256 by a configured issuer (RFC 7515, RFC 7519; practice of RFC 8725: algorithms are an
//! allow-list, `typ` is explicit, `iss` and `aud` are checked, every kind has rules of its own). It lives at most 120
//! seconds. Checks run from the outside in, and the first that fails names the refusal.
//!
//! `iss`, `aud`, `exp`, `iat`, `jti`, `sub` are as in RFC 7519; `act` as in RFC 8693; `acr`, `amr` as SPID and CIE name them;
//! `client_id` is the portal; `infocig_role` the capacity; `infocig_province` an ISTAT code; `matricola_inps` the company;
//! `locale` the language the person reads the portal in (BCP 47; any other than those of the service is Italian; without it
//! their browser is asked, for what the service says before a conversation);
//! `infocig_about` what the question is about, where the portal knows: `cigo`, `cigs`, `ais-fis`, `fondi` or `pagamenti`, and
//! any other word is as if it were not there.
//!
//! An advisor's token says whom they answer, each claim a list and each optional. A list that is absent or empty narrows
//! nothing, but for languages, where it means Italian.
//!
//! | claim | its words |
//! |---|---|
//! | `infocig_categories` | `lavoratore`, `titolare`, `rappresentante-legale`, `consulente` |
//! | `infocig_languages` | `it`, `de`, `fr`, `sl`, `en` |
//! | `infocig_regions` | names of regions as ISTAT writes them: all of their provinces |
//! | `infocig_provinces` | ISTAT codes |
//! | `infocig_skills` | the words of `infocig_about` |
//!
//! A word that is none of these is refused (`token-claim`): whoever answers nobody by mistake would never find out.

use infocig_domain::{
    desk::fit::Profile,
    people::{Advisor, Asker, Subject},
    province::{self, Province},
};
use infocig_protocol::{
    id::AdvisorId,
    language::Language,
    limits::MAX_TOKEN_BYTES,
    person::{ActingFor, Category, Credential, EntryPoint, PersonCard},
    problem::Code,
    skill::Skill,
    time::Timestamp,
};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{Jwk, JwkSet},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _},
};

use crate::{
    language,
    problem::Refusal,
    settings::{Issuer, Role},
};

/// A token whose header and issuer are acceptable, and whose signature has yet to be verified.
#[derive(Clone, Debug)]
pub struct Unverified<'t> {
    text: &'t str,
    /// The key its header names.
    pub key_id: Option<String>,
    /// Whose it claims to be.
    pub issuer: &'t Issuer,
}

/// Reads as much of a token as can be read without keys.
pub fn inspect<'t>(
    text: Option<&'t str>,
    role: Role,
    issuers: &'t [Issuer],
) -> Result<Unverified<'t>, Refusal> {
    let text =
        text.ok_or_else(|| Refusal::new(Code::TokenMissing, "send the token as Authorization: Bearer"))?;
    if text.len() > MAX_TOKEN_BYTES {
        return Err(malformed("the token is too long"));
    }
    let segments: Vec<&str> = text.split('.').collect();
    let [header, payload, _] = segments.as_slice() else {
        return Err(malformed("a token has three segments"));
    };
    let header: HeaderFields = json_segment(header, "header")?;
    match header.alg.as_str() {
        "ES256" => {}
        "none" => return Err(Refusal::new(Code::TokenUnsigned, "the token is not signed")),
        other => {
            let detail = format!("the algorithm {} is not accepted: sign with ES256", printable(other));
            return Err(Refusal::new(Code::TokenAlgorithm, detail));
        }
    }
    let expected = typ(role);
    if header.typ.as_deref() != Some(expected) {
        return Err(Refusal::new(Code::TokenType, format!("the token's typ must be {expected}")));
    }
    let claims: IssuerField = json_segment(payload, "payload")?;
    let issuer = claims.iss.as_str().and_then(|iss| issuers.iter().find(|issuer| issuer.issuer == iss));
    let issuer = issuer
        .filter(|issuer| issuer.roles.contains(&role))
        .ok_or_else(|| Refusal::new(Code::TokenIssuer, "no configured issuer of such tokens has that iss"))?;
    Ok(Unverified { text, key_id: header.kid, issuer })
}

impl Unverified<'_> {
    /// Whether a key set has a key that this token could be signed with.
    pub fn has_key_in(&self, keys: &JwkSet) -> bool {
        self.keys_in(keys).next().is_some()
    }

    /// Every key that could fit: those with the token's `kid`, and all of a set where the token names none. An issuer that
    /// rotates its keys may have two under one name for a while.
    fn keys_in<'k>(&'k self, keys: &'k JwkSet) -> impl Iterator<Item = &'k Jwk> {
        let fits =
            |key: &&Jwk| self.key_id.is_none() || key.common.key_id.as_deref() == self.key_id.as_deref();
        keys.keys.iter().filter(fits).take(MOST_KEYS_TRIED)
    }

    /// The person a hand-off token speaks of.
    pub fn person(&self, keys: &JwkSet, origin: &str, now: Timestamp) -> Result<Person, Refusal> {
        let claims: HandoffClaims = self.verified(keys, origin, now)?;
        claims.into_person(&self.issuer.issuer)
    }

    /// The advisor an advisor's token speaks of.
    pub fn advisor(&self, keys: &JwkSet, origin: &str, now: Timestamp) -> Result<SignedInAdvisor, Refusal> {
        let claims: AdvisorClaims = self.verified(keys, &desk_audience(origin), now)?;
        claims.into_advisor()
    }

    fn verified<C: DeserializeOwned>(
        &self,
        keys: &JwkSet,
        audience: &str,
        now: Timestamp,
    ) -> Result<C, Refusal> {
        let signature =
            || Refusal::new(Code::TokenSignature, "the signature does not verify under the issuer's keys");
        // Times and audience are checked below: time is an argument, and each has a refusal of its own.
        let mut validation = Validation::new(Algorithm::ES256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let verified = |key: &Jwk| {
            let key = DecodingKey::from_jwk(key).ok()?;
            jsonwebtoken::decode::<serde_json::Value>(self.text, &key, &validation).ok()
        };
        let token = self.keys_in(keys).find_map(verified).ok_or_else(signature)?;

        let registered: RegisteredClaims = claims_of(token.claims.clone())?;
        registered.check(audience, now, self.issuer.leeway_s.into())?;
        claims_of(token.claims)
    }
}

/// A person who signed in, as the rules and the objects need them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Names the person in this capacity: who signed in, at which issuer, as what, for whom. Never shown.
    pub key: String,
    /// The portal they come from.
    pub entry: EntryPoint,
    /// The language they read, where the portal says it.
    pub locale: Option<Language>,
    /// What an advisor is told, and whom registries know.
    pub asker: Asker,
}

/// An advisor who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedInAdvisor {
    /// Who they are.
    pub advisor: Advisor,
    /// Whom they answer.
    pub profile: Profile,
    /// Whether their `infocig_role` is `supervisor`.
    pub supervisor: bool,
}

#[derive(Deserialize)]
struct HeaderFields {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
}

#[derive(Deserialize)]
struct IssuerField {
    #[serde(default)]
    iss: serde_json::Value,
}

#[derive(Deserialize)]
struct RegisteredClaims {
    aud: Audience,
    exp: NumericDate,
    iat: NumericDate,
    nbf: Option<NumericDate>,
    jti: String,
}

/// Seconds since the epoch, in whole ones: a token may say them with a fraction (RFC 7519, 2), which is less than clocks differ.
#[derive(Clone, Copy)]
pub(crate) struct NumericDate(pub(crate) i64);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        #[expect(clippy::cast_possible_truncation, reason = "what is beyond the years there are saturates")]
        let whole = || number.as_f64().map(|seconds| seconds.floor() as i64);
        number.as_i64().or_else(whole).map(Self).ok_or_else(|| D::Error::custom("not a number of seconds"))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl RegisteredClaims {
    /// `leeway` is by how many seconds the clocks may differ.
    fn check(&self, audience: &str, now: Timestamp, leeway: i64) -> Result<(), Refusal> {
        let named = match &self.aud {
            Audience::One(one) => one == audience,
            Audience::Many(many) => many.iter().any(|one| one == audience),
        };
        if !named {
            return Err(Refusal::new(Code::TokenAudience, format!("aud must be {audience}")));
        }
        let now = now.as_millis().div_euclid(1000);
        let [exp, iat, nbf] = [self.exp, self.iat, self.nbf.unwrap_or(self.iat)].map(|NumericDate(at)| at);
        let late = now.saturating_sub(exp);
        if late >= leeway {
            let detail = format!(
                "exp was {late} s ago, by the service's clock; {leeway} s are allowed: ask for a new token"
            );
            return Err(Refusal::new(Code::TokenExpired, detail));
        }
        let early = nbf.max(iat).saturating_sub(now);
        if early > leeway {
            let detail =
                format!("nbf or iat is {early} s ahead of the service's clock; {leeway} s are allowed");
            return Err(Refusal::new(Code::TokenNotYetValid, detail));
        }
        if exp.saturating_sub(iat) > MAX_LIFETIME_S {
            return Err(Refusal::new(Code::TokenTooLongLived, "exp may be at most 120 seconds after iat"));
        }
        if self.jti.is_empty() {
            return Err(claim("jti", "must not be empty"));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct HandoffClaims {
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
}

/// RFC 8693: who acts, when the subject is somebody else.
#[derive(Deserialize)]
struct Actor {
    sub: String,
    given_name: String,
    family_name: String,
}

impl HandoffClaims {
    fn into_person(self, issuer: &str) -> Result<Person, Refusal> {
        let credential = credential(self.acr.as_deref(), &self.amr)
            .ok_or_else(|| claim("acr", "names no sign-in this service knows"))?;
        let category = Category::parse(&self.infocig_role)
            .ok_or_else(|| claim("infocig_role", "names no category of this service"))?;
        let entry = EntryPoint::parse(&self.client_id)
            .ok_or_else(|| claim("client_id", "names no portal of this service"))?;
        let locale = language::asked(self.locale.as_deref());
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
        // A company without a number is told apart by its name. A JSON list keeps the parts apart whatever they hold.
        let represented = matricola.as_deref().or(acting_for.as_ref().map(|other| other.name.as_str()));
        let parts = [issuer, &subject, &actor, category.as_str(), represented.unwrap_or_default()];
        let key = serde_json::to_string(&parts).map_err(|_| claim("sub", "cannot be written"))?;
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
        Ok(Person { key, entry, locale, asker: Asker { card, subject } })
    }
}

#[derive(Deserialize)]
struct AdvisorClaims {
    sub: String,
    name: String,
    infocig_role: String,
    #[serde(default)]
    infocig_categories: Vec<String>,
    #[serde(default)]
    infocig_languages: Vec<String>,
    #[serde(default)]
    infocig_regions: Vec<String>,
    #[serde(default)]
    infocig_provinces: Vec<String>,
    #[serde(default)]
    infocig_skills: Vec<String>,
}

impl AdvisorClaims {
    fn into_advisor(self) -> Result<SignedInAdvisor, Refusal> {
        let supervisor = match self.infocig_role.as_str() {
            "advisor" => false,
            "supervisor" => true,
            _ => return Err(claim("infocig_role", "must be advisor or supervisor")),
        };
        let id = AdvisorId::parse(self.sub).map_err(|error| claim("sub", &error.to_string()))?;
        let name = non_empty("name", self.name)?;
        let language = |word: &str| Language::ALL.into_iter().find(|language| language.as_str() == word);
        let region = |name: &str| {
            let codes: Vec<String> =
                province::all().filter(|one| one.region == name).map(|one| one.code.into()).collect();
            (!codes.is_empty()).then_some(codes)
        };
        let province = |code: &str| Province::by_code(code).map(|one| one.code.to_string());
        let mut provinces = words("infocig_regions", &self.infocig_regions, region)?.concat();
        provinces.extend(words("infocig_provinces", &self.infocig_provinces, province)?);
        let profile = Profile {
            categories: words("infocig_categories", &self.infocig_categories, Category::parse)?,
            languages: words("infocig_languages", &self.infocig_languages, language)?,
            provinces,
            skills: words("infocig_skills", &self.infocig_skills, Skill::parse)?,
        };
        Ok(SignedInAdvisor { advisor: Advisor { id, name }, profile, supervisor })
    }
}

/// A claim that is a list of known words.
fn words<T>(name: &str, list: &[String], parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Refusal> {
    let unknown = |word: &str| claim(name, &format!("has an unknown word: {}", printable(word)));
    list.iter().map(|word| parse(word).ok_or_else(|| unknown(word))).collect()
}

/// The audience of advisors' tokens at a service of that origin.
pub fn desk_audience(origin: &str) -> String {
    format!("{origin}/desk")
}

/// The `typ` of tokens for a role.
pub fn typ(role: Role) -> &'static str {
    match role {
        Role::Citizen => "infocig-handoff+jwt",
        Role::Advisor => "infocig-advisor+jwt",
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

fn non_empty(name: &str, text: String) -> Result<String, Refusal> {
    if text.trim().is_empty() { Err(claim(name, "must not be empty")) } else { Ok(text) }
}

fn claim(name: &str, reason: &str) -> Refusal {
    Refusal::new(Code::TokenClaim, format!("claim {name} {reason}"))
}

fn malformed(detail: &str) -> Refusal {
    Refusal::new(Code::TokenMalformed, detail)
}

fn json_segment<T: DeserializeOwned>(segment: &str, which: &str) -> Result<T, Refusal> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    let bytes = URL_SAFE_NO_PAD
        .decode(segment)
        .map_err(|_| malformed(&format!("the token's {which} is not base64url")))?;
    serde_json::from_slice(&bytes)
        .map_err(|_| malformed(&format!("the token's {which} is not a JSON object of claims")))
}

fn claims_of<C: DeserializeOwned>(claims: serde_json::Value) -> Result<C, Refusal> {
    serde_json::from_value(claims).map_err(|error| Refusal::new(Code::TokenClaim, format!("claims: {error}")))
}

/// What may be repeated back to a caller: short, without control characters.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(16).collect()
}

/// Reads a key set. A key that cannot be read is as good as disconnected_since: it must not take the others along.
pub fn read_keys(text: &str) -> Result<JwkSet, serde_json::Error> {
    #[derive(Deserialize)]
    struct Raw {
        keys: Vec<serde_json::Value>,
    }
    let Raw { keys } = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
    Ok(JwkSet { keys: keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect() })
}

/// Trying a key costs milliseconds, and anybody can send a token.
const MOST_KEYS_TRIED: usize = 4;
const MAX_LIFETIME_S: i64 = 120;
const MAX_NAME_CHARS: usize = 200;

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header};
    use p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint, pkcs8::EncodePrivateKey};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const ORIGIN: &str = "https://chat.example";
    const NOW_S: i64 = 1_795_444_800;
    const LEEWAY_S: u16 = 60;

    #[test]
    fn a_good_token_names_its_person() {
        let person = handoff(|_| {}).unwrap();

        assert_eq!(person.asker.card.name, "Lucia Ferretti");
        assert_eq!(person.asker.card.credential, Credential::SpidL2);
        assert_eq!(person.entry, EntryPoint::Myinps);
        assert_eq!(person.asker.card.acting_for, None);
        assert_eq!(person.asker.card.province_name, "Roma");
    }

    #[test]
    fn a_token_has_a_largest_size() {
        let detail = |size: usize| inspect(Some(&"a".repeat(size)), Role::Citizen, &[]).unwrap_err().detail;

        assert_eq!(detail(16_384), "a token has three segments");
        assert_eq!(detail(16_385), "the token is too long");
    }

    #[test]
    fn a_token_may_say_what_the_question_is_about_and_in_which_language() {
        let card = |about: &'static str, locale: &'static str| {
            let claims = |claims: &mut Value| {
                claims["infocig_about"] = json!(about);
                claims["locale"] = json!(locale);
            };
            handoff(claims).unwrap().asker.card
        };
        let said = card("ais-fis", "de-IT");
        assert_eq!((said.about, said.language), (Some(Skill::AisFis), Language::De));
        let unknown = card("pensioni", "pt");
        assert_eq!((unknown.about, unknown.language), (None, Language::It));
    }

    #[test]
    fn an_advisors_token_says_whom_they_answer() {
        assert_eq!(advisor(|_| {}).unwrap().profile, Profile::default());
        let profile = advisor(|claims| {
            claims["infocig_categories"] = json!(["titolare"]);
            claims["infocig_languages"] = json!(["it", "de"]);
            claims["infocig_regions"] = json!(["Umbria"]);
            claims["infocig_provinces"] = json!(["215"]);
            claims["infocig_skills"] = json!(["cigo", "fondi"]);
        });
        let profile = profile.unwrap().profile;
        assert_eq!(profile.categories, [Category::Titolare]);
        assert_eq!(profile.languages, [Language::It, Language::De]);
        assert_eq!(profile.provinces, ["054", "055", "015"], "Perugia and Terni, and Milano by either code");
        assert_eq!(profile.skills, [Skill::Cigo, Skill::Fondi]);
    }

    #[test]
    fn an_advisors_token_says_whether_they_supervise() {
        let role = |role: &str| advisor(|claims| claims["infocig_role"] = json!(role));
        assert!(!role("advisor").unwrap().supervisor);
        assert!(role("supervisor").unwrap().supervisor);
        for wrong in ["Supervisor", "lavoratore", ""] {
            assert_eq!(role(wrong).map_err(|refusal| refusal.code), Err(Code::TokenClaim), "{wrong}");
        }
    }

    #[test]
    fn an_advisor_who_would_answer_nobody_by_mistake_is_refused() {
        for name in ["categories", "languages", "regions", "provinces", "skills"] {
            for wrong in [json!(["altro"]), json!("it"), json!([7])] {
                let refused = advisor(|claims| claims[format!("infocig_{name}")] = wrong.clone());
                assert_eq!(refused.map_err(|refusal| refusal.code), Err(Code::TokenClaim), "{name} {wrong}");
            }
        }
    }

    #[test]
    fn the_same_person_for_another_company_is_somebody_else() {
        let consultant = |matricola: &'static str| {
            handoff(move |claims| {
                claims["infocig_role"] = json!("consulente");
                claims["client_id"] = json!("cassetto-previdenziale");
                claims["matricola_inps"] = json!(matricola);
                claims["https://attributes.eid.gov.it/company_name"] = json!("Azienda Di Prova");
            })
            .unwrap()
        };
        assert_ne!(consultant("1234567890").key, consultant("1234567891").key);
        assert_eq!(consultant("1234567890").key, consultant(" 1234567890 ").key);
        assert_eq!(consultant("1234567890").asker.card.acting_for.unwrap().name, "Azienda Di Prova");
    }

    #[test]
    fn companies_without_a_number_are_told_apart_by_name() {
        let owner = |company: &'static str| {
            handoff(move |claims| {
                claims["infocig_role"] = json!("titolare");
                claims["https://attributes.eid.gov.it/company_name"] = json!(company);
            })
            .unwrap()
        };
        assert_ne!(owner("Alfa").key, owner("Beta").key);
    }

    #[test]
    fn who_acts_for_another_is_named_and_so_is_the_other() {
        let person = handoff(|claims| {
            claims["act"] = json!({ "sub": "guardian", "given_name": "Anna", "family_name": "Conti" });
        })
        .unwrap();

        assert_eq!(person.asker.card.name, "Anna Conti");
        assert_eq!(person.asker.card.acting_for.unwrap().name, "Lucia Ferretti");
        assert_ne!(person.key, handoff(|_| {}).unwrap().key);
    }

    #[test]
    fn each_thing_that_can_be_wrong_has_a_code_of_its_own() {
        let check = |expected: Code, changes: &[(&str, Value)]| {
            let refused = handoff(|claims| {
                for (name, value) in changes {
                    claims[*name] = value.clone();
                }
            });
            assert_eq!(refused.map_err(|refusal| refusal.code), Err(expected), "{changes:?}");
        };
        check(Code::TokenIssuer, &[("iss", json!("https://altrove.example"))]);
        check(Code::TokenIssuer, &[("iss", json!(7))]);
        check(Code::TokenAudience, &[("aud", json!("https://altrove.example"))]);
        check(Code::TokenAudience, &[("aud", json!(desk_audience(ORIGIN)))]);
        check(Code::TokenExpired, &[("iat", json!(NOW_S - 180)), ("exp", json!(NOW_S - 60))]);
        check(Code::TokenNotYetValid, &[("nbf", json!(NOW_S + 61))]);
        check(Code::TokenTooLongLived, &[("exp", json!(NOW_S + 121))]);
        check(Code::TokenClaim, &[("infocig_role", json!("presidente"))]);
        check(Code::TokenClaim, &[("infocig_role", json!("titolare"))]);
        check(Code::TokenClaim, &[("acr", json!("https://altrove.example/L9"))]);
        check(Code::TokenClaim, &[("jti", json!(""))]);
        check(Code::TokenClaim, &[("exp", json!("soon"))]);
        for name in
            ["aud", "exp", "iat", "jti", "sub", "client_id", "infocig_role", "given_name", "infocig_province"]
        {
            check(Code::TokenClaim, &[(name, Value::Null)]);
        }
    }

    #[test]
    fn clocks_may_differ_by_the_leeway_and_a_refusal_says_by_how_much_they_do() {
        let lived = |from: i64, to: i64| {
            let claims = move |claims: &mut Value| {
                (claims["iat"], claims["exp"]) = (json!(NOW_S + from), json!(NOW_S + to));
                claims["nbf"] = Value::Null;
            };
            handoff(claims).map(|_| ()).map_err(|refusal| (refusal.code, refusal.detail))
        };
        assert_eq!(lived(-100, -59), Ok(()));
        let (code, detail) = lived(-100, -60).unwrap_err();
        assert_eq!(code, Code::TokenExpired);
        assert!(detail.starts_with("exp was 60 s ago"), "{detail}");
        assert_eq!(lived(60, 120), Ok(()));
        let (code, detail) = lived(61, 120).unwrap_err();
        assert_eq!(code, Code::TokenNotYetValid);
        assert!(detail.contains("61 s ahead") && detail.contains("60 s are allowed"), "{detail}");
    }

    #[test]
    fn an_advisor_is_not_a_citizen_nor_the_reverse() {
        let issuers = issuers();
        let (token, _) = signed(Role::Citizen, &claims());
        assert_eq!(
            inspect(Some(&token), Role::Advisor, &issuers).map_err(|r| r.code).err(),
            Some(Code::TokenType)
        );
    }

    /// Kind: strange key sets.
    #[test]
    fn every_key_that_could_fit_is_tried_and_one_bad_key_spoils_none() {
        let named = |seed| public(seed, json!("k1"));
        let verified = |kid: Option<&str>, keys: Value, mark: &str| {
            let keys = read_keys(&format!("{mark}{}", json!({ "keys": keys }))).unwrap();
            let (token, issuers) = (signed_as(Role::Citizen, &claims(), kid), issuers());
            let token = inspect(Some(&token), Role::Citizen, &issuers).unwrap();
            token.person(&keys, ORIGIN, Timestamp::from_millis(NOW_S * 1000)).map_err(|refusal| refusal.code)
        };
        let (ours, another) = (named(OURS), named(ANOTHER));
        let unnamed = || public(OURS, Value::Null);

        for (kid, keys) in [
            (Some("k1"), json!([another, ours])),
            (None, json!([another, ours])),
            (None, json!([unnamed()])),
            (
                Some("k1"),
                json!([public(ANOTHER, json!(7)), "no key", { "kty": "EC" }, { "kty": "oct" }, ours]),
            ),
        ] {
            assert!(verified(kid, keys.clone(), "").is_ok(), "{kid:?} {keys}");
            assert!(verified(kid, keys.clone(), "\u{feff}").is_ok(), "{kid:?} {keys}");
        }
        for (kid, keys) in [
            (Some("k1"), json!([another])),
            (Some("k2"), json!([ours])),
            (None, json!([another])),
            (None, json!([])),
        ] {
            assert_eq!(verified(kid, keys.clone(), "").err(), Some(Code::TokenSignature), "{kid:?} {keys}");
        }
        assert!(read_keys("<html>").is_err());
    }

    #[test]
    fn times_may_have_a_fraction() {
        let at = |name: &'static str, seconds: Value| handoff(move |claims| claims[name] = seconds.clone());
        assert!(at("exp", json!(1_795_444_920.75)).is_ok());
        assert!(at("iat", json!(1_795_444_800.25)).is_ok());
        assert!(at("nbf", json!(1_795_444_800.5)).is_ok());
        assert_eq!(at("exp", json!(1e300)).map_err(|refusal| refusal.code), Err(Code::TokenTooLongLived));
        for wrong in [json!("1795444920"), json!(null)] {
            assert_eq!(
                at("exp", wrong.clone()).map_err(|refusal| refusal.code),
                Err(Code::TokenClaim),
                "{wrong}"
            );
        }
    }

    #[test]
    fn an_issuer_opens_only_what_it_may() {
        let issuers = vec![Issuer { roles: vec![Role::Advisor], ..issuers().remove(0) }];
        let (token, _) = signed(Role::Citizen, &claims());
        assert_eq!(
            inspect(Some(&token), Role::Citizen, &issuers).map_err(|r| r.code).err(),
            Some(Code::TokenIssuer)
        );
    }

    #[test]
    fn sign_ins_have_the_names_the_standards_give_them() {
        let spid = |level: &str| credential(Some(&format!("https://www.spid.gov.it/SpidL{level}")), &[]);
        assert_eq!(
            [spid("1"), spid("2"), spid("3"), spid("4")].map(|c| c.map(Credential::as_str)),
            [Some("spid-l1"), Some("spid-l2"), Some("spid-l3"), None]
        );
        let by = |method: &str| credential(Some("https://www.spid.gov.it/SpidL2"), &[method.to_string()]);
        assert_eq!(by("CIE"), Some(Credential::Cie));
        assert_eq!(by("cns"), Some(Credential::Cns));
        assert_eq!(by("pin"), Some(Credential::Pin));
    }

    proptest! {
        #[test]
        fn no_text_makes_a_token_panic(text in "\\PC{0,200}") {
            let _ = inspect(Some(&text), Role::Citizen, &issuers()).map(|token| token.key_id);
        }

        #[test]
        fn no_claims_make_a_token_panic(name in "[a-z_]{1,12}", value in any_json()) {
            let _ = handoff(|claims| claims[name.as_str()] = value.clone());
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Value::from))
    }

    fn handoff(change: impl FnOnce(&mut Value)) -> Result<Person, Refusal> {
        let mut claims = claims();
        change(&mut claims);
        let (token, keys) = signed(Role::Citizen, &claims);
        let issuers = issuers();
        inspect(Some(&token), Role::Citizen, &issuers)?.person(
            &keys,
            ORIGIN,
            Timestamp::from_millis(NOW_S * 1000),
        )
    }

    fn advisor(change: impl FnOnce(&mut Value)) -> Result<SignedInAdvisor, Refusal> {
        let mut claims = json!({
            "iss": "https://portale.example", "aud": desk_audience(ORIGIN), "sub": "adv-1", "jti": "1",
            "iat": NOW_S, "exp": NOW_S + 120, "name": "Giulia", "infocig_role": "advisor",
        });
        change(&mut claims);
        let (token, keys) = signed(Role::Advisor, &claims);
        let issuers = vec![Issuer { roles: vec![Role::Advisor], ..issuers().remove(0) }];
        let token = inspect(Some(&token), Role::Advisor, &issuers)?;
        token.advisor(&keys, ORIGIN, Timestamp::from_millis(NOW_S * 1000))
    }

    fn claims() -> Value {
        json!({
            "iss": "https://portale.example",
            "aud": ORIGIN,
            "sub": "pairwise-1",
            "jti": "0b4f8f2c-7a51-4e57-9a52-3f9f0a0c1d2e",
            "iat": NOW_S, "nbf": NOW_S, "exp": NOW_S + 120,
            "acr": "https://www.spid.gov.it/SpidL2", "amr": ["spid"],
            "client_id": "myinps",
            "infocig_role": "lavoratore",
            "infocig_province": "058",
            "given_name": "Lucia", "family_name": "Ferretti",
        })
    }

    fn issuers() -> Vec<Issuer> {
        vec![Issuer {
            issuer: "https://portale.example".into(),
            jwks_uri: "https://portale.example/jwks".into(),
            roles: vec![Role::Citizen],
            origins: vec!["https://portale.example".into()],
            leeway_s: LEEWAY_S,
        }]
    }

    /// Signs claims with a key of the test's own, and gives the key set that goes with it.
    fn signed(role: Role, claims: &Value) -> (String, JwkSet) {
        let keys = json!({ "keys": [public(OURS, json!("k1"))] });
        (signed_as(role, claims, Some("k1")), read_keys(&keys.to_string()).unwrap())
    }

    /// The same, with a `kid` or none.
    fn signed_as(role: Role, claims: &Value, kid: Option<&str>) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(typ(role).into());
        header.kid = kid.map(String::from);
        let der = SecretKey::from_slice(&[OURS; 32]).unwrap().to_pkcs8_der().unwrap();
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(der.as_bytes())).unwrap()
    }

    /// The public half of a key made of one byte, as a key set has it.
    fn public(seed: u8, kid: Value) -> Value {
        let point = SecretKey::from_slice(&[seed; 32]).unwrap().public_key().to_encoded_point(false);
        let encode = |bytes: &[u8]| {
            use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
            URL_SAFE_NO_PAD.encode(bytes)
        };
        json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid,
            "x": encode(point.x().unwrap()), "y": encode(point.y().unwrap()),
        })
    }

    /// The key that signs.
    const OURS: u8 = 7;
    const ANOTHER: u8 = 8;
}

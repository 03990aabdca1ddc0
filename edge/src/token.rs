// SPDX-License-Identifier: EUPL-1.2
//! Tokens: what a portal says of a person, or a sign-in of an advisor, and whether to believe it.
//!
//! A token is a JWS signed with ES256 by a configured issuer (RFC 7515, RFC 7519; practice of RFC 8725: algorithms are an
//! allow-list, `typ` is explicit, `iss` and `aud` are checked, every kind has rules of its own). It lives at most 120
//! seconds. Checks run from the outside in, and the first that fails names the refusal.
//!
//! `iss`, `aud`, `exp`, `iat`, `jti`, `sub` are as in RFC 7519; `act` as in RFC 8693; `acr`, `amr` as SPID and CIE name them;
//! `client_id` is the portal; `infocig_role` the capacity; `infocig_province` an ISTAT code; `matricola_inps` the company.

use infocig_domain::notice::Advisor;
use infocig_protocol::{
    id::AdvisorId,
    limits::MAX_BODY_BYTES,
    person::{ActingFor, Category, Credential, EntryPoint, PersonCard},
    problem::Code,
    time::Timestamp,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
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
    role: Role,
}

/// Reads as much of a token as can be read without keys.
pub fn inspect<'t>(
    text: Option<&'t str>,
    role: Role,
    issuers: &'t [Issuer],
) -> Result<Unverified<'t>, Refusal> {
    let text =
        text.ok_or_else(|| Refusal::new(Code::TokenMissing, "send the token as Authorization: Bearer"))?;
    if text.len() > MAX_BODY_BYTES {
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
            let detail = format!(
                "the algorithm {} is not accepted: sign with ES256",
                printable(other)
            );
            return Err(Refusal::new(Code::TokenAlgorithm, detail));
        }
    }
    let expected = typ(role);
    if header.typ.as_deref() != Some(expected) {
        return Err(Refusal::new(
            Code::TokenType,
            format!("the token's typ must be {expected}"),
        ));
    }
    let claims: IssuerField = json_segment(payload, "payload")?;
    let issuer = claims
        .iss
        .as_deref()
        .and_then(|iss| issuers.iter().find(|issuer| issuer.issuer == iss));
    let issuer = issuer
        .filter(|issuer| issuer.roles.contains(&role))
        .ok_or_else(|| {
            Refusal::new(
                Code::TokenIssuer,
                "no configured issuer of such tokens has that iss",
            )
        })?;
    Ok(Unverified {
        text,
        key_id: header.kid,
        issuer,
        role,
    })
}

impl Unverified<'_> {
    /// Whether a key set has the key this token names.
    pub fn has_key_in(&self, keys: &JwkSet) -> bool {
        self.key_id.as_deref().is_some_and(|kid| keys.find(kid).is_some())
    }

    /// The person a hand-off token speaks of.
    pub fn into_person(self, keys: &JwkSet, origin: &str, now: Timestamp) -> Result<Person, Refusal> {
        let claims: HandoffClaims = self.verified(keys, origin, now)?;
        claims.into_person(&self.issuer.issuer)
    }

    /// The advisor an advisor's token speaks of.
    pub fn into_advisor(self, keys: &JwkSet, origin: &str, now: Timestamp) -> Result<Advisor, Refusal> {
        let claims: AdvisorClaims = self.verified(keys, &desk_audience(origin), now)?;
        if !matches!(claims.infocig_role.as_str(), "advisor" | "supervisor") {
            return Err(claim("infocig_role", "must be advisor or supervisor"));
        }
        let id = AdvisorId::parse(claims.sub).map_err(|error| claim("sub", &error.to_string()))?;
        let name = non_empty("name", claims.name)?;
        Ok(Advisor { id, name })
    }

    fn verified<C: DeserializeOwned>(
        &self,
        keys: &JwkSet,
        audience: &str,
        now: Timestamp,
    ) -> Result<C, Refusal> {
        let signature = || {
            Refusal::new(
                Code::TokenSignature,
                "the signature does not verify under the issuer's keys",
            )
        };
        let key = self
            .key_id
            .as_deref()
            .and_then(|kid| keys.find(kid))
            .ok_or_else(signature)?;
        let key = DecodingKey::from_jwk(key).map_err(|_| signature())?;

        // Times and audience are checked below: time is an argument, and each has a refusal of its own.
        let mut validation = Validation::new(Algorithm::ES256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let token = jsonwebtoken::decode::<serde_json::Value>(self.text, &key, &validation)
            .map_err(|_| signature())?;

        let registered: RegisteredClaims = claims_of(token.claims.clone())?;
        registered.check(audience, now)?;
        claims_of(token.claims)
    }

    /// What the token is for.
    pub fn role(&self) -> Role {
        self.role
    }
}

/// A person who signed in, as the rules and the objects need them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Names the person in this capacity: who signed in, at which issuer, as what, for whom. Never shown.
    pub key: String,
    /// The portal they come from.
    pub entry: EntryPoint,
    /// What an advisor is told.
    pub card: PersonCard,
}

#[derive(Deserialize)]
struct HeaderFields {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
}

#[derive(Deserialize)]
struct IssuerField {
    iss: Option<String>,
}

#[derive(Deserialize)]
struct RegisteredClaims {
    aud: Audience,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    jti: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl RegisteredClaims {
    fn check(&self, audience: &str, now: Timestamp) -> Result<(), Refusal> {
        let named = match &self.aud {
            Audience::One(one) => one == audience,
            Audience::Many(many) => many.iter().any(|one| one == audience),
        };
        if !named {
            return Err(Refusal::new(
                Code::TokenAudience,
                format!("aud must be {audience}"),
            ));
        }
        let now = now.as_millis().div_euclid(1000);
        if now >= self.exp.saturating_add(SKEW_S) {
            return Err(Refusal::new(
                Code::TokenExpired,
                "the token has expired: ask the portal for a new one",
            ));
        }
        if self.nbf.unwrap_or(self.iat).max(self.iat) > now.saturating_add(SKEW_S) {
            return Err(Refusal::new(
                Code::TokenNotYetValid,
                "nbf or iat lies in the future",
            ));
        }
        if self.exp.saturating_sub(self.iat) > MAX_LIFETIME_S {
            return Err(Refusal::new(
                Code::TokenTooLongLived,
                "exp may be at most 120 seconds after iat",
            ));
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
        let subject = non_empty("sub", self.sub)?;
        let subject_name = full_name(&self.given_name, &self.family_name)?;

        let matricola = self.matricola_inps.filter(|text| !text.trim().is_empty());
        let company = self.company_name.filter(|text| !text.trim().is_empty());
        let (actor, name, acting_for) = match (self.act, company) {
            (Some(act), company) => {
                let name = full_name(&act.given_name, &act.family_name)?;
                let represented = company.unwrap_or(subject_name);
                (
                    act.sub,
                    name,
                    Some(ActingFor {
                        name: represented,
                        matricola: matricola.clone(),
                    }),
                )
            }
            (None, Some(company)) => {
                let acting_for = ActingFor {
                    name: company,
                    matricola: matricola.clone(),
                };
                (subject.clone(), subject_name, Some(acting_for))
            }
            (None, None) if category == Category::Lavoratore => (subject.clone(), subject_name, None),
            (None, None) => return Err(claim("https://attributes.eid.gov.it/company_name", "is required")),
        };
        // A JSON list keeps the parts apart whatever characters they hold.
        let parts = [
            issuer,
            &subject,
            &actor,
            category.as_str(),
            matricola.as_deref().unwrap_or_default(),
        ];
        let key = serde_json::to_string(&parts).map_err(|_| claim("sub", "cannot be written"))?;
        let card = PersonCard {
            name,
            category,
            province: self.infocig_province,
            credential,
            acting_for,
        };
        Ok(Person { key, entry, card })
    }
}

#[derive(Deserialize)]
struct AdvisorClaims {
    sub: String,
    name: String,
    infocig_role: String,
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
    if name.chars().count() > MAX_NAME_CHARS {
        Err(claim("given_name", "is too long"))
    } else {
        Ok(name)
    }
}

fn non_empty(name: &str, text: String) -> Result<String, Refusal> {
    if text.trim().is_empty() {
        Err(claim(name, "must not be empty"))
    } else {
        Ok(text)
    }
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

/// Clocks of portals and of this service may differ by this much.
const SKEW_S: i64 = 5;
const MAX_LIFETIME_S: i64 = 120;
const MAX_NAME_CHARS: usize = 200;

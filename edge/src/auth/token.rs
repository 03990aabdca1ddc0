// SPDX-License-Identifier: EUPL-1.2
//! Tokens of issuers: hand-off tokens of portals, and advisors' tokens of sign-ins. Each is a JWS signed with ES256 by a
//! configured issuer, has a `typ` of its own and lives at most 120 seconds.
//!
//! Checks run from the outside in, and the first that fails names the refusal: form and `alg`, `typ`, `iss`, signature, `aud` and
//! times, then the claims of the kind ([`handoff`](super::handoff), [`advisor`](super::advisor)).

use infocig_protocol::{limits::MAX_TOKEN_BYTES, problem::Code, time::Timestamp};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    advisor::{AdvisorClaims, SignedInAdvisor, desk_audience},
    handoff::{HandoffClaims, Person},
    jws::{self, Header, RegisteredClaims, Violation},
};
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
    /// The issuer its `iss` names.
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
    let [header, payload, _] = jws::segments(text).ok_or_else(|| malformed("a token has three segments"))?;
    let header: Header = jws::json_segment(header).map_err(|wrong| in_part("header", wrong))?;
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
    let claims: IssuerField = jws::json_segment(payload).map_err(|wrong| in_part("payload", wrong))?;
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

    /// The person of a hand-off token.
    pub fn person(&self, keys: &JwkSet, origin: &str, now: Timestamp) -> Result<Person, Refusal> {
        let claims: HandoffClaims = self.verified(keys, origin, now)?;
        claims.into_person(&self.issuer.issuer)
    }

    /// The advisor of an advisor's token.
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
        let claims = self.keys_in(keys).find_map(|key| jws::claims_under(key, self.text));
        let claims = claims.ok_or_else(|| {
            Refusal::new(Code::TokenSignature, "the signature does not verify under the issuer's keys")
        })?;
        let registered: RegisteredClaims = claims_of(claims.clone())?;
        let leeway_s = self.issuer.leeway_s;
        registered.check(audience, now, leeway_s).map_err(|violation| {
            let code = match violation {
                Violation::Audience => Code::TokenAudience,
                Violation::Expired(_) => Code::TokenExpired,
                Violation::NotYetValid(_) => Code::TokenNotYetValid,
                Violation::Lifetime => Code::TokenTooLongLived,
                Violation::Id => Code::TokenClaim,
            };
            Refusal::new(code, violation.detail(audience, leeway_s))
        })?;
        claims_of(claims)
    }
}

#[derive(Deserialize)]
struct IssuerField {
    #[serde(default)]
    iss: serde_json::Value,
}

/// The `typ` of tokens for a role.
pub fn typ(role: Role) -> &'static str {
    match role {
        Role::Citizen => "infocig-handoff+jwt",
        Role::Advisor => "infocig-advisor+jwt",
    }
}

fn in_part(part: &str, wrong: &str) -> Refusal {
    malformed(&format!("the token's {part} {wrong}"))
}

fn malformed(detail: &str) -> Refusal {
    Refusal::new(Code::TokenMalformed, detail)
}

fn claims_of<C: DeserializeOwned>(claims: serde_json::Value) -> Result<C, Refusal> {
    serde_json::from_value(claims).map_err(|error| Refusal::new(Code::TokenClaim, format!("claims: {error}")))
}

pub(super) fn non_empty(name: &str, text: String) -> Result<String, Refusal> {
    if text.trim().is_empty() { Err(claim(name, "must not be empty")) } else { Ok(text) }
}

pub(super) fn claim(name: &str, reason: &str) -> Refusal {
    Refusal::new(Code::TokenClaim, format!("claim {name} {reason}"))
}

/// A text of a caller as it may be repeated to them: short, without control characters.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(16).collect()
}

/// Trying a key costs milliseconds, and anybody can send a token.
const MOST_KEYS_TRIED: usize = 4;

#[cfg(test)]
mod tests;

// SPDX-License-Identifier: EUPL-1.2
//! Tokens: valid claims, changes to single claims, and forged signatures.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use infocig_demo::{
    Advisor, HANDOFF_TYPE, Person, advisor_claims, default_entry, desk_audience, handoff_claims, uuid_v4,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::error::{Error, While};

/// The claims of a token before it is signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims(Value);

impl Claims {
    /// The claims of a portal for a person, who acts for their first company, if they have one.
    pub fn of_person(person: &Person, issuer: &str, edge: &str) -> Result<Self, Error> {
        let company = person.companies.first();
        let entry = default_entry(person);
        let claims = handoff_claims(person, company, entry, issuer, edge, now(), &new_id()?);
        Ok(Self(claims))
    }

    /// The claims for an advisor.
    pub fn of_advisor(advisor: &Advisor, issuer: &str, edge: &str) -> Result<Self, Error> {
        let claims = advisor_claims(advisor, issuer, &desk_audience(edge), now(), &new_id()?);
        Ok(Self(claims))
    }

    /// The same with another value for one claim.
    #[must_use]
    pub fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.0[claim] = value.into();
        self
    }

    /// The same without one claim.
    #[must_use]
    pub fn without(mut self, claim: &str) -> Self {
        if let Some(claims) = self.0.as_object_mut() {
            claims.remove(claim);
        }
        self
    }

    /// The same, valid from `from` to `to`, in seconds from now.
    #[must_use]
    pub fn alive(self, from: i64, to: i64) -> Self {
        let now = now();
        self.with("iat", now + from).with("nbf", now + from).with("exp", now + to)
    }

    /// The claims as JSON.
    pub fn as_value(&self) -> &Value {
        &self.0
    }
}

/// A hand-off token with `alg` `none`.
pub fn unsigned(claims: &Claims, kid: &str) -> String {
    let header = json!({ "alg": "none", "typ": HANDOFF_TYPE, "kid": kid });
    let segment = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", segment(&header), segment(&claims.0))
}

/// A hand-off token signed by HMAC with the issuer's public key as the secret: a verifier that trusts the `alg` of the header
/// accepts it.
pub fn signed_with_the_public_key(claims: &Claims, kid: &str, public_key: &str) -> Result<String, Error> {
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(HANDOFF_TYPE.into());
    header.kid = Some(kid.into());
    let secret = EncodingKey::from_secret(public_key.as_bytes());
    jsonwebtoken::encode(&header, &claims.0, &secret).while_doing("forging a token")
}

/// A random id, for a token or a message.
pub fn new_id() -> Result<String, Error> {
    uuid_v4().map_err(|error| Error::new(format!("no random id: {error}")))
}

/// Seconds since the epoch by the wall clock, which the validity of tokens is measured by.
pub fn now() -> i64 {
    now_ms() / 1_000
}

/// Milliseconds since the epoch by the wall clock.
pub(crate) fn now_ms() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the one place where the tests look at the clock")]
    let now = std::time::SystemTime::now();
    let since_epoch = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

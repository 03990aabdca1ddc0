// SPDX-License-Identifier: EUPL-1.2
//! The checks that every JWS of another system must pass (RFC 7515, RFC 7519, practice of RFC 8725): ES256 alone, an audience
//! that is this service, and a life of at most [`MAX_LIFETIME_S`] around now.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use infocig_protocol::time::Timestamp;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use serde_json::Value;

/// Longest life of a token, from `iat` to `exp`.
pub const MAX_LIFETIME_S: i64 = 120;

/// By how many seconds clocks may differ where a setting does not say otherwise. A minute, as most libraries have it.
pub const SKEW_S: u16 = 60;

/// Largest `leeway_s` of a setting: a much longer one would exceed the lifetime of a token.
pub const MAX_SKEW_S: u16 = 300;

/// The members of a JOSE header that are looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) typ: Option<String>,
    pub(super) kid: Option<String>,
    pub(super) crit: Option<Value>,
}

/// The registered claims (RFC 7519, 4.1) that are always needed.
#[derive(Debug, Deserialize)]
pub(super) struct RegisteredClaims {
    aud: Audience,
    pub(super) exp: NumericDate,
    iat: NumericDate,
    nbf: Option<NumericDate>,
    pub(super) jti: String,
}

/// The first registered claim that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Violation {
    /// `aud` does not name this service.
    Audience,
    /// `exp` was so many seconds ago.
    Expired(i64),
    /// `nbf` or `iat` is so many seconds ahead.
    NotYetValid(i64),
    /// `exp` is not within [`MAX_LIFETIME_S`] after `iat`.
    Lifetime,
    /// `jti` is empty, or longer than [`MAX_JTI_BYTES`].
    Id,
}

impl RegisteredClaims {
    /// Checks the claims at `now`; the clocks may differ by `leeway_s`.
    pub(super) fn check(&self, audience: &str, now: Timestamp, leeway_s: u16) -> Result<(), Violation> {
        let is_named = match &self.aud {
            Audience::One(one) => one == audience,
            Audience::Many(many) => many.iter().any(|one| one == audience),
        };
        if !is_named {
            return Err(Violation::Audience);
        }
        let (now, leeway) = (seconds(now), i64::from(leeway_s));
        let [exp, iat, nbf] = [self.exp, self.iat, self.nbf.unwrap_or(self.iat)].map(|NumericDate(at)| at);
        let late = now.saturating_sub(exp);
        if late >= leeway {
            return Err(Violation::Expired(late));
        }
        let early = nbf.max(iat).saturating_sub(now);
        if early > leeway {
            return Err(Violation::NotYetValid(early));
        }
        if !(1..=MAX_LIFETIME_S).contains(&exp.saturating_sub(iat)) {
            return Err(Violation::Lifetime);
        }
        if !(1..=MAX_JTI_BYTES).contains(&self.jti.len()) {
            return Err(Violation::Id);
        }
        Ok(())
    }
}

impl Violation {
    /// The error as a sentence.
    pub(super) fn detail(self, audience: &str, leeway_s: u16) -> String {
        match self {
            Self::Audience => format!("aud must be {audience}"),
            Self::Expired(late) => format!(
                "exp was {late} s ago, by the service's clock; {leeway_s} s are allowed: ask for a new token"
            ),
            Self::NotYetValid(early) => {
                format!("nbf or iat is {early} s ahead of the service's clock; {leeway_s} s are allowed")
            }
            Self::Lifetime => format!("exp must be 1 to {MAX_LIFETIME_S} seconds after iat"),
            Self::Id => format!("jti must have 1 to {MAX_JTI_BYTES} bytes"),
        }
    }
}

/// Seconds since the epoch, in whole ones: a token may say them with a fraction (RFC 7519, 2), which is less than clocks
/// differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumericDate(pub(super) i64);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        #[expect(clippy::cast_possible_truncation, reason = "a number beyond the years there are saturates")]
        let whole = || number.as_f64().map(|seconds| seconds.floor() as i64);
        number.as_i64().or_else(whole).map(Self).ok_or_else(|| D::Error::custom("not a number of seconds"))
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// The three segments of a compact JWS.
pub(super) fn segments(text: &str) -> Option<[&str; 3]> {
    let mut segments = text.split('.');
    let three = [segments.next()?, segments.next()?, segments.next()?];
    segments.next().is_none().then_some(three)
}

/// Reads a segment that is base64url of JSON.
pub(super) fn json_segment<T: DeserializeOwned>(segment: &str) -> Result<T, &'static str> {
    let bytes = URL_SAFE_NO_PAD.decode(segment).map_err(|_| "is not base64url")?;
    serde_json::from_slice(&bytes).map_err(|_| "is not a JSON object of claims")
}

/// The claims of a JWS, if its signature verifies under the key. Times and audience are left to [`RegisteredClaims::check`]:
/// there the time is an argument, and each has a refusal of its own.
pub(super) fn claims_under(key: &Jwk, text: &str) -> Option<Value> {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_jwk(key).ok()?;
    jsonwebtoken::decode::<Value>(text, &key, &validation).ok().map(|token| token.claims)
}

/// Whether tokens can be verified with a key: on P-256, for signatures or without a purpose.
pub fn can_verify(key: &Jwk) -> bool {
    let is_p256 = matches!(&key.algorithm, AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256);
    is_p256 && DecodingKey::from_jwk(key).is_ok()
}

/// Reads a key set. A key that cannot be read is left out: it must not take the others along.
pub fn read_keys(text: &str) -> Result<JwkSet, serde_json::Error> {
    #[derive(Deserialize)]
    struct Raw {
        keys: Vec<Value>,
    }
    let Raw { keys } = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
    Ok(JwkSet { keys: keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect() })
}

pub(super) fn seconds(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(1000)
}

const MAX_JTI_BYTES: usize = 256;

// SPDX-License-Identifier: EUPL-1.2
//! Signatures of the provider: ES256, RS256 and PS256, as far as the settings allow them; never `none`, never a shared secret.
//!
//! The algorithm is the one of the allow-list that the header names, and the key must be of its kind: a key cannot be used for
//! another algorithm than its own (RFC 8725, 3.1, 3.2).

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse},
};
use serde_json::Value;

use super::SignInRefusal;
use crate::auth::jws::{self, Header};

/// The kinds of token a provider signs for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An ID token.
    Id,
    /// A logout token.
    Logout,
}

/// The algorithm of a word, if it may be allowed at all.
pub(crate) fn algorithm(word: &str) -> Option<Algorithm> {
    match word {
        "ES256" => Some(Algorithm::ES256),
        "RS256" => Some(Algorithm::RS256),
        "PS256" => Some(Algorithm::PS256),
        _ => None,
    }
}

/// Whether a key set has a key that a token may be signed with.
pub fn has_key_for(token: &str, keys: &JwkSet) -> bool {
    let Some(header) = header(token) else { return true };
    algorithm(&header.alg).is_none_or(|alg| candidates(&header, alg, keys).next().is_some())
}

/// The claims of a token, if its form, its algorithm and its signature are right.
pub(super) fn claims(
    token: &str,
    kind: Kind,
    allowed: &[Algorithm],
    keys: &JwkSet,
) -> Result<Value, SignInRefusal> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(SignInRefusal::Malformed);
    }
    let header = header(token).ok_or(SignInRefusal::Malformed)?;
    let alg = algorithm(&header.alg).filter(|alg| allowed.contains(alg));
    let alg = alg.ok_or(SignInRefusal::Algorithm)?;
    // Extensions that must be understood are not.
    if header.crit.is_some() {
        return Err(SignInRefusal::Malformed);
    }
    let typ = header.typ.as_deref().map(|typ| typ.trim_start_matches("application/").to_ascii_lowercase());
    match (typ.as_deref(), kind) {
        (None | Some("jwt"), _) | (Some("logout+jwt"), Kind::Logout) => {}
        (Some(_), _) => return Err(SignInRefusal::TokenType),
    }
    let verified =
        candidates(&header, alg, keys).take(MOST_KEYS_TRIED).find_map(|key| under(key, alg, token));
    verified.ok_or(SignInRefusal::Signature)
}

fn header(token: &str) -> Option<Header> {
    let [header, ..] = jws::segments(token)?;
    jws::json_segment(header).ok()
}

/// The keys that could have signed: with the header's `kid`, of the algorithm's kind, and for signatures.
fn candidates<'k>(header: &'k Header, alg: Algorithm, keys: &'k JwkSet) -> impl Iterator<Item = &'k Jwk> {
    keys.keys.iter().filter(move |key| {
        let common = &key.common;
        let is_named = header.kid.is_none() || common.key_id == header.kid;
        let signs = common.public_key_use.as_ref().is_none_or(|own| *own == PublicKeyUse::Signature);
        let is_for_it = common.key_algorithm.is_none_or(|own| own.to_string() == header.alg);
        is_named && signs && is_for_it && is_of_kind(key, alg)
    })
}

fn is_of_kind(key: &Jwk, alg: Algorithm) -> bool {
    match (&key.algorithm, alg) {
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES256) => curve.curve == EllipticCurve::P256,
        // 2,048 bits are 342 characters of base64url.
        (AlgorithmParameters::RSA(rsa), Algorithm::RS256 | Algorithm::PS256) => {
            (342..=MAX_MODULUS_CHARS).contains(&rsa.n.len())
        }
        (..) => false,
    }
}

fn under(key: &Jwk, alg: Algorithm, token: &str) -> Option<Value> {
    let mut validation = Validation::new(alg);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_jwk(key).ok()?;
    jsonwebtoken::decode::<Value>(token, &key, &validation).ok().map(|token| token.claims)
}

/// Trying a key costs milliseconds, and anybody can post a logout token.
const MOST_KEYS_TRIED: usize = 4;
/// 8,192 bits: a larger key would take longer to verify than any provider's.
const MAX_MODULUS_CHARS: usize = 1_366;
/// ID tokens list groups.
const MAX_TOKEN_BYTES: usize = 32 * 1024;

// SPDX-License-Identifier: EUPL-1.2
//! An ID token: who signed in, at which provider, for this client, in answer to this sign-in (OpenID Connect Core 1.0,
//! 3.1.3.7; for a refresh, 12.2).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use infocig_protocol::{id::AdvisorId, time::Timestamp};
use jsonwebtoken::jwk::JwkSet;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    SignInRefusal,
    jwt::{self, Kind},
};
use crate::{
    auth::{
        jws::{NumericDate, seconds},
        same_token,
    },
    settings::Staff,
};

/// The facts that a valid ID token states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who signed in.
    pub subject: AdvisorId,
    /// The name that people read; a refresh may do without.
    pub name: Option<String>,
    /// The provider's session, where it names one.
    pub sid: Option<String>,
    /// All claims, for the mapping of roles.
    pub claims: Value,
}

/// What an ID token is held against.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'e> {
    /// The `nonce` of the sign-in under way; `None` for a refresh.
    pub nonce: Option<&'e str>,
    /// The `sub` of before; `None` for a sign-in.
    pub subject: Option<&'e AdvisorId>,
    /// The access token beside it.
    pub access_token: Option<&'e str>,
}

/// Verifies an ID token.
pub fn verify(
    token: &str,
    staff: &Staff,
    keys: &JwkSet,
    expected: Expected<'_>,
    now: Timestamp,
) -> Result<Identity, SignInRefusal> {
    let claims = jwt::claims(token, Kind::Id, &staff.algorithms, keys)?;
    check_issuer(&claims, staff)?;
    check_audience(&claims, staff)?;
    check_times(&claims, staff, now)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    match (expected.nonce, text("nonce")) {
        (Some(expected), Some(nonce)) if same_token(nonce, expected) => {}
        (None, _) => {}
        (Some(_), _) => return Err(SignInRefusal::Nonce),
    }
    let subject = text("sub").and_then(|sub| AdvisorId::parse(sub).ok()).ok_or(SignInRefusal::Subject)?;
    if expected.subject.is_some_and(|before| *before != subject) {
        return Err(SignInRefusal::Subject);
    }
    if let (Some(hash), Some(access_token)) = (text("at_hash"), expected.access_token) {
        let digest = Sha256::digest(access_token.as_bytes());
        let half = digest.get(..16).unwrap_or_default();
        if !same_token(hash, &URL_SAFE_NO_PAD.encode(half)) {
            return Err(SignInRefusal::AccessTokenHash);
        }
    }
    check_required(&claims, staff)?;
    let printable = |name: &str| name.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect();
    let name: Option<String> = text(&staff.name_claim).map(|name| printable(name.trim()));
    let name = name.filter(|name| !name.is_empty());
    // How they proved who they are, and their name, are of the sign-in: providers leave them out of a refresh.
    if expected.nonce.is_some() {
        check_strength(&claims, staff, now)?;
        name.as_ref().ok_or(SignInRefusal::Name)?;
    }
    let sid = text("sid").filter(|sid| !sid.is_empty()).map(str::to_owned);
    Ok(Identity { subject, name, sid, claims })
}

pub(super) fn check_issuer(claims: &Value, staff: &Staff) -> Result<(), SignInRefusal> {
    let issuer = claims.get("iss").and_then(Value::as_str);
    if issuer == Some(&staff.issuer) { Ok(()) } else { Err(SignInRefusal::TokenIssuer) }
}

/// Several audiences are accepted only where `azp` says that the token was issued to this client.
pub(super) fn check_audience(claims: &Value, staff: &Staff) -> Result<(), SignInRefusal> {
    let own = &Value::from(staff.client_id.as_str());
    let is_among_others = match claims.get("aud") {
        Some(one @ Value::String(_)) if one == own => false,
        Some(Value::Array(many)) if many.contains(own) => many.len() > 1,
        Some(_) | None => return Err(SignInRefusal::Audience),
    };
    match claims.get("azp") {
        Some(azp) if azp != own => Err(SignInRefusal::AuthorizedParty),
        None if is_among_others => Err(SignInRefusal::AuthorizedParty),
        Some(_) | None => Ok(()),
    }
}

/// A token that lives longer than a day, or that was issued long ago, is no answer to a sign-in.
fn check_times(claims: &Value, staff: &Staff, now: Timestamp) -> Result<(), SignInRefusal> {
    let (now, leeway) = (seconds(now), i64::from(staff.leeway_s));
    let exp = instant(claims, "exp").ok_or(SignInRefusal::Expired)?;
    let iat = instant(claims, "iat").ok_or(SignInRefusal::NotYetValid)?;
    let nbf = instant(claims, "nbf").unwrap_or(iat);
    if exp.saturating_add(leeway) <= now || iat.saturating_add(MAX_AGE_S).saturating_add(leeway) <= now {
        return Err(SignInRefusal::Expired);
    }
    if iat.max(nbf) > now.saturating_add(leeway) {
        return Err(SignInRefusal::NotYetValid);
    }
    Ok(())
}

/// Claims that the settings fix, such as the tenant of a provider that serves many.
fn check_required(claims: &Value, staff: &Staff) -> Result<(), SignInRefusal> {
    let is_right = |(name, value): (&String, &String)| {
        claims.get(name).and_then(Value::as_str).is_some_and(|claim| claim == value)
    };
    if staff.required.iter().all(is_right) { Ok(()) } else { Err(SignInRefusal::Tenant) }
}

/// How they proved who they are, and when.
fn check_strength(claims: &Value, staff: &Staff, now: Timestamp) -> Result<(), SignInRefusal> {
    let is_accepted =
        |value: &Value| value.as_str().is_some_and(|acr| staff.acr.iter().any(|one| one == acr));
    let proven = match claims.get(&staff.acr_claim) {
        Some(Value::Array(many)) => many.iter().any(is_accepted),
        Some(one) => is_accepted(one),
        None => false,
    };
    if !proven {
        return Err(SignInRefusal::Acr);
    }
    let Some(minutes) = staff.max_age_minutes else { return Ok(()) };
    let at = instant(claims, "auth_time").ok_or(SignInRefusal::AuthTime)?;
    let oldest = seconds(now) - i64::from(minutes) * 60 - i64::from(staff.leeway_s);
    if at < oldest { Err(SignInRefusal::AuthTime) } else { Ok(()) }
}

pub(super) fn instant(claims: &Value, name: &str) -> Option<i64> {
    let NumericDate(at) = serde_json::from_value(claims.get(name)?.clone()).ok()?;
    Some(at)
}

/// An ID token answers a sign-in that began at most ten minutes ago, or a refresh of now.
const MAX_AGE_S: i64 = 15 * 60;
const MAX_NAME_CHARS: usize = 120;

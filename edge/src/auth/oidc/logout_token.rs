// SPDX-License-Identifier: EUPL-1.2
//! A logout token: the provider says that a session, or all of a person's, has ended (OpenID Connect Back-Channel Logout 1.0,
//! 2.4 and 2.6). The caller finds out whether its `jti` was seen before.

use infocig_protocol::{id::AdvisorId, time::Timestamp};
use jsonwebtoken::jwk::JwkSet;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    SignInRefusal,
    id_token::{check_audience, check_issuer, instant},
    jwt::{self, Kind},
};
use crate::{auth::jws::seconds, settings::Staff};

/// The sessions that have ended, as a valid logout token names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Of this person alone.
    pub subject: Option<AdvisorId>,
    /// Of this session of the provider alone.
    pub sid: Option<String>,
    /// The token's id.
    pub jti: String,
    /// Until when, in seconds since the epoch, the token could be sent again.
    pub until_s: i64,
}

/// Verifies a logout token.
pub fn verify(token: &str, staff: &Staff, keys: &JwkSet, now: Timestamp) -> Result<Ended, SignInRefusal> {
    let claims = jwt::claims(token, Kind::Logout, &staff.algorithms, keys)?;
    check_issuer(&claims, staff)?;
    check_audience(&claims, staff)?;
    let (now, leeway) = (seconds(now), i64::from(staff.leeway_s));
    let iat = instant(&claims, "iat").ok_or(SignInRefusal::NotYetValid)?;
    if iat > now.saturating_add(leeway) {
        return Err(SignInRefusal::NotYetValid);
    }
    let exp = instant(&claims, "exp").unwrap_or(iat.saturating_add(LIFETIME_S));
    let until_s = exp.min(iat.saturating_add(LIFETIME_S)).saturating_add(leeway);
    if until_s <= now {
        return Err(SignInRefusal::Expired);
    }
    let has_event = claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object);
    if !has_event || claims.get("nonce").is_some() {
        return Err(SignInRefusal::LogoutClaims);
    }
    let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let subject = text("sub").map(AdvisorId::parse).transpose().map_err(|_| SignInRefusal::Subject)?;
    let sid = text("sid").map(str::to_owned);
    if subject.is_none() && sid.is_none() {
        return Err(SignInRefusal::LogoutClaims);
    }
    let jti = text("jti").filter(|jti| jti.len() <= MAX_JTI_BYTES).ok_or(SignInRefusal::LogoutId)?;
    Ok(Ended { subject, sid, jti: jti.to_owned(), until_s })
}

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Two minutes are recommended (2.4); providers that send again take longer.
const LIFETIME_S: i64 = 300;
const MAX_JTI_BYTES: usize = 256;

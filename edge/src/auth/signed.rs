// SPDX-License-Identifier: EUPL-1.2
//! Tokens of the service's own: JWTs signed with its key (HS256), told apart by their `typ`. No instance stores them.
//!
//! The service may have several keys, one a line: the first signs, all verify. A key is replaced by a new one above it, and
//! removed when the tokens it signed have expired.

use infocig_protocol::{problem::Code, time::Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Serialize, de::DeserializeOwned};

use super::jws::seconds;
use crate::problem::{Fault, Refusal};

/// The first second at which a token that begins `now` is no longer valid.
pub(super) fn expiry(now: Timestamp, lifetime_s: i64) -> i64 {
    seconds(now).saturating_add(lifetime_s)
}

/// Signs claims as a token of that type, with the first of the keys.
pub(super) fn sign(typ: &str, claims: &impl Serialize, key: &str) -> Result<String, Fault> {
    let header = Header { typ: Some(typ.to_string()), ..Header::new(Algorithm::HS256) };
    let newest = key.lines().next().unwrap_or_default();
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(newest.as_bytes()))
        .map_err(|error| Fault::Platform(format!("token not signed: {error}")))
}

/// The claims of a token of that type, whenever it expires; `None` if it is signed with none of the keys.
pub(super) fn read<T: DeserializeOwned>(typ: &str, text: &str, key: &str) -> Option<T> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    let under = |key: &str| {
        jsonwebtoken::decode::<T>(text, &DecodingKey::from_secret(key.as_bytes()), &validation).ok()
    };
    let token = key.lines().find_map(under)?;
    (token.header.typ.as_deref() == Some(typ)).then_some(token.claims)
}

/// Refuses a token that expires at the second `exp`, once that has come.
pub(super) fn check_expiry(exp: i64, now: Timestamp, name: &str) -> Result<(), Refusal> {
    if seconds(now) < exp {
        return Ok(());
    }
    Err(Refusal::new(Code::TicketExpired, format!("the {name} has expired: present a new token")))
}

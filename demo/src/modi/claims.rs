// SPDX-License-Identifier: EUPL-1.2
//! Reading the JWS a caller signed: the signature first, then issuer, audience and times.

use std::collections::BTreeMap;

use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;

use super::{Caller, MAX_JTI_BYTES, SKEW};

/// The part of a token that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Form,
    Audience,
    Time,
}

/// Every claim that one of the three tokens may have.
#[derive(Deserialize)]
pub(super) struct Claims {
    pub(super) iss: Option<String>,
    pub(super) sub: Option<String>,
    pub(super) aud: Option<Audience>,
    pub(super) iat: Option<i64>,
    pub(super) nbf: Option<i64>,
    pub(super) exp: Option<i64>,
    pub(super) jti: Option<String>,
    pub(super) signed_headers: Option<Vec<BTreeMap<String, String>>>,
    pub(super) digest: Option<Hash>,
    #[serde(rename = "purposeId")]
    pub(super) purpose_id: Option<String>,
    pub(super) dnonce: Option<Nonce>,
    #[serde(rename = "userID")]
    pub(super) user_id: Option<String>,
    pub(super) loa: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Hash {
    pub(super) alg: String,
    pub(super) value: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Nonce {
    Number(#[expect(dead_code, reason = "only its type is checked")] u64),
    Text(String),
}

impl Claims {
    /// `jti` and the instant until which it must be remembered, if `caller` issued the token for `audience` and it is
    /// valid at `now`. `longest` limits its lifetime, in seconds.
    pub(super) fn check(
        &self,
        caller: &Caller,
        audience: &str,
        now: i64,
        longest: i64,
    ) -> Result<(String, i64), Wrong> {
        let (Some(iat), Some(exp), Some(jti)) = (self.iat, self.exp, &self.jti) else {
            return Err(Wrong::Form);
        };
        if jti.is_empty() || jti.len() > MAX_JTI_BYTES || self.iss.as_deref() != Some(&caller.id) {
            return Err(Wrong::Form);
        }
        let is_for_here = match &self.aud {
            Some(Audience::One(one)) => one == audience,
            Some(Audience::Several(several)) => several.iter().any(|one| one == audience),
            None => false,
        };
        if !is_for_here {
            return Err(Wrong::Audience);
        }
        let until = exp.saturating_add(SKEW);
        let begins = self.nbf.unwrap_or(iat).max(iat);
        let is_good = begins <= now.saturating_add(SKEW) && now < until;
        if !is_good || exp <= iat || exp.saturating_sub(iat) > longest {
            return Err(Wrong::Time);
        }
        Ok((jti.clone(), until))
    }
}

/// The claims of a JWS, if `caller` signed it. Their values are not checked yet.
pub(super) fn verify(jws: &str, caller: &Caller) -> Result<Claims, Wrong> {
    let header = jsonwebtoken::decode_header(jws).map_err(|_| Wrong::Form)?;
    let is_ours = header.kid.as_deref() == Some(&caller.kid)
        && header.typ.as_deref() == Some("JWT")
        && header.crit.is_none();
    if !is_ours {
        return Err(Wrong::Form);
    }
    let mut validation = Validation::new(Algorithm::ES256);
    // `Claims::check` compares times and audience, with `now` as an argument.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let data = jsonwebtoken::decode::<Claims>(jws, &caller.key, &validation).map_err(|_| Wrong::Form)?;
    Ok(data.claims)
}

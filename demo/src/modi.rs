// SPDX-License-Identifier: EUPL-1.2
//! The checks of `ModI` on requests to Linea INPS and the registry: the assertion for an access token (RFC 7523), the
//! integrity of each request (`INTEGRITY_REST_02`) and, where it is required, the evidence of its user (`AUDIT_REST_02`).
//!
//! Pure: the caller's key, the time and the `jti` values seen before are arguments. The `jti` of a refused token is not
//! remembered, so that the caller can send the corrected request with it.

mod claims;
mod error;

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jsonwebtoken::DecodingKey;
use sha2::{Digest as _, Sha256};

use self::claims::{Nonce, Wrong, verify};
pub(crate) use self::error::ModiError;
use crate::{expiring::Expiring, random::hex};

/// Longest life of an assertion, in seconds.
pub(crate) const LONGEST_ASSERTION: i64 = 60;
/// Longest life of a signature over a request, in seconds.
pub(crate) const LONGEST_SIGNATURE: i64 = 300;
/// Longest life of a piece of evidence, in seconds.
pub(crate) const LONGEST_EVIDENCE: i64 = 3_600;
/// How far clocks may be apart, in seconds.
pub(crate) const SKEW: i64 = 5;
/// Longest `jti` that is remembered.
const MAX_JTI_BYTES: usize = 256;

/// The header with the signature over a request.
pub(crate) const SIGNATURE: &str = "agid-jwt-signature";
/// The header with the evidence of the user behind a request.
pub(crate) const EVIDENCE: &str = "agid-jwt-trackingevidence";
/// The header with the digest of a body.
pub(crate) const DIGEST: &str = "digest";

/// The client whose requests are accepted, with the key that verifies them.
pub(crate) struct Caller {
    pub(crate) id: String,
    pub(crate) kid: String,
    pub(crate) key: DecodingKey,
}

/// The conditions under which an access token is valid, as its assertion named them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenGrant {
    /// SHA-256, in lower-case hexadecimal, of the one evidence it may be used with.
    pub(crate) evidence: Option<String>,
    /// The purpose (`purposeId`) the evidence must name.
    pub(crate) purpose: Option<String>,
}

/// The grant an assertion asks for, if `caller` signed it for `token_url` and its `jti` was not seen before.
pub(crate) fn assertion(
    jws: &str,
    caller: &Caller,
    token_url: &str,
    now: i64,
    seen: &mut Expiring<()>,
) -> Option<TokenGrant> {
    let claims = verify(jws, caller).ok()?;
    let (id, until) = claims.check(caller, token_url, now, LONGEST_ASSERTION).ok()?;
    if claims.sub.as_deref() != Some(&caller.id) {
        return None;
    }
    let evidence = match &claims.digest {
        None => None,
        Some(digest) => {
            let is_hash = digest.value.len() == 64 && digest.value.bytes().all(|b| b.is_ascii_hexdigit());
            if digest.alg != "SHA256" || !is_hash {
                return None;
            }
            Some(digest.value.to_ascii_lowercase())
        }
    };
    let purpose = claims.purpose_id;
    seen.insert(id, until, (), now).then_some(TokenGrant { evidence, purpose })
}

/// Checks that `caller` signed `body` and the headers for `audience`, that the signature is valid at `now`, and that its
/// `jti` was not seen before.
pub(crate) fn integrity(
    headers: &HeaderMap,
    body: &[u8],
    caller: &Caller,
    audience: &str,
    now: i64,
    seen: &mut Expiring<()>,
) -> Result<(), ModiError> {
    let digest = single(headers, DIGEST).ok_or(ModiError::DigestMissing)?;
    if digest != digest_of(body) {
        return Err(ModiError::DigestMismatch);
    }
    let jws = single(headers, SIGNATURE).ok_or(ModiError::SignatureMissing)?;
    let signature = |wrong| match wrong {
        Wrong::Form => ModiError::SignatureInvalid,
        Wrong::Audience => ModiError::SignatureAudience,
        Wrong::Time => ModiError::SignatureExpired,
    };
    let claims = verify(jws, caller).map_err(signature)?;
    let (id, until) = claims.check(caller, audience, now, LONGEST_SIGNATURE).map_err(signature)?;

    let signed: Vec<(&String, &String)> = claims.signed_headers.iter().flatten().flatten().collect();
    let must_be_signed = [header::CONTENT_TYPE.as_str(), header::CONTENT_ENCODING.as_str()]
        .into_iter()
        .filter(|name| headers.contains_key(*name) || *name == header::CONTENT_TYPE.as_str())
        .chain([DIGEST]);
    for name in must_be_signed {
        if !signed.iter().any(|(signed, _)| *signed == name) {
            return Err(ModiError::HeaderNotSigned);
        }
    }
    for (name, value) in signed {
        if single(headers, name) != Some(value) {
            return Err(ModiError::SignedHeaderMismatch);
        }
    }
    if seen.insert(id, until, (), now) { Ok(()) } else { Err(ModiError::SignatureReplayed) }
}

/// Checks that the evidence is the one the access token was asked for with. The same evidence may come with several
/// requests, as long as the token is valid.
///
/// A request without evidence is accepted if its grant names none and evidence is not `required`.
pub(crate) fn evidence(
    headers: &HeaderMap,
    grant: &TokenGrant,
    required: bool,
    caller: &Caller,
    audience: &str,
    now: i64,
) -> Result<(), ModiError> {
    if !headers.contains_key(EVIDENCE) {
        return match grant.evidence {
            _ if required => Err(ModiError::EvidenceMissing),
            Some(_) => Err(ModiError::EvidenceUnbound),
            None => Ok(()),
        };
    }
    let jws = single(headers, EVIDENCE).ok_or(ModiError::EvidenceMissing)?;
    let wrong = |wrong| match wrong {
        Wrong::Form | Wrong::Audience => ModiError::EvidenceInvalid,
        Wrong::Time => ModiError::EvidenceExpired,
    };
    let claims = verify(jws, caller).map_err(wrong)?;
    claims.check(caller, audience, now, LONGEST_EVIDENCE).map_err(wrong)?;
    let has_texts = [&claims.purpose_id, &claims.user_id, &claims.loa]
        .into_iter()
        .all(|text| text.as_ref().is_some_and(|text| !text.trim().is_empty()));
    let has_nonce = claims.dnonce.as_ref().is_some_and(|nonce| match nonce {
        Nonce::Number(_) => true,
        Nonce::Text(text) => !text.trim().is_empty(),
    });
    if !has_texts || !has_nonce || claims.nbf.is_none() {
        return Err(ModiError::EvidenceInvalid);
    }
    let is_bound = match &grant.evidence {
        Some(hash) => *hash == hex(&Sha256::digest(jws)),
        None => !required,
    };
    let same_purpose = grant.purpose.is_none() || grant.purpose == claims.purpose_id;
    if is_bound && same_purpose { Ok(()) } else { Err(ModiError::EvidenceUnbound) }
}

/// The value of the header `Digest` for a body.
pub(crate) fn digest_of(body: &[u8]) -> String {
    format!("SHA-256={}", STANDARD.encode(Sha256::digest(body)))
}

/// The bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = single(headers, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The text of a header that came exactly once.
pub(crate) fn single<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}

/// The media type of a body, in lower case and without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let whole = single(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether `Content-Type` is `application/json`.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    media_type(headers) == "application/json"
}

#[cfg(test)]
mod tests;

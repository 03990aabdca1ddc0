// SPDX-License-Identifier: EUPL-1.2
//! ModI: the proof to another system of the administration that this service calls, and to this service that Linea INPS
//! does (*Linee guida sull'interoperabilità tecnica*; profiles as used with PDND).
//!
//! | | headers | profile |
//! |---|---|---|
//! | out | `Digest` and `Agid-JWT-Signature` over it and the content type | `INTEGRITY_REST_02` |
//! | out | `Agid-JWT-TrackingEvidence`, the user of the call, where configured | `AUDIT_REST_02` |
//! | out | the assertion a voucher is asked for with | RFC 7523 |
//! | in | `Digest` and `Agid-JWT-Signature`, under a key of the sender's key set | `INTEGRITY_REST_02` |
//!
//! Pure: the key, the time and every random name are arguments. A refusal is `signature-invalid`, with the part that failed;
//! the caller finds out whether a `jti` was seen before.

use std::collections::BTreeMap;

use base16ct::lower;
use base64::{Engine, engine::general_purpose::STANDARD};
use infocig_protocol::{problem::Code, time::Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::JwkSet};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::jws::{self, RegisteredClaims, Violation, seconds};
use crate::problem::{Fault, Refusal};

/// The header with the digest of a body (RFC 3230).
pub const DIGEST: &str = "digest";
/// The header with the signature over other headers.
pub const SIGNATURE: &str = "agid-jwt-signature";
/// The header that names the user of a call.
pub const EVIDENCE: &str = "agid-jwt-trackingevidence";
/// The only content type that is sent and taken.
pub const CONTENT_TYPE: &str = "application/json";

/// The caller: the client id that the other side knows, and the key that proves it.
#[derive(Clone, Debug)]
pub struct Identity {
    /// `iss` of everything it signs.
    pub client_id: String,
    kid: String,
    key: EncodingKey,
}

/// The values that make a signature unique.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'s> {
    /// Never used before.
    pub jti: &'s str,
    /// When it is signed, by the wall clock.
    pub now: Timestamp,
}

/// On whose behalf a call is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id in this service.
    pub id: String,
    /// How surely that is known: `low`, `substantial` or `high` (Regulation (EU) 2015/1502).
    pub loa: &'static str,
}

impl Identity {
    /// An identity whose key is a P-256 key in PKCS#8, PEM. `None` if the text is no such key.
    pub fn new(client_id: String, kid: String, pem: &str) -> Option<Self> {
        let identity = Self { client_id, kid, key: EncodingKey::from_ec_der(&pkcs8_of(pem)?) };
        // Nothing reads the key before it signs: so it signs once here.
        identity.sign(&json!({})).ok()?;
        Some(identity)
    }

    /// `Agid-JWT-Signature` over a digest and the content type.
    pub fn signature(&self, audience: &str, digest: &str, stamp: Stamp<'_>) -> Result<String, Fault> {
        let mut claims = self.claims(audience, stamp);
        claims["signed_headers"] = json!([{ "digest": digest }, { "content-type": CONTENT_TYPE }]);
        self.sign(&claims)
    }

    /// `Agid-JWT-TrackingEvidence`: the user of a call, and its purpose.
    pub fn evidence(
        &self,
        audience: &str,
        purpose_id: &str,
        user: &User,
        dnonce: u64,
        stamp: Stamp<'_>,
    ) -> Result<String, Fault> {
        let mut claims = self.claims(audience, stamp);
        claims["dnonce"] = dnonce.into();
        claims["purposeId"] = purpose_id.into();
        claims["userID"] = user.id.as_str().into();
        claims["loa"] = user.loa.into();
        self.sign(&claims)
    }

    /// The assertion a voucher is asked for with. A voucher asked for with evidence is good for the call that carries it.
    pub fn assertion(
        &self,
        token_url: &str,
        purpose_id: Option<&str>,
        evidence: Option<&str>,
        stamp: Stamp<'_>,
    ) -> Result<String, Fault> {
        let mut claims = self.claims(token_url, stamp);
        claims["sub"] = self.client_id.as_str().into();
        if let Some(purpose_id) = purpose_id {
            claims["purposeId"] = purpose_id.into();
        }
        if let Some(evidence) = evidence {
            claims["digest"] =
                json!({ "alg": "SHA256", "value": lower::encode_string(&Sha256::digest(evidence)) });
        }
        self.sign(&claims)
    }

    /// The body of the request for a voucher (RFC 6749, section 4.4; RFC 7523, section 2.2).
    pub fn voucher_form(&self, assertion: &str) -> String {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.client_id)
            .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .append_pair("client_assertion", assertion)
            .finish()
    }

    fn claims(&self, audience: &str, stamp: Stamp<'_>) -> Value {
        let now = seconds(stamp.now);
        json!({
            "iss": self.client_id, "aud": audience, "jti": stamp.jti,
            "iat": now, "nbf": now, "exp": now.saturating_add(LIFETIME_S),
        })
    }

    fn sign(&self, claims: &impl Serialize) -> Result<String, Fault> {
        let header =
            Header { typ: Some(TYP.into()), kid: Some(self.kid.clone()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &self.key)
            .map_err(|error| Fault::Platform(format!("call not signed: {error}")))
    }
}

/// The value of the header `Digest` for a body.
pub fn digest(body: &[u8]) -> String {
    format!("{SHA_256}{}", STANDARD.encode(Sha256::digest(body)))
}

/// A request as it came.
pub struct Received<'r> {
    /// Its body.
    pub body: &'r [u8],
    /// A header by its lower-case name, several values joined by commas.
    pub header: &'r dyn Fn(&str) -> Option<String>,
}

/// The expected signer and audience of a request.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'e> {
    /// `iss`
    pub issuer: &'e str,
    /// `aud`
    pub audience: &'e str,
    /// By how many seconds the clocks may differ.
    pub leeway_s: u16,
}

/// The part of a signature that is stored so that it is accepted once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its `jti`.
    pub jti: String,
    /// From then on it would be refused for its age.
    pub until: Timestamp,
}

impl Received<'_> {
    /// The key its signature names. Its digest, and all of the signature that can be read without a key, are good.
    pub fn key_id(&self) -> Result<String, Refusal> {
        let sent = self.header(DIGEST)?;
        let sha_256 = sent.split(',').find_map(|part| {
            let (name, value) = part.trim().split_once('=')?;
            name.eq_ignore_ascii_case(SHA_256.trim_end_matches('=')).then(|| value.to_string())
        });
        let sha_256 = sha_256.ok_or_else(|| invalid("Digest has no SHA-256"))?;
        if STANDARD.decode(sha_256).ok().as_deref() != Some(&Sha256::digest(self.body)[..]) {
            return Err(invalid("Digest is not the SHA-256 of the body"));
        }
        let jws = self.header(SIGNATURE)?;
        let [header, _, _] = jws::segments(&jws).ok_or_else(|| invalid("the signature is no compact JWS"))?;
        let header: jws::Header = jws::json_segment(header)
            .map_err(|_| invalid("the signature's header is not base64url of JSON"))?;
        if header.alg != "ES256" {
            return Err(invalid("the signature's alg must be ES256"));
        }
        if header.typ.as_deref() != Some(TYP) {
            return Err(invalid("the signature's typ must be JWT"));
        }
        if header.crit.is_some() {
            return Err(invalid("the signature has a crit this service does not know"));
        }
        header.kid.ok_or_else(|| invalid("the signature names no kid"))
    }

    /// Verifies the request, and returns the part to store.
    pub fn verify(&self, keys: &JwkSet, expected: Expected<'_>, now: Timestamp) -> Result<Seen, Refusal> {
        let kid = self.key_id()?;
        let key = keys.find(&kid);
        let key = key.ok_or_else(|| invalid("the signature's kid names no key of the key set"))?;
        let claims = jws::claims_under(key, &self.header(SIGNATURE)?)
            .ok_or_else(|| invalid("the signature does not verify under its key"))?;
        let claims: Claims = serde_json::from_value(claims)
            .map_err(|error| invalid(&format!("the signature's claims: {error}")))?;
        claims.check(expected, now)?;
        self.check_headers(&claims.signed_headers)?;
        let until = Timestamp::from_millis(
            claims.registered.exp.0.saturating_add(expected.leeway_s.into()).saturating_mul(1000),
        );
        Ok(Seen { jti: claims.registered.jti, until })
    }

    /// Checks that the signed headers equal those of the request, and that every required header is signed.
    fn check_headers(&self, signed: &[BTreeMap<String, String>]) -> Result<(), Refusal> {
        let signed = || signed.iter().flatten();
        let encoded = (self.header)("content-encoding").map(|_| "content-encoding");
        for name in [DIGEST, "content-type"].into_iter().chain(encoded) {
            if !signed().any(|(signed, _)| signed == name) {
                return Err(invalid(&format!("signed_headers lacks {name}")));
            }
        }
        for (name, value) in signed() {
            if (self.header)(name).as_ref() != Some(value) {
                let name: String = name.chars().filter(|c| c.is_ascii_graphic()).take(40).collect();
                return Err(invalid(&format!("the signed {name} is not the one that came")));
            }
        }
        Ok(())
    }

    fn header(&self, name: &str) -> Result<String, Refusal> {
        (self.header)(name).ok_or_else(|| invalid(&format!("the header {name} is missing")))
    }
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    #[serde(flatten)]
    registered: RegisteredClaims,
    signed_headers: Vec<BTreeMap<String, String>>,
}

impl Claims {
    fn check(&self, expected: Expected<'_>, now: Timestamp) -> Result<(), Refusal> {
        if self.iss != expected.issuer {
            return Err(invalid("the signature's iss is not Linea INPS"));
        }
        let Expected { audience, leeway_s, .. } = expected;
        let violated = |violation: Violation| {
            invalid(&format!("the signature's {}", violation.detail(audience, leeway_s)))
        };
        self.registered.check(audience, now, leeway_s).map_err(violated)
    }
}

fn invalid(detail: &str) -> Refusal {
    Refusal::new(Code::SignatureInvalid, detail)
}

/// The bytes of a PEM text (RFC 7468) with the label of PKCS#8. Parsers of PEM refuse a text without line ends, and an
/// environment variable may have lost them: so the lines are joined here.
fn pkcs8_of(pem: &str) -> Option<Vec<u8>> {
    let (_, inner) = pem.split_once("-----BEGIN PRIVATE KEY-----")?;
    let (inner, _) = inner.split_once("-----END PRIVATE KEY-----")?;
    let inner: String = inner.split_whitespace().collect();
    STANDARD.decode(inner).ok()
}

const TYP: &str = "JWT";
const SHA_256: &str = "SHA-256=";
/// Seconds in which a signature of this service is valid.
const LIFETIME_S: i64 = 30;

#[cfg(test)]
pub(crate) mod testing {
    //! Keys of the tests' own.

    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use p256::{
        SecretKey,
        elliptic_curve::sec1::ToEncodedPoint,
        pkcs8::{EncodePrivateKey, LineEnding},
    };

    use super::*;

    /// A key made from one number, PKCS#8 PEM.
    pub(crate) fn pem(number: u8) -> String {
        SecretKey::from_slice(&[number; 32]).unwrap().to_pkcs8_pem(LineEnding::LF).unwrap().to_string()
    }

    /// The key set of that key, under a name.
    pub(crate) fn keys(number: u8, kid: &str) -> JwkSet {
        let point = SecretKey::from_slice(&[number; 32]).unwrap().public_key().to_encoded_point(false);
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let key = json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid,
            "x": encode(point.x().unwrap()), "y": encode(point.y().unwrap()) });
        serde_json::from_value(json!({ "keys": [key] })).unwrap()
    }
}

#[cfg(test)]
mod tests;

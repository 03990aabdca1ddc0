// SPDX-License-Identifier: EUPL-1.2
//! What a caller of Linea INPS must prove, as `ModI` asks: its assertion for a token (RFC 7523), the integrity of each request
//! (`INTEGRITY_REST_02`) and, where asked for, who is behind it (`AUDIT_REST_02`).
//!
//! Pure: the caller's key, the time and what was seen before are arguments. What is refused is never counted as seen.

use std::collections::{BTreeMap, HashMap};

use axum::http::{HeaderMap, StatusCode, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::random::hex;

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
/// The header with the evidence of who is behind a request.
pub(crate) const EVIDENCE: &str = "agid-jwt-trackingevidence";
/// The header with the digest of a body.
pub(crate) const DIGEST: &str = "digest";

/// Who may call, and the key that proves it.
pub(crate) struct Caller {
    pub(crate) id: String,
    pub(crate) kid: String,
    pub(crate) key: DecodingKey,
}

/// Why a request is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    TokenMissing,
    TokenInvalid,
    DigestMissing,
    DigestMismatch,
    SignatureMissing,
    SignatureInvalid,
    SignatureAudience,
    SignatureExpired,
    SignatureReplayed,
    HeaderNotSigned,
    SignedHeaderMismatch,
    EvidenceMissing,
    EvidenceInvalid,
    EvidenceExpired,
    EvidenceUnbound,
}

impl Fault {
    /// Every fault, for the tests that compare them with the published contracts.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 15] = [
        Self::TokenMissing,
        Self::TokenInvalid,
        Self::DigestMissing,
        Self::DigestMismatch,
        Self::SignatureMissing,
        Self::SignatureInvalid,
        Self::SignatureAudience,
        Self::SignatureExpired,
        Self::SignatureReplayed,
        Self::HeaderNotSigned,
        Self::SignedHeaderMismatch,
        Self::EvidenceMissing,
        Self::EvidenceInvalid,
        Self::EvidenceExpired,
        Self::EvidenceUnbound,
    ];

    /// Code, status, and what is wrong in one sentence.
    pub(crate) const fn words(self) -> (&'static str, StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Self::TokenMissing => ("token-missing", S::UNAUTHORIZED, "There is no bearer token."),
            Self::TokenInvalid => {
                ("token-invalid", S::UNAUTHORIZED, "The token is unknown or has expired: ask for another.")
            }
            Self::DigestMissing => {
                ("digest-missing", S::BAD_REQUEST, "There must be one Digest header: SHA-256= and base64.")
            }
            Self::DigestMismatch => ("digest-mismatch", S::BAD_REQUEST, "Digest is not that of the body."),
            Self::SignatureMissing => {
                ("signature-missing", S::UNAUTHORIZED, "There must be one Agid-JWT-Signature.")
            }
            Self::SignatureInvalid => (
                "signature-invalid",
                S::UNAUTHORIZED,
                "The signature is not an ES256 JWS of a known key with every claim that is asked for.",
            ),
            Self::SignatureAudience => {
                ("signature-audience", S::UNAUTHORIZED, "The signature is meant for somebody else.")
            }
            Self::SignatureExpired => {
                ("signature-expired", S::UNAUTHORIZED, "The signature is not valid now or lives too long.")
            }
            Self::SignatureReplayed => {
                ("signature-replayed", S::UNAUTHORIZED, "The signature was presented before.")
            }
            Self::HeaderNotSigned => (
                "header-not-signed",
                S::BAD_REQUEST,
                "digest, content-type and, if sent, content-encoding must be among signed_headers.",
            ),
            Self::SignedHeaderMismatch => {
                ("signed-header-mismatch", S::BAD_REQUEST, "A signed header is not the one that came.")
            }
            Self::EvidenceMissing => {
                ("evidence-missing", S::BAD_REQUEST, "There must be one Agid-JWT-TrackingEvidence.")
            }
            Self::EvidenceInvalid => (
                "evidence-invalid",
                S::UNAUTHORIZED,
                "The evidence is not an ES256 JWS of a known key with every claim that is asked for.",
            ),
            Self::EvidenceExpired => {
                ("evidence-expired", S::UNAUTHORIZED, "The evidence is not valid now or lives too long.")
            }
            Self::EvidenceUnbound => {
                ("evidence-unbound", S::UNAUTHORIZED, "The token was not asked for with this evidence.")
            }
        }
    }
}

/// Things that are good until an instant, by name: what was seen, and tokens that were handed out.
#[derive(Debug)]
pub(crate) struct Expiring<T> {
    kept: HashMap<String, (i64, T)>,
    prune_at: usize,
}

impl<T> Default for Expiring<T> {
    fn default() -> Self {
        Self { kept: HashMap::new(), prune_at: 1_024 }
    }
}

impl<T> Expiring<T> {
    /// What is kept under that name, if it is still good.
    pub(crate) fn get(&self, name: &str, now: i64) -> Option<&T> {
        self.kept.get(name).filter(|(until, _)| now < *until).map(|(_, thing)| thing)
    }

    /// Keeps it. False, and nothing is changed, if something good has that name.
    pub(crate) fn keep(&mut self, name: String, until: i64, thing: T, now: i64) -> bool {
        if self.get(&name, now).is_some() {
            return false;
        }
        if self.kept.len() >= self.prune_at {
            self.kept.retain(|_, (until, _)| now < *until);
            self.prune_at = (2 * self.kept.len()).max(1_024);
        }
        self.kept.insert(name, (until, thing));
        true
    }
}

/// What an assertion asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Voucher {
    /// SHA-256, in lower-case hexadecimal, of the only evidence it is good with.
    pub(crate) evidence: Option<String>,
    /// The purpose it is for.
    pub(crate) purpose: Option<String>,
}

/// What the assertion asks for, if `caller` made it for `token_url` and it was not seen before.
pub(crate) fn assertion(
    jws: &str,
    caller: &Caller,
    token_url: &str,
    now: i64,
    seen: &mut Expiring<()>,
) -> Option<Voucher> {
    let claims = opened(jws, caller).ok()?;
    let (id, until) = claims.believed(caller, token_url, now, LONGEST_ASSERTION).ok()?;
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
    seen.keep(id, until, (), now).then_some(Voucher { evidence, purpose })
}

/// Whether `body` and the headers are those `caller` signed for `audience`, now and never before.
pub(crate) fn integrity(
    headers: &HeaderMap,
    body: &[u8],
    caller: &Caller,
    audience: &str,
    now: i64,
    seen: &mut Expiring<()>,
) -> Result<(), Fault> {
    let digest = single(headers, DIGEST).ok_or(Fault::DigestMissing)?;
    if digest != digest_of(body) {
        return Err(Fault::DigestMismatch);
    }
    let jws = single(headers, SIGNATURE).ok_or(Fault::SignatureMissing)?;
    let signature = |wrong| match wrong {
        Wrong::Form => Fault::SignatureInvalid,
        Wrong::Audience => Fault::SignatureAudience,
        Wrong::Time => Fault::SignatureExpired,
    };
    let claims = opened(jws, caller).map_err(signature)?;
    let (id, until) = claims.believed(caller, audience, now, LONGEST_SIGNATURE).map_err(signature)?;

    let signed: Vec<(&String, &String)> = claims.signed_headers.iter().flatten().flatten().collect();
    let must_be_signed = [header::CONTENT_TYPE.as_str(), header::CONTENT_ENCODING.as_str()]
        .into_iter()
        .filter(|name| headers.contains_key(*name) || *name == header::CONTENT_TYPE.as_str())
        .chain([DIGEST]);
    for name in must_be_signed {
        if !signed.iter().any(|(signed, _)| *signed == name) {
            return Err(Fault::HeaderNotSigned);
        }
    }
    for (name, value) in signed {
        if single(headers, name) != Some(value) {
            return Err(Fault::SignedHeaderMismatch);
        }
    }
    if seen.keep(id, until, (), now) { Ok(()) } else { Err(Fault::SignatureReplayed) }
}

/// Whether the evidence is what the voucher was asked for with. The same evidence may come with several requests: it is
/// good as long as its voucher.
///
/// Without evidence only a voucher that names none will do, and none at all where it is `required`.
pub(crate) fn evidence(
    headers: &HeaderMap,
    voucher: &Voucher,
    required: bool,
    caller: &Caller,
    audience: &str,
    now: i64,
) -> Result<(), Fault> {
    if !headers.contains_key(EVIDENCE) {
        return match voucher.evidence {
            _ if required => Err(Fault::EvidenceMissing),
            Some(_) => Err(Fault::EvidenceUnbound),
            None => Ok(()),
        };
    }
    let jws = single(headers, EVIDENCE).ok_or(Fault::EvidenceMissing)?;
    let wrong = |wrong| match wrong {
        Wrong::Form | Wrong::Audience => Fault::EvidenceInvalid,
        Wrong::Time => Fault::EvidenceExpired,
    };
    let claims = opened(jws, caller).map_err(wrong)?;
    claims.believed(caller, audience, now, LONGEST_EVIDENCE).map_err(wrong)?;
    let says = [&claims.purpose_id, &claims.user_id, &claims.loa]
        .into_iter()
        .all(|text| text.as_ref().is_some_and(|text| !text.trim().is_empty()));
    let has_nonce = claims.dnonce.as_ref().is_some_and(|nonce| match nonce {
        Nonce::Number(_) => true,
        Nonce::Text(text) => !text.trim().is_empty(),
    });
    if !says || !has_nonce || claims.nbf.is_none() {
        return Err(Fault::EvidenceInvalid);
    }
    let is_that = match &voucher.evidence {
        Some(hash) => *hash == hex(&Sha256::digest(jws)),
        None => !required,
    };
    let same_purpose = voucher.purpose.is_none() || voucher.purpose == claims.purpose_id;
    if is_that && same_purpose { Ok(()) } else { Err(Fault::EvidenceUnbound) }
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

/// A header that came once, as text.
pub(crate) fn single<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Form,
    Audience,
    Time,
}

/// Every claim any of the three tokens may have.
#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    iat: Option<i64>,
    nbf: Option<i64>,
    exp: Option<i64>,
    jti: Option<String>,
    signed_headers: Option<Vec<BTreeMap<String, String>>>,
    digest: Option<Hash>,
    #[serde(rename = "purposeId")]
    purpose_id: Option<String>,
    dnonce: Option<Nonce>,
    #[serde(rename = "userID")]
    user_id: Option<String>,
    loa: Option<String>,
}

#[derive(Deserialize)]
struct Hash {
    alg: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Nonce {
    Number(#[expect(dead_code, reason = "that it is a number is all that counts")] u64),
    Text(String),
}

impl Claims {
    /// Name and end of life, if this is from `caller` for `audience` and good now.
    fn believed(
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

/// The claims of a JWS, if `caller` signed it.
fn opened(jws: &str, caller: &Caller) -> Result<Claims, Wrong> {
    let header = jsonwebtoken::decode_header(jws).map_err(|_| Wrong::Form)?;
    let is_ours = header.kid.as_deref() == Some(&caller.kid)
        && header.typ.as_deref() == Some("JWT")
        && header.crit.is_none();
    if !is_ours {
        return Err(Wrong::Form);
    }
    let mut validation = Validation::new(Algorithm::ES256);
    // Time and audience are looked at above, with the time of the argument.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let data = jsonwebtoken::decode::<Claims>(jws, &caller.key, &validation).map_err(|_| Wrong::Form)?;
    Ok(data.claims)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};
    use serde_json::{Value, json};

    use super::*;
    use crate::keys::{self, Signer};

    const NOW: i64 = 1_795_444_800;
    const HERE: &str = "http://portal.example/linea-inps";
    const BODY: &[u8] = br#"{"key":"a.1"}"#;

    #[test]
    fn the_contracts_name_every_fault() {
        for contract in [
            include_str!("../../docs/linea-inps.openapi.yaml"),
            include_str!("../../docs/cases.openapi.yaml"),
        ] {
            for fault in Fault::ALL {
                let (code, status, _) = fault.words();
                assert!(contract.contains(&format!("| {} | `{code}` |", status.as_u16())), "{code}");
            }
        }
    }

    #[test]
    fn a_request_that_is_signed_is_believed_once() {
        let scene = Scene::new();
        let headers = scene.request(&scene.claims());
        let mut seen = Expiring::default();

        assert_eq!(scene.check(&headers, BODY, NOW, &mut seen), Ok(()));
        assert_eq!(scene.check(&headers, BODY, NOW, &mut seen), Err(Fault::SignatureReplayed));
        assert_eq!(
            scene.check(&headers, BODY, NOW + 30 + SKEW - 1, &mut seen),
            Err(Fault::SignatureReplayed)
        );
        assert_eq!(scene.check(&headers, BODY, NOW + 30 + SKEW, &mut seen), Err(Fault::SignatureExpired));
    }

    #[test]
    fn another_body_or_digest_is_found_out() {
        let scene = Scene::new();
        let headers = scene.request(&scene.claims());
        let mut other_digest = headers.clone();
        let other = digest_of(b"{}");
        set(&mut other_digest, DIGEST, &other);

        assert_eq!(scene.alone(&headers, b"{}"), Err(Fault::DigestMismatch));
        assert_eq!(scene.alone(&other_digest, BODY), Err(Fault::DigestMismatch));
        assert_eq!(scene.alone(&other_digest, b"{}"), Err(Fault::SignedHeaderMismatch));
        let hexadecimal = format!("SHA-256={}", hex(&Sha256::digest(BODY)));
        set(&mut other_digest, DIGEST, &hexadecimal);
        assert_eq!(scene.alone(&other_digest, BODY), Err(Fault::DigestMismatch));
        other_digest.remove(DIGEST);
        assert_eq!(scene.alone(&other_digest, BODY), Err(Fault::DigestMissing));
    }

    #[test]
    fn headers_that_matter_must_be_signed_and_stay_as_they_were() {
        let scene = Scene::new();
        let digest = digest_of(BODY);
        for missing in [
            json!(null),
            json!([]),
            json!([{ "digest": digest }]),
            json!([{ "content-type": "application/json" }]),
            json!([{ "Digest": digest }, { "Content-Type": "application/json" }]),
        ] {
            let mut claims = scene.claims();
            claims["signed_headers"] = missing;
            assert_eq!(scene.alone(&scene.request(&claims), BODY), Err(Fault::HeaderNotSigned), "{claims}");
        }
        let mut headers = scene.request(&scene.claims());
        set(&mut headers, "content-type", "application/json; charset=utf-8");
        assert_eq!(scene.alone(&headers, BODY), Err(Fault::SignedHeaderMismatch));
        headers.remove("content-type");
        assert_eq!(scene.alone(&headers, BODY), Err(Fault::SignedHeaderMismatch));
        let mut headers = scene.request(&scene.claims());
        set(&mut headers, "content-encoding", "gzip");
        assert_eq!(scene.alone(&headers, BODY), Err(Fault::HeaderNotSigned));
        let mut claims = scene.claims();
        claims["signed_headers"] =
            json!([{ "digest": digest, "content-type": "application/json" }, { "x-other": "1" }]);
        assert_eq!(scene.alone(&scene.request(&claims), BODY), Err(Fault::SignedHeaderMismatch));
    }

    #[test]
    fn a_header_that_comes_twice_counts_as_none() {
        let scene = Scene::new();
        for (name, fault) in [
            (DIGEST, Fault::DigestMissing),
            (SIGNATURE, Fault::SignatureMissing),
            ("content-type", Fault::SignedHeaderMismatch),
        ] {
            let mut headers = scene.request(&scene.claims());
            let again = headers[name].clone();
            headers.append(HeaderName::from_static(name), again);
            assert_eq!(scene.alone(&headers, BODY), Err(fault), "{name}");
        }
    }

    #[test]
    fn a_signature_is_for_here_and_now() {
        let scene = Scene::new();
        for (member, value, fault) in [
            ("aud", json!("http://portal.example/cases"), Fault::SignatureAudience),
            ("aud", json!(null), Fault::SignatureAudience),
            ("exp", json!(NOW - SKEW), Fault::SignatureExpired),
            ("exp", json!(NOW + LONGEST_SIGNATURE + 1), Fault::SignatureExpired),
            ("iat", json!(NOW + SKEW + 1), Fault::SignatureExpired),
            ("nbf", json!(NOW + SKEW + 1), Fault::SignatureExpired),
            ("iss", json!("somebody"), Fault::SignatureInvalid),
            ("jti", json!(""), Fault::SignatureInvalid),
            ("jti", json!(null), Fault::SignatureInvalid),
            ("exp", json!(null), Fault::SignatureInvalid),
            ("exp", json!("soon"), Fault::SignatureInvalid),
        ] {
            let mut claims = scene.claims();
            claims[member] = value.clone();
            assert_eq!(scene.alone(&scene.request(&claims), BODY), Err(fault), "{member} {value}");
        }
        let mut claims = scene.claims();
        claims["aud"] = json!(["http://elsewhere.example", HERE]);
        assert_eq!(scene.alone(&scene.request(&claims), BODY), Ok(()));
    }

    #[test]
    fn only_the_key_that_is_known_signs() {
        let scene = Scene::new();
        let other = Signer::generate().unwrap();
        let mut headers = scene.request(&scene.claims());
        let jws = |signer: &Signer, typ| signer.sign(typ, &scene.claims()).unwrap();

        let invalid = Err(Fault::SignatureInvalid);
        set(&mut headers, SIGNATURE, &jws(&other, "JWT"));
        assert_eq!(scene.alone(&headers, BODY), invalid);
        set(&mut headers, SIGNATURE, &jws(&scene.signer, "at+jwt"));
        assert_eq!(scene.alone(&headers, BODY), invalid);
        set(&mut headers, SIGNATURE, "x.y.z");
        assert_eq!(scene.alone(&headers, BODY), invalid);

        // The right name on the wrong key.
        let impostor = Caller { kid: other.kid().to_owned(), ..Scene::new().caller };
        set(&mut headers, SIGNATURE, &jws(&other, "JWT"));
        let checked = integrity(&headers, BODY, &impostor, HERE, NOW, &mut Expiring::default());
        assert_eq!(checked, invalid);

        // Claims put in after it was signed.
        let parts = jws(&scene.signer, "JWT");
        let mut later = scene.claims();
        later["exp"] = json!(NOW + 60);
        let forged = scene.signer.sign("JWT", &later).unwrap();
        let pieces = |jws: &str| jws.split('.').map(str::to_owned).collect::<Vec<_>>();
        let (mut signed, forged) = (pieces(&parts), pieces(&forged));
        signed[1].clone_from(&forged[1]);
        set(&mut headers, SIGNATURE, &signed.join("."));
        assert_eq!(scene.alone(&headers, BODY), invalid);
    }

    #[test]
    fn a_public_key_is_no_secret_to_sign_with() {
        let scene = Scene::new();
        let mut header = jsonwebtoken::Header::new(Algorithm::HS256);
        header.kid = Some(scene.signer.kid().to_owned());
        let key = jsonwebtoken::EncodingKey::from_secret(scene.signer.public_key_pem().as_bytes());
        let forged = jsonwebtoken::encode(&header, &scene.claims(), &key).unwrap();
        let mut headers = scene.request(&scene.claims());
        set(&mut headers, SIGNATURE, &forged);

        assert_eq!(scene.alone(&headers, BODY), Err(Fault::SignatureInvalid));
    }

    #[test]
    fn what_is_refused_is_not_counted_as_seen() {
        let scene = Scene::new();
        let headers = scene.request(&scene.claims());
        let mut changed = headers.clone();
        set(&mut changed, "content-type", "text/plain");
        let mut seen = Expiring::default();

        assert!(scene.check(&changed, BODY, NOW, &mut seen).is_err());
        assert_eq!(scene.check(&headers, BODY, NOW, &mut seen), Ok(()));
    }

    #[test]
    fn an_assertion_asks_for_a_voucher_once() {
        let scene = Scene::new();
        let hash = "AB".repeat(32);
        let mut claims = scene.assertion();
        claims["digest"] = json!({ "alg": "SHA256", "value": hash });
        claims["purposeId"] = json!("p-1");
        let jws = scene.signer.sign("JWT", &claims).unwrap();
        let mut seen = Expiring::default();
        let mut ask = |jws: &str| assertion(jws, &scene.caller, HERE, NOW, &mut seen);

        let voucher = Voucher { evidence: Some(hash.to_ascii_lowercase()), purpose: Some("p-1".to_owned()) };
        assert_eq!(ask(&jws), Some(voucher));
        assert_eq!(ask(&jws), None);

        for (member, value) in [
            ("sub", json!("somebody")),
            ("iss", json!("somebody")),
            ("aud", json!("http://elsewhere.example")),
            ("exp", json!(NOW + LONGEST_ASSERTION + 1)),
            ("jti", json!(null)),
            ("digest", json!({ "alg": "MD5", "value": hash })),
            ("digest", json!({ "alg": "SHA256", "value": "short" })),
        ] {
            let mut claims = scene.assertion();
            claims["jti"] = json!("another");
            claims[member] = value.clone();
            assert_eq!(ask(&scene.signer.sign("JWT", &claims).unwrap()), None, "{member} {value}");
        }
    }

    #[test]
    fn evidence_belongs_to_its_voucher() {
        let scene = Scene::new();
        let jws = scene.evidence(&json!({}));
        let hash = hex(&Sha256::digest(&jws));
        let bound = Voucher { evidence: Some(hash), purpose: Some("p-1".to_owned()) };
        let other_purpose = Voucher { purpose: Some("p-2".to_owned()), ..bound.clone() };
        let free = Voucher::default();
        let with = headers(&[(EVIDENCE, &jws)]);
        let other = headers(&[(EVIDENCE, &scene.evidence(&json!({ "jti": "e-2" })))]);
        let without = HeaderMap::new();

        for (headers, voucher, required, expected) in [
            (&with, &bound, true, Ok(())),
            (&with, &bound, false, Ok(())),
            (&without, &free, false, Ok(())),
            (&with, &free, false, Ok(())),
            (&with, &free, true, Err(Fault::EvidenceUnbound)),
            (&with, &other_purpose, false, Err(Fault::EvidenceUnbound)),
            (&other, &bound, false, Err(Fault::EvidenceUnbound)),
            (&without, &bound, false, Err(Fault::EvidenceUnbound)),
            (&without, &bound, true, Err(Fault::EvidenceMissing)),
            (&without, &free, true, Err(Fault::EvidenceMissing)),
        ] {
            let outcome = evidence(headers, voucher, required, &scene.caller, HERE, NOW);
            assert_eq!(outcome, expected, "{voucher:?} {required}");
        }
    }

    #[test]
    fn evidence_says_who_and_why() {
        let scene = Scene::new();
        for (member, value, fault) in [
            ("userID", json!(" "), Fault::EvidenceInvalid),
            ("loa", json!(null), Fault::EvidenceInvalid),
            ("purposeId", json!(null), Fault::EvidenceInvalid),
            ("dnonce", json!(null), Fault::EvidenceInvalid),
            ("nbf", json!(null), Fault::EvidenceInvalid),
            ("aud", json!("http://elsewhere.example"), Fault::EvidenceInvalid),
            ("exp", json!(NOW - SKEW), Fault::EvidenceExpired),
        ] {
            let headers = headers(&[(EVIDENCE, &scene.evidence(&json!({ member: value })))]);
            let outcome = evidence(&headers, &Voucher::default(), false, &scene.caller, HERE, NOW);
            assert_eq!(outcome, Err(fault), "{member}");
        }
    }

    #[test]
    fn what_has_expired_makes_room() {
        let mut kept = Expiring::default();
        for number in 0..3_000_i64 {
            assert!(kept.keep(number.to_string(), number + 10, (), number));
        }

        assert!(kept.kept.len() < 1_100, "{}", kept.kept.len());
        assert!(kept.get("2999", 3_000).is_some() && kept.get("2999", 3_009).is_none());
    }

    /// A caller whose key is known, and what it signs.
    struct Scene {
        signer: Signer,
        caller: Caller,
    }

    impl Scene {
        fn new() -> Self {
            let signer = Signer::generate().unwrap();
            let (key, kid) = keys::of_public_pem(signer.public_key_pem()).unwrap();
            Self { signer, caller: Caller { id: "info-cig".to_owned(), kid, key } }
        }

        fn claims(&self) -> Value {
            json!({
                "iss": self.caller.id, "aud": HERE, "iat": NOW, "nbf": NOW, "exp": NOW + 30, "jti": "s-1",
                "signed_headers": [{ "digest": digest_of(BODY) }, { "content-type": "application/json" }],
            })
        }

        fn assertion(&self) -> Value {
            let id = &self.caller.id;
            json!({ "iss": id, "sub": id, "aud": HERE, "iat": NOW, "exp": NOW + 60, "jti": "a-1" })
        }

        fn evidence(&self, other: &Value) -> String {
            let mut claims = json!({
                "iss": self.caller.id, "aud": HERE, "iat": NOW, "nbf": NOW, "exp": NOW + 300, "jti": "e-1",
                "dnonce": 1_234_567_890_123_u64, "purposeId": "p-1", "userID": "u-1", "loa": "SpidL2",
            });
            for (member, value) in other.as_object().unwrap() {
                claims[member] = value.clone();
            }
            self.signer.sign("JWT", &claims).unwrap()
        }

        fn request(&self, claims: &Value) -> HeaderMap {
            let signature = self.signer.sign("JWT", claims).unwrap();
            headers(&[
                ("content-type", "application/json"),
                (DIGEST, &digest_of(BODY)),
                (SIGNATURE, &signature),
            ])
        }

        fn check(
            &self,
            headers: &HeaderMap,
            body: &[u8],
            now: i64,
            seen: &mut Expiring<()>,
        ) -> Result<(), Fault> {
            integrity(headers, body, &self.caller, HERE, now, seen)
        }

        fn alone(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Fault> {
            self.check(headers, body, NOW, &mut Expiring::default())
        }
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            set(&mut headers, name, value);
        }
        headers
    }

    fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! Requests a caller signed, changed in one place each, against the checks.

use axum::http::{HeaderName, HeaderValue};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::*;
use crate::keys::{self, Signer};

const NOW: i64 = 1_795_444_800;
const HERE: &str = "http://portal.example/linea-inps";
const BODY: &[u8] = br#"{"key":"a.1"}"#;

#[test]
fn the_contracts_name_every_fault() {
    for contract in [
        include_str!("../../../docs/linea-inps.openapi.yaml"),
        include_str!("../../../docs/cases.openapi.yaml"),
    ] {
        for fault in ModiError::ALL {
            let (code, status, _) = fault.describe();
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
    assert_eq!(scene.check(&headers, BODY, NOW, &mut seen), Err(ModiError::SignatureReplayed));
    assert_eq!(
        scene.check(&headers, BODY, NOW + 30 + SKEW - 1, &mut seen),
        Err(ModiError::SignatureReplayed)
    );
    assert_eq!(scene.check(&headers, BODY, NOW + 30 + SKEW, &mut seen), Err(ModiError::SignatureExpired));
}

#[test]
fn another_body_or_digest_is_found_out() {
    let scene = Scene::new();
    let headers = scene.request(&scene.claims());
    let mut other_digest = headers.clone();
    let other = digest_of(b"{}");
    set(&mut other_digest, DIGEST, &other);

    assert_eq!(scene.alone(&headers, b"{}"), Err(ModiError::DigestMismatch));
    assert_eq!(scene.alone(&other_digest, BODY), Err(ModiError::DigestMismatch));
    assert_eq!(scene.alone(&other_digest, b"{}"), Err(ModiError::SignedHeaderMismatch));
    let hexadecimal = format!("SHA-256={}", hex(&Sha256::digest(BODY)));
    set(&mut other_digest, DIGEST, &hexadecimal);
    assert_eq!(scene.alone(&other_digest, BODY), Err(ModiError::DigestMismatch));
    other_digest.remove(DIGEST);
    assert_eq!(scene.alone(&other_digest, BODY), Err(ModiError::DigestMissing));
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
        assert_eq!(scene.alone(&scene.request(&claims), BODY), Err(ModiError::HeaderNotSigned), "{claims}");
    }
    let mut headers = scene.request(&scene.claims());
    set(&mut headers, "content-type", "application/json; charset=utf-8");
    assert_eq!(scene.alone(&headers, BODY), Err(ModiError::SignedHeaderMismatch));
    headers.remove("content-type");
    assert_eq!(scene.alone(&headers, BODY), Err(ModiError::SignedHeaderMismatch));
    let mut headers = scene.request(&scene.claims());
    set(&mut headers, "content-encoding", "gzip");
    assert_eq!(scene.alone(&headers, BODY), Err(ModiError::HeaderNotSigned));
    let mut claims = scene.claims();
    claims["signed_headers"] =
        json!([{ "digest": digest, "content-type": "application/json" }, { "x-other": "1" }]);
    assert_eq!(scene.alone(&scene.request(&claims), BODY), Err(ModiError::SignedHeaderMismatch));
}

#[test]
fn a_header_that_comes_twice_counts_as_none() {
    let scene = Scene::new();
    for (name, fault) in [
        (DIGEST, ModiError::DigestMissing),
        (SIGNATURE, ModiError::SignatureMissing),
        ("content-type", ModiError::SignedHeaderMismatch),
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
        ("aud", json!("http://portal.example/cases"), ModiError::SignatureAudience),
        ("aud", json!(null), ModiError::SignatureAudience),
        ("exp", json!(NOW - SKEW), ModiError::SignatureExpired),
        ("exp", json!(NOW + LONGEST_SIGNATURE + 1), ModiError::SignatureExpired),
        ("iat", json!(NOW + SKEW + 1), ModiError::SignatureExpired),
        ("nbf", json!(NOW + SKEW + 1), ModiError::SignatureExpired),
        ("iss", json!("somebody"), ModiError::SignatureInvalid),
        ("jti", json!(""), ModiError::SignatureInvalid),
        ("jti", json!(null), ModiError::SignatureInvalid),
        ("exp", json!(null), ModiError::SignatureInvalid),
        ("exp", json!("soon"), ModiError::SignatureInvalid),
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

    let invalid = Err(ModiError::SignatureInvalid);
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

    assert_eq!(scene.alone(&headers, BODY), Err(ModiError::SignatureInvalid));
}

#[test]
fn a_refused_call_is_not_counted_as_seen() {
    let scene = Scene::new();
    let headers = scene.request(&scene.claims());
    let mut changed = headers.clone();
    set(&mut changed, "content-type", "text/plain");
    let mut seen = Expiring::default();

    assert!(scene.check(&changed, BODY, NOW, &mut seen).is_err());
    assert_eq!(scene.check(&headers, BODY, NOW, &mut seen), Ok(()));
}

#[test]
fn an_assertion_asks_for_a_grant_once() {
    let scene = Scene::new();
    let hash = "AB".repeat(32);
    let mut claims = scene.assertion();
    claims["digest"] = json!({ "alg": "SHA256", "value": hash });
    claims["purposeId"] = json!("p-1");
    let jws = scene.signer.sign("JWT", &claims).unwrap();
    let mut seen = Expiring::default();
    let mut ask = |jws: &str| assertion(jws, &scene.caller, HERE, NOW, &mut seen);

    let grant = TokenGrant { evidence: Some(hash.to_ascii_lowercase()), purpose: Some("p-1".to_owned()) };
    assert_eq!(ask(&jws), Some(grant));
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
fn evidence_belongs_to_its_grant() {
    let scene = Scene::new();
    let jws = scene.evidence(&json!({}));
    let hash = hex(&Sha256::digest(&jws));
    let bound = TokenGrant { evidence: Some(hash), purpose: Some("p-1".to_owned()) };
    let other_purpose = TokenGrant { purpose: Some("p-2".to_owned()), ..bound.clone() };
    let free = TokenGrant::default();
    let with = headers(&[(EVIDENCE, &jws)]);
    let other = headers(&[(EVIDENCE, &scene.evidence(&json!({ "jti": "e-2" })))]);
    let without = HeaderMap::new();

    for (headers, grant, required, expected) in [
        (&with, &bound, true, Ok(())),
        (&with, &bound, false, Ok(())),
        (&without, &free, false, Ok(())),
        (&with, &free, false, Ok(())),
        (&with, &free, true, Err(ModiError::EvidenceUnbound)),
        (&with, &other_purpose, false, Err(ModiError::EvidenceUnbound)),
        (&other, &bound, false, Err(ModiError::EvidenceUnbound)),
        (&without, &bound, false, Err(ModiError::EvidenceUnbound)),
        (&without, &bound, true, Err(ModiError::EvidenceMissing)),
        (&without, &free, true, Err(ModiError::EvidenceMissing)),
    ] {
        let outcome = evidence(headers, grant, required, &scene.caller, HERE, NOW);
        assert_eq!(outcome, expected, "{grant:?} {required}");
    }
}

#[test]
fn evidence_names_the_user_and_the_purpose() {
    let scene = Scene::new();
    for (member, value, fault) in [
        ("userID", json!(" "), ModiError::EvidenceInvalid),
        ("loa", json!(null), ModiError::EvidenceInvalid),
        ("purposeId", json!(null), ModiError::EvidenceInvalid),
        ("dnonce", json!(null), ModiError::EvidenceInvalid),
        ("nbf", json!(null), ModiError::EvidenceInvalid),
        ("aud", json!("http://elsewhere.example"), ModiError::EvidenceInvalid),
        ("exp", json!(NOW - SKEW), ModiError::EvidenceExpired),
    ] {
        let headers = headers(&[(EVIDENCE, &scene.evidence(&json!({ member: value })))]);
        let outcome = evidence(&headers, &TokenGrant::default(), false, &scene.caller, HERE, NOW);
        assert_eq!(outcome, Err(fault), "{member}");
    }
}

/// A caller whose key is known, and its signed headers.
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
        headers(&[("content-type", "application/json"), (DIGEST, &digest_of(BODY)), (SIGNATURE, &signature)])
    }

    fn check(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: i64,
        seen: &mut Expiring<()>,
    ) -> Result<(), ModiError> {
        integrity(headers, body, &self.caller, HERE, now, seen)
    }

    fn alone(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), ModiError> {
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

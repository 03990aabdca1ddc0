// SPDX-License-Identifier: EUPL-1.2
//! ModI: what proves to another system of the administration that this service calls, and to this service that Linea INPS
//! does (*Linee guida sull'interoperabilità tecnica*; profiles as used with PDND).
//!
//! | | what travels | profile |
//! |---|---|---|
//! | out | `Digest` and `Agid-JWT-Signature` over it and the content type | `INTEGRITY_REST_02` |
//! | out | `Agid-JWT-TrackingEvidence`, who is behind the call, where configured | `AUDIT_REST_02` |
//! | out | the assertion a voucher is asked for with | RFC 7523 |
//! | in | `Digest` and `Agid-JWT-Signature`, under a key of the sender's key set | `INTEGRITY_REST_02` |
//!
//! Pure: the key, the time and every name drawn by lot are arguments. What is refused is refused as `signature-invalid`, with
//! the part that failed; whether a `jti` was seen before is asked of whoever remembers them.

use std::{collections::BTreeMap, fmt::Write};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use infocig_protocol::{problem::Code, time::Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, jwk::JwkSet};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    problem::{Fault, Refusal},
    token::NumericDate,
};

/// The header with the digest of a body (RFC 3230).
pub const DIGEST: &str = "digest";
/// The header with the signature over other headers.
pub const SIGNATURE: &str = "agid-jwt-signature";
/// The header that says who is behind a call.
pub const EVIDENCE: &str = "agid-jwt-trackingevidence";
/// The only content type that is sent and taken.
pub const CONTENT_TYPE: &str = "application/json";

/// Who calls: the client as the other side knows it, and the key that proves it.
#[derive(Clone, Debug)]
pub struct Identity {
    /// `iss` of everything it signs.
    pub client_id: String,
    kid: String,
    key: EncodingKey,
}

/// What makes a signature one of its kind.
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
    /// Who they are for this service.
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

    /// `Agid-JWT-TrackingEvidence`: who is behind a call, and for which purpose.
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
            claims["digest"] = json!({ "alg": "SHA256", "value": hex(&Sha256::digest(evidence)) });
        }
        self.sign(&claims)
    }

    /// The body of the request for a voucher (RFC 6749, section 4.4; RFC 7523, section 2.2).
    pub fn voucher_form(&self, assertion: &str) -> String {
        let members = [
            ("grant_type", "client_credentials"),
            ("client_id", &self.client_id),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ];
        members.map(|(name, value)| format!("{name}={}", form_encoded(value))).join("&")
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

/// Who may have signed a request, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'e> {
    /// `iss`
    pub issuer: &'e str,
    /// `aud`
    pub audience: &'e str,
    /// By how many seconds the clocks may differ.
    pub leeway_s: u16,
}

/// What must be remembered of a signature, so that it is accepted once.
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
        let segments: Vec<&str> = jws.split('.').collect();
        let [header, _, _] = segments.as_slice() else {
            return Err(invalid("the signature is no compact JWS"));
        };
        let header = URL_SAFE_NO_PAD.decode(header).ok();
        let header: Option<JoseHeader> = header.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let header = header.ok_or_else(|| invalid("the signature's header is not base64url of JSON"))?;
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

    /// Verifies the request, and says what to remember of it.
    pub fn verify(&self, keys: &JwkSet, expected: Expected<'_>, now: Timestamp) -> Result<Seen, Refusal> {
        let kid = self.key_id()?;
        let key = keys.find(&kid).and_then(|key| DecodingKey::from_jwk(key).ok());
        let key = key.ok_or_else(|| invalid("the signature's kid names no key of the key set"))?;
        // Times and audience are checked below: time is an argument, and each has a detail of its own.
        let mut validation = Validation::new(Algorithm::ES256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let token = jsonwebtoken::decode::<Value>(self.header(SIGNATURE)?, &key, &validation)
            .map_err(|_| invalid("the signature does not verify under its key"))?;
        let claims: Claims = serde_json::from_value(token.claims)
            .map_err(|error| invalid(&format!("the signature's claims: {error}")))?;
        claims.check(expected, now)?;
        self.check_headers(&claims.signed_headers)?;
        let until = Timestamp::from_millis(
            claims.exp.0.saturating_add(expected.leeway_s.into()).saturating_mul(1000),
        );
        Ok(Seen { jti: claims.jti, until })
    }

    /// What was signed is what came, and all that must be signed was.
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
struct JoseHeader {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    iat: NumericDate,
    nbf: Option<NumericDate>,
    exp: NumericDate,
    jti: String,
    signed_headers: Vec<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Claims {
    fn check(&self, expected: Expected<'_>, now: Timestamp) -> Result<(), Refusal> {
        if self.iss != expected.issuer {
            return Err(invalid("the signature's iss is not Linea INPS"));
        }
        let named = match &self.aud {
            Audience::One(one) => one == expected.audience,
            Audience::Many(many) => many.iter().any(|one| one == expected.audience),
        };
        if !named {
            return Err(invalid(&format!("the signature's aud must be {}", expected.audience)));
        }
        let (now, leeway) = (seconds(now), i64::from(expected.leeway_s));
        let [exp, iat, nbf] = [self.exp, self.iat, self.nbf.unwrap_or(self.iat)].map(|NumericDate(at)| at);
        let late = now.saturating_sub(exp);
        if late >= leeway {
            return Err(invalid(&format!("the signature has expired {late} s ago; {leeway} s are allowed")));
        }
        let early = nbf.max(iat).saturating_sub(now);
        if early > leeway {
            let detail =
                format!("the signature's nbf or iat lies {early} s in the future; {leeway} s are allowed");
            return Err(invalid(&detail));
        }
        if !(1..=MAX_LIFETIME_S).contains(&exp.saturating_sub(iat)) {
            return Err(invalid("the signature's exp must be 1 to 120 seconds after iat"));
        }
        if !(1..=MAX_JTI_BYTES).contains(&self.jti.len()) {
            return Err(invalid("the signature's jti must have 1 to 256 bytes"));
        }
        Ok(())
    }
}

fn invalid(detail: &str) -> Refusal {
    Refusal::new(Code::SignatureInvalid, detail)
}

/// What a PEM text holds between its lines (RFC 7468), if it says that this is PKCS#8.
fn pkcs8_of(pem: &str) -> Option<Vec<u8>> {
    let (_, inner) = pem.split_once("-----BEGIN PRIVATE KEY-----")?;
    let (inner, _) = inner.split_once("-----END PRIVATE KEY-----")?;
    let inner: String = inner.split_whitespace().collect();
    STANDARD.decode(inner).ok()
}

fn form_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _infallible = write!(out, "%{byte:02X}");
        }
        out
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _infallible = write!(out, "{byte:02x}");
        out
    })
}

fn seconds(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(1000)
}

const TYP: &str = "JWT";
const SHA_256: &str = "SHA-256=";
/// What this service signs is good for so long.
const LIFETIME_S: i64 = 30;
/// What it takes may be good for so long.
const MAX_LIFETIME_S: i64 = 120;
const MAX_JTI_BYTES: usize = 256;

#[cfg(test)]
pub(crate) mod testing {
    //! Keys of the tests' own.

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
mod tests {
    use super::*;

    const NOW_S: i64 = 1_795_444_800;
    const EXPECTED: Expected<'_> = Expected {
        issuer: "linea-inps",
        audience: "https://chat.example/v1/linea-inps/updates",
        leeway_s: 60,
    };
    const BODY: &str = r#"{"hello": "world"}"#;

    #[test]
    fn a_digest_is_base64_of_the_sha_256_of_the_body() {
        // By `printf … | openssl dgst -sha256 -binary | base64`; the first is also in draft-ietf-httpbis-digest-headers.
        assert_eq!(digest(BODY.as_bytes()), "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=");
        assert_eq!(digest(b""), "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn a_call_is_signed_over_its_digest_and_its_content_type() {
        let signature = client().signature("https://inps.example", "SHA-256=x", stamp()).unwrap();
        let (header, claims) = opened(&signature);

        assert_eq!(header, json!({ "alg": "ES256", "kid": "k1", "typ": "JWT" }));
        assert_eq!(
            claims,
            json!({
                "iss": "info-cig", "aud": "https://inps.example", "jti": "j-1",
                "iat": NOW_S, "nbf": NOW_S, "exp": NOW_S + 30,
                "signed_headers": [{ "digest": "SHA-256=x" }, { "content-type": "application/json" }],
            })
        );
    }

    #[test]
    fn evidence_says_who_is_behind_a_call_and_the_assertion_is_bound_to_it() {
        let user = User { id: "adv-1".into(), loa: "substantial" };
        let evidence = client().evidence("https://inps.example", "p-1", &user, 7, stamp()).unwrap();
        let (_, claims) = opened(&evidence);
        assert_eq!(
            claims,
            json!({
                "iss": "info-cig", "aud": "https://inps.example", "jti": "j-1",
                "iat": NOW_S, "nbf": NOW_S, "exp": NOW_S + 30,
                "dnonce": 7, "purposeId": "p-1", "userID": "adv-1", "loa": "substantial",
            })
        );

        let url = "https://inps.example/token";
        let (_, claims) = opened(&client().assertion(url, Some("p-1"), Some("abc"), stamp()).unwrap());
        assert_eq!(
            claims,
            json!({
                "iss": "info-cig", "sub": "info-cig", "aud": url, "jti": "j-1",
                "iat": NOW_S, "nbf": NOW_S, "exp": NOW_S + 30, "purposeId": "p-1",
                // SHA-256 of "abc" (FIPS 180-4, example).
                "digest": { "alg": "SHA256",
                    "value": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
            })
        );
        let (_, claims) = opened(&client().assertion(url, None, None, stamp()).unwrap());
        assert_eq!((claims.get("purposeId"), claims.get("digest")), (None, None));
    }

    #[test]
    fn a_voucher_is_asked_for_with_a_form() {
        let identity = Identity::new("info cig&x".into(), "k1".into(), &testing::pem(7)).unwrap();
        assert_eq!(
            identity.voucher_form("a.b-c_d"),
            "grant_type=client_credentials&client_id=info%20cig%26x&client_assertion_type=\
             urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b-c_d"
        );
    }

    #[test]
    fn what_is_no_p_256_key_makes_no_identity() {
        let of = |pem: &str| Identity::new("info-cig".into(), "k1".into(), pem).is_some();
        let good = testing::pem(7);

        assert!(of(&good));
        assert!(of(&good.replace('\n', "\r\n")));
        assert!(of(&good.replace('\n', " ")), "an environment variable may have lost its line ends");
        for wrong in
            ["", "key", &good.replace("PRIVATE", "EC PRIVATE"), &good.replace("MIG", "MIH"), &good[..60]]
        {
            assert!(!of(wrong), "{wrong}");
        }
    }

    #[test]
    fn what_linea_inps_signed_is_believed_and_remembered() {
        let seen = Request::default().verified().unwrap();
        assert_eq!(seen, Seen { jti: "u-1".into(), until: at(NOW_S + 180) });

        let several = Request { aud: json!(["https://a.example", EXPECTED.audience]), ..Request::default() };
        assert!(several.verified().is_ok());
    }

    #[test]
    fn each_thing_that_can_be_wrong_is_named() {
        let check = |expected: &str, change: &dyn Fn(&mut Request)| {
            let mut request = Request::default();
            change(&mut request);
            let refusal = request.verified().unwrap_err();
            assert_eq!(refusal.code, Code::SignatureInvalid);
            assert!(refusal.detail.contains(expected), "{expected}: {}", refusal.detail);
        };
        check("Digest is not the SHA-256", &|r| r.body = BODY.replace("world", "World"));
        check("header digest is missing", &|r| r.digest = None);
        check("no SHA-256", &|r| r.digest = Some("SHA-512=x".into()));
        check("Digest is not the SHA-256", &|r| r.digest = Some("SHA-256=8f8b".into()));
        check("the signed digest is not", &|r| r.digest = Some(format!("{} ", digest(BODY.as_bytes()))));
        check("the signed content-type is not", &|r| r.content_type = "text/plain".into());
        check("signed_headers lacks content-encoding", &|r| r.content_encoding = Some("gzip".into()));
        check("signed_headers lacks digest", &|r| {
            r.signed = json!([{ "content-type": "application/json" }]);
        });
        check("signed_headers lacks content-type", &|r| {
            r.signed = json!([{ "digest": digest(BODY.as_bytes()) }]);
        });
        check("claims: invalid type: null", &|r| r.signed = Value::Null);
        check("alg must be ES256", &|r| r.header = json!({ "alg": "none", "typ": "JWT", "kid": "k1" }));
        check("alg must be ES256", &|r| r.header = json!({ "alg": "HS256", "typ": "JWT", "kid": "k1" }));
        check("typ must be JWT", &|r| r.header = json!({ "alg": "ES256", "kid": "k1" }));
        check("names no kid", &|r| r.header = json!({ "alg": "ES256", "typ": "JWT" }));
        check("crit", &|r| {
            r.header = json!({ "alg": "ES256", "typ": "JWT", "kid": "k1", "crit": ["b64"] });
        });
        check("no key of the key set", &|r| {
            r.header = json!({ "alg": "ES256", "typ": "JWT", "kid": "k2" });
        });
        check("does not verify", &|r| r.key = 8);
        check("does not verify", &|r| r.tamper = |jws| jws.replacen(".eyJ", ".eyK", 1));
        check("does not verify", &|r| r.tamper = |jws| jws[..=jws.rfind('.').unwrap()].to_string());
        check("compact JWS", &|r| r.tamper = |_| "a.b".into());
        check("base64url of JSON", &|r| r.tamper = |_| "a.b.c".into());
        check("iss is not Linea INPS", &|r| r.iss = "info-cig".into());
        check("aud must be", &|r| r.aud = json!("https://altrove.example"));
        check("expired 60 s ago", &|r| (r.iat, r.exp) = (NOW_S - 120, NOW_S - 60));
        check("61 s in the future", &|r| (r.iat, r.exp) = (NOW_S + 61, NOW_S + 120));
        check("61 s in the future", &|r| r.nbf = Some(NOW_S + 61));
        check("1 to 120 seconds", &|r| r.exp = NOW_S + 121);
        check("1 to 120 seconds", &|r| r.exp = NOW_S);
        check("jti must have", &|r| r.jti = json!(""));
        check("jti must have", &|r| r.jti = json!("x".repeat(257)));
        check("claims: invalid type: null", &|r| r.jti = Value::Null);
    }

    #[test]
    fn clocks_may_differ_by_the_leeway() {
        let at = |iat: i64, exp: i64| Request { iat, exp, ..Request::default() }.verified().is_ok();
        assert!(at(NOW_S + 60, NOW_S + 120));
        assert!(at(NOW_S - 120, NOW_S - 59));
    }

    /// A request of Linea INPS's, with something changed.
    struct Request {
        body: String,
        digest: Option<String>,
        content_type: String,
        content_encoding: Option<String>,
        signed: Value,
        header: Value,
        key: u8,
        iss: String,
        aud: Value,
        iat: i64,
        nbf: Option<i64>,
        exp: i64,
        jti: Value,
        tamper: fn(String) -> String,
    }

    impl Default for Request {
        fn default() -> Self {
            let digest = digest(BODY.as_bytes());
            Self {
                body: BODY.into(),
                digest: Some(digest.clone()),
                content_type: CONTENT_TYPE.into(),
                content_encoding: None,
                signed: json!([{ "digest": digest }, { "content-type": CONTENT_TYPE }]),
                header: json!({ "alg": "ES256", "typ": "JWT", "kid": "k1" }),
                key: 7,
                iss: EXPECTED.issuer.into(),
                aud: json!(EXPECTED.audience),
                iat: NOW_S,
                nbf: None,
                exp: NOW_S + 120,
                jti: json!("u-1"),
                tamper: |jws| jws,
            }
        }
    }

    impl Request {
        fn verified(&self) -> Result<Seen, Refusal> {
            let jws = (self.tamper)(self.signed());
            let header = |name: &str| match name {
                "digest" => self.digest.clone(),
                "content-type" => Some(self.content_type.clone()),
                "content-encoding" => self.content_encoding.clone(),
                "agid-jwt-signature" => Some(jws.clone()),
                _ => None,
            };
            let received = Received { body: self.body.as_bytes(), header: &header };
            received.verify(&testing::keys(7, "k1"), EXPECTED, at(NOW_S))
        }

        /// Signed by hand, because headers that must be refused cannot be made otherwise.
        fn signed(&self) -> String {
            use p256::ecdsa::{Signature, SigningKey, signature::Signer};

            let mut claims = json!({ "iss": self.iss, "aud": self.aud, "iat": self.iat, "exp": self.exp,
                "jti": self.jti, "signed_headers": self.signed });
            if let Some(nbf) = self.nbf {
                claims["nbf"] = nbf.into();
            }
            let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let message = format!("{}.{}", encode(&self.header), encode(&claims));
            let key = SigningKey::from_slice(&[self.key; 32]).unwrap();
            let signature: Signature = key.sign(message.as_bytes());
            format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
        }
    }

    fn client() -> Identity {
        Identity::new("info-cig".into(), "k1".into(), &testing::pem(7)).unwrap()
    }

    fn stamp() -> Stamp<'static> {
        Stamp { jti: "j-1", now: at(NOW_S) }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    /// Header and claims of a JWS, verified with the public key.
    fn opened(jws: &str) -> (Value, Value) {
        let keys = testing::keys(7, "k1");
        let key = DecodingKey::from_jwk(keys.find("k1").unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let claims = jsonwebtoken::decode::<Value>(jws, &key, &validation).unwrap().claims;
        let header = URL_SAFE_NO_PAD.decode(jws.split('.').next().unwrap()).unwrap();
        (serde_json::from_slice(&header).unwrap(), claims)
    }
}

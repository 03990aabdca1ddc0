// SPDX-License-Identifier: EUPL-1.2
//! Signatures out and in, with keys made of one number.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, Validation};

use super::*;

const NOW_S: i64 = 1_795_444_800;
const EXPECTED: Expected<'_> =
    Expected { issuer: "linea-inps", audience: "https://chat.example/v1/linea-inps/updates", leeway_s: 60 };
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
fn evidence_names_the_user_of_a_call_and_the_assertion_is_bound_to_it() {
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
        "grant_type=client_credentials&client_id=info+cig%26x&client_assertion_type=\
         urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b-c_d"
    );
}

#[test]
fn a_key_that_is_not_p_256_is_refused() {
    let of = |pem: &str| Identity::new("info-cig".into(), "k1".into(), pem).is_some();
    let good = testing::pem(7);

    assert!(of(&good));
    assert!(of(&good.replace('\n', "\r\n")));
    assert!(of(&good.replace('\n', " ")), "an environment variable may have lost its line ends");
    for wrong in ["", "key", &good.replace("PRIVATE", "EC PRIVATE"), &good.replace("MIG", "MIH"), &good[..60]]
    {
        assert!(!of(wrong), "{wrong}");
    }
}

#[test]
fn a_signature_of_linea_inps_is_accepted_and_remembered() {
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
    check("exp was 60 s ago", &|r| (r.iat, r.exp) = (NOW_S - 120, NOW_S - 60));
    check("61 s ahead", &|r| (r.iat, r.exp) = (NOW_S + 61, NOW_S + 120));
    check("61 s ahead", &|r| r.nbf = Some(NOW_S + 61));
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

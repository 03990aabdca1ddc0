// SPDX-License-Identifier: EUPL-1.2
//! A key pair on P-256: made, read, named and signed with (ES256). No randomness below [`SigningPair::generate`], and the private
//! half leaves it as PEM alone.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{Error, random};

/// A private key and its public half.
pub(crate) struct SigningPair {
    key: SigningKey,
}

impl SigningPair {
    /// A new pair.
    pub(crate) fn generate() -> Result<Self, Error> {
        loop {
            // Zero and what is beyond the order of the curve are no keys: one draw in 2^32.
            if let Ok(key) = SigningKey::from_slice(&random::bytes::<32>()?) {
                return Ok(Self { key });
            }
        }
    }

    /// The pair of a private key: PEM in PKCS#8, or a JWK with its private member `d`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let key = match serde_json::from_str::<Value>(text) {
            Ok(jwk) => {
                let bytes = URL_SAFE_NO_PAD.decode(jwk.get("d")?.as_str()?).ok()?;
                SigningKey::from_slice(&bytes).ok().filter(|_| jwk["crv"] == "P-256")?
            }
            Err(_) => SigningKey::from_pkcs8_pem(text.trim()).ok()?,
        };
        Some(Self { key })
    }

    /// The private half: PEM, PKCS#8.
    pub(crate) fn pem(&self) -> Result<String, Error> {
        let pem = self.key.to_pkcs8_pem(LineEnding::LF);
        pem.map(|pem| pem.to_string()).map_err(|error| Error::new(format!("writing the key as PEM: {error}")))
    }

    /// The public half as a JWK (RFC 7517) of that name.
    pub(crate) fn public_jwk(&self, kid: &str) -> Value {
        let (x, y) = self.coordinates();
        json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": kid })
    }

    /// The name made of the public half (RFC 7638, SHA-256).
    pub(crate) fn thumbprint(&self) -> String {
        let (x, y) = self.coordinates();
        let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        URL_SAFE_NO_PAD.encode(Sha256::digest(members))
    }

    /// Claims as a compact JWS (RFC 7515) of that `typ`.
    pub(crate) fn sign(&self, typ: &str, kid: &str, claims: &Value) -> String {
        let segment = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({ "alg": "ES256", "typ": typ, "kid": kid });
        let signed = format!("{}.{}", segment(&header), segment(claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn coordinates(&self) -> (String, String) {
        let point = self.key.verifying_key().to_encoded_point(false);
        // An uncompressed point has both coordinates.
        let text = |half: Option<&p256::FieldBytes>| half.map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        (text(point.x()).unwrap_or_default(), text(point.y()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use infocig_edge::auth::jws::{can_verify, read_keys};

    use super::*;

    /// RFC 7515, A.3.1, and its thumbprint computed by RFC 7638.
    const JWK: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;

    #[test]
    fn a_key_is_the_same_as_a_jwk_and_as_pem() {
        let pair = SigningPair::read(JWK).unwrap();
        let same = SigningPair::read(&pair.pem().unwrap()).unwrap();

        assert_eq!(pair.public_jwk("a")["x"], "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
        assert_eq!(same.public_jwk("a"), pair.public_jwk("a"));
        assert_eq!(pair.thumbprint(), "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
        assert!(SigningPair::read("").is_none() && SigningPair::read("{}").is_none());
    }

    #[test]
    fn the_service_can_verify_with_the_public_half() {
        let pair = SigningPair::generate().unwrap();
        let set = json!({ "keys": [pair.public_jwk("k")] }).to_string();

        assert!(can_verify(&read_keys(&set).unwrap().keys[0]));
        assert_eq!(pair.public_jwk("k").get("d"), None);
        assert_eq!(pair.sign("t+jwt", "k", &json!({})).split('.').map(str::len).next_back(), Some(86));
    }
}

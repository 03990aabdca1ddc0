// SPDX-License-Identifier: EUPL-1.2
//! The portal's signing key: made at start, never written down, published as a JWK set.
//!
//! A restart is therefore a key rotation: whoever verifies must look at the set again when it meets an unknown `kid`.

use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use p256::{
    ecdsa::SigningKey,
    elliptic_curve::rand_core::OsRng,
    pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, LineEnding},
};
use serde_json::{Value, json};

/// Why a key could not be made or a token not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SigningFault {
    /// The new key did not fit its private encoding.
    #[error("the private key could not be encoded")]
    PrivateKey(#[source] p256::pkcs8::Error),
    /// The new key did not fit its public encoding.
    #[error("the public key could not be encoded")]
    PublicKey(#[source] p256::pkcs8::spki::Error),
    /// The token library refused the key or the claims.
    #[error("the token could not be signed")]
    Token(#[from] jsonwebtoken::errors::Error),
}

/// Signs tokens with one P-256 key (ES256) and publishes its public half.
pub struct Signer {
    key: EncodingKey,
    public: Jwk,
    public_pem: String,
    kid: String,
}

impl Signer {
    /// A new key, different at every call. Its `kid` is its RFC 7638 thumbprint.
    pub fn generate() -> Result<Self, SigningFault> {
        let secret = SigningKey::random(&mut OsRng);
        let der = secret.to_pkcs8_der().map_err(SigningFault::PrivateKey)?;
        let public_pem =
            secret.verifying_key().to_public_key_pem(LineEnding::LF).map_err(SigningFault::PublicKey)?;
        let key = EncodingKey::from_ec_der(der.as_bytes());

        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256)?;
        let kid = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { key, public, public_pem, kid })
    }

    /// The claims as a compact JWS: `alg` ES256, the `typ` given, `kid` of this key.
    pub fn sign(&self, typ: &str, claims: &Value) -> Result<String, SigningFault> {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(typ.to_owned());
        header.kid = Some(self.kid.clone());
        Ok(jsonwebtoken::encode(&header, claims, &self.key)?)
    }

    /// The JWK set (RFC 7517) under which the tokens verify.
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.public] })
    }

    /// The name of this key in the set and in token headers.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half as PEM: what a forger would abuse as an HMAC secret.
    pub fn public_key_pem(&self) -> &str {
        &self.public_pem
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};

    use super::*;

    #[test]
    fn a_token_verifies_under_the_published_set() {
        let signer = Signer::generate().unwrap();
        let token = signer.sign("test+jwt", &json!({ "aud": "here", "exp": 4_000_000_000_u64 })).unwrap();

        let set: JwkSet = serde_json::from_value(signer.jwks()).unwrap();
        let header = jsonwebtoken::decode_header(&token).unwrap();
        let key = DecodingKey::from_jwk(set.find(header.kid.as_deref().unwrap()).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&["here"]);

        assert_eq!(header.typ.as_deref(), Some("test+jwt"));
        jsonwebtoken::decode::<Value>(&token, &key, &validation).unwrap();
    }

    #[test]
    fn the_set_holds_the_public_half_only() {
        let set = Signer::generate().unwrap().jwks();

        let key = set["keys"][0].as_object().unwrap();
        let mut members: Vec<_> = key.keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
        assert_eq!(
            (&key["kty"], &key["crv"], &key["alg"], &key["use"]),
            (&json!("EC"), &json!("P-256"), &json!("ES256"), &json!("sig"))
        );
    }

    #[test]
    fn every_start_has_a_key_of_its_own() {
        let (one, other) = (Signer::generate().unwrap(), Signer::generate().unwrap());

        assert_ne!(one.kid(), other.kid());
        assert_ne!(one.public_key_pem(), other.public_key_pem());
        assert_ne!(one.jwks(), other.jwks());
    }

    #[test]
    fn the_public_key_is_there_as_pem() {
        let signer = Signer::generate().unwrap();

        assert!(signer.public_key_pem().starts_with("-----BEGIN PUBLIC KEY-----\n"));
    }
}

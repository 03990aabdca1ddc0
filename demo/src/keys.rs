// SPDX-License-Identifier: EUPL-1.2
//! The portal's signing key, generated at start, kept in memory and published as a JWK set; and the key pair with which the
//! edge calls Linea INPS, kept in a file that only its owner can read.
//!
//! Every restart is therefore a rotation of the portal's key: a verifier must fetch the set again when it meets an unknown
//! `kid`.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use p256::{
    ecdsa::{SigningKey, VerifyingKey},
    elliptic_curve::rand_core::OsRng,
    pkcs8::{
        DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding,
    },
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The reason for which a key could not be made or a token could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SigningFault {
    /// The new key did not fit its private encoding.
    #[error("the private key could not be encoded")]
    PrivateKey(#[source] p256::pkcs8::Error),
    /// The new key did not fit its public encoding.
    #[error("the public key could not be encoded")]
    PublicKey(#[source] p256::pkcs8::spki::Error),
    /// A text is not the PEM of a P-256 key.
    #[error("this is not the PEM of a P-256 key")]
    NotAKey,
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
        Self::of(&SigningKey::random(&mut OsRng))
    }

    fn of(secret: &SigningKey) -> Result<Self, SigningFault> {
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

    /// The public half as PEM. Tests of algorithm confusion sign with it as an HMAC secret.
    pub fn public_key_pem(&self) -> &str {
        &self.public_pem
    }
}

/// The pair with which a client of Linea INPS signs. The private half leaves it as text only.
#[derive(Clone)]
pub struct KeyPair {
    private_pem: String,
    public_pem: String,
    kid: String,
}

impl KeyPair {
    /// A new pair, different at every call.
    pub fn generate() -> Result<Self, SigningFault> {
        Self::of(&SigningKey::random(&mut OsRng))
    }

    /// The pair of a private key: PEM, PKCS#8.
    pub fn of_private_pem(pem: &str) -> Result<Self, SigningFault> {
        Self::of(&SigningKey::from_pkcs8_pem(pem).map_err(|_| SigningFault::NotAKey)?)
    }

    fn of(secret: &SigningKey) -> Result<Self, SigningFault> {
        let private_pem = secret.to_pkcs8_pem(LineEnding::LF).map_err(SigningFault::PrivateKey)?;
        let public = secret.verifying_key();
        let public_pem = public.to_public_key_pem(LineEnding::LF).map_err(SigningFault::PublicKey)?;
        Ok(Self { private_pem: private_pem.to_string(), public_pem, kid: thumbprint(public) })
    }

    /// The pair kept in `file` (PKCS#8, for its owner alone), made and written if there is none. Beside it, with `.pub`
    /// after its name, is the public half.
    pub fn kept_in(file: &Path) -> io::Result<Self> {
        let pair = match fs::read_to_string(file) {
            Ok(kept) => Self::of_private_pem(&kept).map_err(|fault| {
                io::Error::new(io::ErrorKind::InvalidData, format!("{}: {fault}", file.display()))
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let pair = Self::generate().map_err(io::Error::other)?;
                let mut private = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
                private.write_all(pair.private_pem.as_bytes())?;
                pair
            }
            Err(error) => return Err(error),
        };
        let mut public = file.as_os_str().to_owned();
        public.push(".pub");
        fs::write(public, &pair.public_pem)?;
        Ok(pair)
    }

    /// A signer with the private half.
    pub fn signer(&self) -> Result<Signer, SigningFault> {
        Signer::of(&SigningKey::from_pkcs8_pem(&self.private_pem).map_err(|_| SigningFault::NotAKey)?)
    }

    /// The private half: PEM, PKCS#8.
    pub fn private_pem(&self) -> &str {
        &self.private_pem
    }

    /// The public half: PEM, SPKI.
    pub fn public_pem(&self) -> &str {
        &self.public_pem
    }

    /// The RFC 7638 thumbprint: the `kid` that Linea INPS expects by default.
    pub fn kid(&self) -> &str {
        &self.kid
    }
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// The key of a public PEM (SPKI), and its RFC 7638 thumbprint.
pub(crate) fn of_public_pem(pem: &str) -> Result<(DecodingKey, String), SigningFault> {
    let key = VerifyingKey::from_public_key_pem(pem).map_err(|_| SigningFault::NotAKey)?;
    let (x, y) = coordinates(&key);
    Ok((DecodingKey::from_ec_components(&x, &y)?, thumbprint(&key)))
}

fn thumbprint(key: &VerifyingKey) -> String {
    let (x, y) = coordinates(key);
    let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(members))
}

fn coordinates(key: &VerifyingKey) -> (String, String) {
    let point = key.to_encoded_point(false);
    // An uncompressed point has both coordinates.
    let text = |half: Option<&p256::FieldBytes>| half.map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
    (text(point.x()).unwrap_or_default(), text(point.y()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use jsonwebtoken::{Validation, jwk::JwkSet};

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
    fn a_pair_has_one_name_however_it_is_written() {
        let pair = KeyPair::generate().unwrap();
        let signer = Signer::generate().unwrap();

        assert!(pair.private_pem().starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert_eq!(KeyPair::of_private_pem(pair.private_pem()).unwrap().public_pem(), pair.public_pem());
        assert_eq!(of_public_pem(pair.public_pem()).unwrap().1, pair.kid());
        assert_eq!(pair.signer().unwrap().kid(), pair.kid());
        assert_eq!(of_public_pem(signer.public_key_pem()).unwrap().1, signer.kid());
        assert!(KeyPair::of_private_pem(pair.public_pem()).is_err() && of_public_pem("").is_err());
        assert!(!format!("{pair:?}").contains("PRIVATE"));
    }

    #[test]
    fn a_kept_pair_stays_the_same_and_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("client.key");

        let first = KeyPair::kept_in(&file).unwrap();
        let second = KeyPair::kept_in(&file).unwrap();

        assert_eq!(first.kid(), second.kid());
        assert_eq!(fs::read_to_string(folder.path().join("client.key.pub")).unwrap(), first.public_pem());
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&file, "no key").unwrap();
        assert!(KeyPair::kept_in(&file).is_err());
    }

    #[test]
    fn the_public_key_is_there_as_pem() {
        let signer = Signer::generate().unwrap();

        assert!(signer.public_key_pem().starts_with("-----BEGIN PUBLIC KEY-----\n"));
    }
}

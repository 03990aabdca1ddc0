// SPDX-License-Identifier: EUPL-1.2
//! The token endpoint: the forms that are posted to it, and its answers (RFC 6749, 4.1.3, 5 and 6; RFC 7636, 4.5).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use infocig_protocol::time::Timestamp;
use serde::Deserialize;

use super::SignInRefusal;
use crate::{
    auth::modi::{Identity, Stamp},
    problem::Fault,
    settings::Staff,
};

/// How this service proves to the provider that it is the client.
#[derive(Clone, Debug)]
pub enum ClientProof {
    /// Not at all: PKCE alone binds the code.
    Public,
    /// `client_secret_basic`
    Secret(String),
    /// `private_key_jwt`
    Key(Box<Identity>),
}

/// What is asked of the token endpoint.
#[derive(Clone, Copy, Debug)]
pub enum Grant<'g> {
    /// Tokens for a code.
    Code {
        /// The code.
        code: &'g str,
        /// The verifier of PKCE.
        verifier: &'g str,
        /// The redirect address it was asked with.
        redirect_uri: &'g str,
    },
    /// Newer tokens.
    Refresh(&'g str),
}

/// A request to the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// `Authorization`, where the proof goes there.
    pub authorization: Option<String>,
    /// The body.
    pub form: String,
}

/// The tokens that it gives. Their values never reach a log.
#[derive(Clone, Deserialize)]
pub struct Tokens {
    /// The ID token; a refresh may do without.
    pub id_token: Option<String>,
    /// The access token, of which only the hash is compared.
    #[serde(default)]
    pub access_token: Option<String>,
    /// The refresh token, where there is one.
    #[serde(default)]
    pub refresh_token: Option<String>,
}

/// Writes a request.
pub fn request(
    staff: &Staff,
    token_endpoint: &str,
    grant: Grant<'_>,
    stamp: Stamp<'_>,
) -> Result<TokenRequest, Fault> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    match grant {
        Grant::Code { code, verifier, redirect_uri } => {
            form.append_pair("grant_type", "authorization_code")
                .append_pair("code", code)
                .append_pair("redirect_uri", redirect_uri)
                .append_pair("code_verifier", verifier);
        }
        Grant::Refresh(token) => {
            form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", token);
        }
    }
    let mut authorization = None;
    match &staff.proof {
        ClientProof::Public => {
            form.append_pair("client_id", &staff.client_id);
        }
        ClientProof::Secret(secret) => {
            // Each part is encoded as in a form before they are joined (RFC 6749, 2.3.1).
            let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", encoded(&staff.client_id), encoded(secret));
            authorization = Some(format!("Basic {}", STANDARD.encode(pair)));
        }
        ClientProof::Key(identity) => {
            let assertion = identity.assertion(token_endpoint, None, None, stamp)?;
            form.append_pair("client_id", &staff.client_id)
                .append_pair(
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                )
                .append_pair("client_assertion", &assertion);
        }
    }
    Ok(TokenRequest { authorization, form: form.finish() })
}

/// Reads an answer. `refused` is what a refusal of the grant means.
pub fn read(status: u16, body: &str, refused: SignInRefusal) -> Result<Tokens, SignInRefusal> {
    match status {
        200 => serde_json::from_str(body).map_err(|_| SignInRefusal::Unreachable),
        400 | 401 | 403 => Err(refused),
        _ => Err(SignInRefusal::Unreachable),
    }
}

/// The address at which one signs out of the provider, which leads back to `back` (OpenID Connect RP-Initiated Logout 1.0).
pub fn end_session(endpoint: &str, staff: &Staff, id_token: Option<&str>, back: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(id_token) = id_token {
        query.append_pair("id_token_hint", id_token);
    }
    query.append_pair("client_id", &staff.client_id).append_pair("post_logout_redirect_uri", back);
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{joint}{}", query.finish())
}

/// A stamp of a request that is made now.
pub fn stamp(jti: &str, now: Timestamp) -> Stamp<'_> {
    Stamp { jti, now }
}

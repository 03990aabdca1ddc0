// SPDX-License-Identifier: EUPL-1.2
//! Authentication of the client of Linea INPS and of the registry: it issues access tokens against an assertion, and checks
//! that requests carry one and are signed. Without a known client every request is refused.

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use axum::{
    Form, Json,
    extract::rejection::FormRejection,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    expiring::Expiring,
    keys,
    modi::{self, Caller, ModiError, TokenGrant},
    problem::problem,
    random,
};

/// How long a token lives, in seconds.
pub(crate) const TOKEN_SECONDS: i64 = 300;

/// The client that may call Linea INPS and the registry: the edge.
#[derive(Clone, Debug)]
pub struct Client {
    /// `iss` and `sub` of the tokens it signs.
    pub id: String,
    /// Its public key: PEM, SPKI, P-256.
    pub public_key: String,
    /// `kid` of the tokens it signs; `None` stands for the key's RFC 7638 thumbprint.
    pub kid: Option<String>,
}

/// The token endpoint and the check of requests, with the one client they know.
pub(crate) struct CallerAuth {
    caller: Option<Caller>,
    audit: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    assertions: Expiring<()>,
    signatures: Expiring<()>,
    grants: Expiring<TokenGrant>,
}

/// The fields of a token request.
#[derive(Deserialize)]
pub(crate) struct TokenForm {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_assertion_type: Option<String>,
    client_assertion: Option<String>,
}

impl CallerAuth {
    pub(crate) fn new(client: Option<&Client>, audit: bool) -> io::Result<Self> {
        let caller = client.map(caller_of).transpose()?;
        Ok(Self { caller, audit, state: Mutex::default() })
    }

    /// Whether every request must carry `Agid-JWT-TrackingEvidence`.
    pub(crate) const fn requires_evidence(&self) -> bool {
        self.audit
    }

    /// The answer of the token endpoint, whose own address is `url`.
    pub(crate) fn token(
        &self,
        form: Result<Form<TokenForm>, FormRejection>,
        url: &str,
        now: i64,
    ) -> Response {
        match self.issue(form, url, now) {
            Ok(token) => {
                let body =
                    json!({ "access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS });
                ([(header::PRAGMA, "no-cache")], Json(body)).into_response()
            }
            Err((status, error, description)) => {
                let body = json!({ "error": error, "error_description": description });
                (status, Json(body)).into_response()
            }
        }
    }

    fn issue(
        &self,
        form: Result<Form<TokenForm>, FormRejection>,
        url: &str,
        now: i64,
    ) -> Result<String, OAuthError> {
        let invalid = |description| (StatusCode::BAD_REQUEST, "invalid_request", description);
        let unknown_client =
            (StatusCode::UNAUTHORIZED, "invalid_client", "The assertion does not prove who asks.");
        let Form(form) = form.map_err(|_| invalid("The body must be a form, with each member once."))?;
        match form.grant_type.as_deref() {
            Some("client_credentials") => {}
            Some(_) => {
                let description = "Only client_credentials is known.";
                return Err((StatusCode::BAD_REQUEST, "unsupported_grant_type", description));
            }
            None => return Err(invalid("grant_type is missing.")),
        }
        let (Some(id), Some(assertion)) = (form.client_id, form.client_assertion) else {
            return Err(invalid("client_id and client_assertion are needed."));
        };
        if form.client_assertion_type.as_deref() != Some(ASSERTION_TYPE) {
            return Err(invalid("client_assertion_type must be that of RFC 7523."));
        }
        let caller = self.caller.as_ref().filter(|caller| caller.id == id).ok_or(unknown_client)?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let grant =
            modi::assertion(&assertion, caller, url, now, &mut state.assertions).ok_or(unknown_client)?;
        let fault = (StatusCode::INTERNAL_SERVER_ERROR, "server_error", "No token could be made.");
        let token = [random::hex_128().map_err(|_| fault)?, random::hex_128().map_err(|_| fault)?].concat();
        state.grants.insert(token.clone(), now.saturating_add(TOKEN_SECONDS), grant, now);
        Ok(token)
    }

    /// Checks the token, the evidence and the signature of a request to the system at `audience`.
    pub(crate) fn check(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        audience: &str,
        now: i64,
    ) -> Result<(), ModiError> {
        let token = modi::bearer(headers).ok_or(ModiError::TokenMissing)?;
        let caller = self.caller.as_ref().ok_or(ModiError::TokenInvalid)?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let grant = state.grants.get(token, now).cloned().ok_or(ModiError::TokenInvalid)?;
        modi::evidence(headers, &grant, self.audit, caller, audience, now)?;
        modi::integrity(headers, body, caller, audience, now, &mut state.signatures)
    }
}

impl ModiError {
    /// The refusal as a problem document.
    pub(crate) fn response(self, origin: &str) -> Response {
        let (code, status, detail) = self.describe();
        let mut response = problem(origin, status, code, "Not believed", detail);
        if status == StatusCode::UNAUTHORIZED {
            let challenge = if self == Self::TokenInvalid {
                r#"Bearer realm="linea-inps", error="invalid_token""#
            } else {
                r#"Bearer realm="linea-inps""#
            };
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

type OAuthError = (StatusCode, &'static str, &'static str);

fn caller_of(client: &Client) -> io::Result<Caller> {
    let (key, thumbprint) = keys::of_public_pem(&client.public_key).map_err(|error| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("the client's public key: {error}"))
    })?;
    Ok(Caller { id: client.id.clone(), kid: client.kid.clone().unwrap_or(thumbprint), key })
}

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

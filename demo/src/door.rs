// SPDX-License-Identifier: EUPL-1.2
//! The one door of Linea INPS and of the registry: it hands out tokens against an assertion, and lets in the requests that
//! carry a token and are signed. Without a known client it lets nobody in.

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
    keys,
    modi::{self, Caller, Expiring, Fault, Voucher},
    problem::problem,
    random,
};

/// How long a token lives, in seconds.
pub(crate) const TOKEN_SECONDS: i64 = 300;

/// The client that may call Linea INPS and the registry: the edge.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its name: `iss` and `sub` of what it signs.
    pub id: String,
    /// Its public key: PEM, SPKI, P-256.
    pub public_key: String,
    /// The name of the key in the headers of what it signs; the key's RFC 7638 thumbprint where there is none.
    pub kid: Option<String>,
}

pub(crate) struct Door {
    caller: Option<Caller>,
    audit: bool,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    assertions: Expiring<()>,
    signatures: Expiring<()>,
    vouchers: Expiring<Voucher>,
}

/// What the token endpoint is sent.
#[derive(Deserialize)]
pub(crate) struct TokenForm {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_assertion_type: Option<String>,
    client_assertion: Option<String>,
}

impl Door {
    pub(crate) fn new(client: Option<&Client>, audit: bool) -> io::Result<Self> {
        let caller = client.map(caller_of).transpose()?;
        Ok(Self { caller, audit, kept: Mutex::default() })
    }

    /// Whether every request must say who is behind it.
    pub(crate) const fn audits(&self) -> bool {
        self.audit
    }

    /// The answer of the token endpoint, whose own address is `url`.
    pub(crate) fn token(
        &self,
        form: Result<Form<TokenForm>, FormRejection>,
        url: &str,
        now: i64,
    ) -> Response {
        match self.voucher(form, url, now) {
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

    fn voucher(
        &self,
        form: Result<Form<TokenForm>, FormRejection>,
        url: &str,
        now: i64,
    ) -> Result<String, OAuthError> {
        let invalid = |description| (StatusCode::BAD_REQUEST, "invalid_request", description);
        let stranger = (StatusCode::UNAUTHORIZED, "invalid_client", "The assertion does not prove who asks.");
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
        let caller = self.caller.as_ref().filter(|caller| caller.id == id).ok_or(stranger)?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let voucher = modi::assertion(&assertion, caller, url, now, &mut kept.assertions).ok_or(stranger)?;
        let fault = (StatusCode::INTERNAL_SERVER_ERROR, "server_error", "No token could be made.");
        let token = [random::hex_128().map_err(|_| fault)?, random::hex_128().map_err(|_| fault)?].concat();
        kept.vouchers.keep(token.clone(), now.saturating_add(TOKEN_SECONDS), voucher, now);
        Ok(token)
    }

    /// Whether a request to the system at `audience` is let in.
    pub(crate) fn admit(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        audience: &str,
        now: i64,
    ) -> Result<(), Fault> {
        let token = modi::bearer(headers).ok_or(Fault::TokenMissing)?;
        let caller = self.caller.as_ref().ok_or(Fault::TokenInvalid)?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let voucher = kept.vouchers.get(token, now).cloned().ok_or(Fault::TokenInvalid)?;
        modi::evidence(headers, &voucher, self.audit, caller, audience, now)?;
        modi::integrity(headers, body, caller, audience, now, &mut kept.signatures)
    }
}

impl Fault {
    /// As the caller reads it.
    pub(crate) fn response(self, origin: &str) -> Response {
        let (code, status, detail) = self.words();
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
    let (key, thumbprint) = keys::of_public_pem(&client.public_key).map_err(|fault| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("the client's public key: {fault}"))
    })?;
    Ok(Caller { id: client.id.clone(), kid: client.kid.clone().unwrap_or(thumbprint), key })
}

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

// SPDX-License-Identifier: EUPL-1.2
//! Linea INPS, as `docs/linea-inps.openapi.yaml` describes it: it accepts segnalazioni, and sends the edge every change of
//! their state until the edge has confirmed it.
//!
//! INPS publishes no interface of Linea INPS: the contract is INFO CIG's own.

pub(crate) mod page;

use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    caller_auth::CallerAuth,
    clock::now_unix_seconds,
    failure::FailureSwitch,
    keys::{KeyPair, Signer},
    modi,
    problem::problem,
    random,
    register::{AcceptResult, Register, Update},
    settings::Settings,
};

/// The `iss` of tokens signed by Linea INPS.
pub const ISSUER: &str = "linea-inps";

/// The edge's setting `LINEA_INPS`: everything it needs to call Linea INPS and the registry at `origin`.
pub fn edge_setting(origin: &str, client_id: &str, pair: &KeyPair) -> Value {
    json!({
        "base": format!("{origin}/linea-inps"),
        "token_url": format!("{origin}/linea-inps/token"),
        "client_id": client_id,
        "kid": pair.kid(),
        "key": pair.private_pem(),
        "jwks_uri": format!("{origin}/linea-inps/.well-known/jwks.json"),
        "issuer": ISSUER,
        "cases": format!("{origin}/cases"),
    })
}

/// Linea INPS.
pub(crate) struct LineaInps {
    /// The URL prefix of its addresses.
    pub(crate) base: String,
    /// The edge's address for updates.
    updates: String,
    pub(crate) origin: String,
    pub(crate) caller_auth: CallerAuth,
    pub(crate) failure: FailureSwitch,
    pub(crate) signer: Signer,
    register: Mutex<Register>,
    http: reqwest::Client,
}

impl LineaInps {
    pub(crate) fn new(settings: &Settings) -> io::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(UPDATE_TIMEOUT)
            .build()
            .map_err(io::Error::other)?;
        Ok(Self {
            base: format!("{}/linea-inps", settings.origin),
            updates: format!("{}/v1/linea-inps/updates", settings.edge),
            origin: settings.origin.clone(),
            caller_auth: CallerAuth::new(settings.client.as_ref(), settings.audit)?,
            failure: FailureSwitch::default(),
            signer: Signer::generate().map_err(io::Error::other)?,
            register: Mutex::default(),
            http,
        })
    }

    pub(crate) fn register(&self) -> MutexGuard<'_, Register> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn problem(&self, status: StatusCode, code: &str, title: &str, detail: &str) -> Response {
        problem(&self.origin, status, code, title, detail)
    }

    /// The answer to a segnalazione that is sent in.
    pub(crate) fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Response {
        let key = modi::single(headers, IDEMPOTENCY_KEY);
        match self.accept(headers, key, body) {
            Ok((status, number)) => {
                let mut response =
                    (status, Json(json!({ "number": number, "state": "accepted" }))).into_response();
                if let Ok(location) = HeaderValue::from_str(&format!("{}/segnalazioni/{number}", self.base)) {
                    response.headers_mut().insert(header::LOCATION, location);
                }
                response
            }
            Err(response) => {
                self.register().refuse(key.unwrap_or_default());
                *response
            }
        }
    }

    fn accept(
        &self,
        headers: &HeaderMap,
        key: Option<&str>,
        body: &[u8],
    ) -> Result<(StatusCode, String), Box<Response>> {
        let refuse = |status, code, title, detail| Err(Box::new(self.problem(status, code, title, detail)));
        if !modi::is_json(headers) {
            return refuse(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "Not JSON",
                "A segnalazione is application/json.",
            );
        }
        self.caller_auth
            .check(headers, body, &self.base, now_unix_seconds())
            .map_err(|error| Box::new(error.response(&self.origin)))?;
        let Some(key) = key else {
            return refuse(
                StatusCode::BAD_REQUEST,
                "idempotency-key-missing",
                "No key",
                "There must be one Idempotency-Key.",
            );
        };
        let Ok(body_value) = serde_json::from_slice::<Value>(body) else {
            return refuse(
                StatusCode::BAD_REQUEST,
                "body-invalid",
                "Not JSON",
                "The body is not a JSON text.",
            );
        };
        if body_value["key"].as_str() != Some(key) {
            return refuse(
                StatusCode::BAD_REQUEST,
                "idempotency-key-mismatch",
                "Another key",
                "Idempotency-Key is not the key in the body.",
            );
        }
        match self.register().accept(body, body_value) {
            AcceptResult::New(number) => Ok((StatusCode::CREATED, number)),
            AcceptResult::Duplicate(number) => Ok((StatusCode::OK, number)),
            AcceptResult::KeyReused => refuse(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "Key already used",
                "Another segnalazione came with this key.",
            ),
            AcceptResult::Incomplete(member) => refuse(
                StatusCode::UNPROCESSABLE_ENTITY,
                "segnalazione-incomplete",
                "Not a segnalazione",
                &format!("The member {member} is missing or empty."),
            ),
            AcceptResult::Full => refuse(
                StatusCode::INSUFFICIENT_STORAGE,
                "full",
                "Full",
                "No more segnalazioni are kept until the stand-in starts anew.",
            ),
        }
    }

    /// An update as it is sent: signed for this attempt alone. `None` if it cannot be signed now.
    fn signed(&self, update: &Update, now: i64) -> Option<reqwest::RequestBuilder> {
        let body = serde_json::to_vec(update).ok()?;
        let digest = modi::digest_of(&body);
        let claims = json!({
            "iss": ISSUER,
            "aud": self.updates,
            "iat": now,
            "nbf": now,
            "exp": now + UPDATE_SECONDS,
            "jti": random::uuid_v4().ok()?,
            "signed_headers": [{ "digest": digest }, { "content-type": "application/json" }],
        });
        let signature = self.signer.sign("JWT", &claims).ok()?;
        let request = self.http.post(&self.updates).header(header::CONTENT_TYPE, "application/json");
        Some(request.header("Digest", digest).header("Agid-JWT-Signature", signature).body(body))
    }
}

/// Sends the edge the waiting updates of one segnalazione, in order, each until it is confirmed or refused for good. The
/// task ends when none is waiting, or when the server is gone.
pub(crate) async fn deliver_updates(linea: Weak<LineaInps>, key: String) {
    let mut pause = FIRST_PAUSE;
    loop {
        let request = {
            let Some(linea) = linea.upgrade() else { return };
            let Some(update) = linea.register().next_update(&key) else { return };
            linea.signed(&update, now_unix_seconds())
        };
        let status = match request {
            Some(request) => request.send().await.ok().map(|response| response.status()),
            None => None,
        };
        let delivered = status.is_some_and(|status| status.is_success());
        let refused = status.is_some_and(|status| {
            status.is_client_error()
                && !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS)
        });
        if delivered || refused {
            let Some(linea) = linea.upgrade() else { return };
            linea.register().settle(&key, delivered);
            pause = FIRST_PAUSE;
        } else {
            tokio::time::sleep(pause).await;
            pause = (2 * pause).min(LONGEST_PAUSE);
        }
    }
}

/// The header that names a segnalazione: the same value for every repetition.
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// How long the signature of an update is valid.
const UPDATE_SECONDS: i64 = 30;
/// How long the edge may take to answer an update.
const UPDATE_TIMEOUT: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

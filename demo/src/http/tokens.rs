// SPDX-License-Identifier: EUPL-1.2
//! The endpoints that sign tokens for the portal's own pages, and the key set that verifies them.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use infocig_protocol::person::EntryPoint;
use serde::Deserialize;
use serde_json::json;

use crate::{
    clock::now_unix_seconds,
    portal::{Portal, Shared},
    random,
    refusal::Refusal,
    token,
};

pub(super) fn router() -> Router<Arc<Portal>> {
    Router::new()
        .route("/infocig/token", post(handoff_token))
        .route("/infocig/advisor-token", post(advisor_token))
        .route("/.well-known/jwks.json", get(jwks))
}

/// The optional body of a token request.
#[derive(Deserialize)]
struct TokenRequest {
    entry: Option<EntryPoint>,
}

pub(super) async fn handoff_token(State(portal): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let Some(citizen) = portal.session(&headers).citizen else {
        return portal.problem(Refusal::SignInRequired);
    };
    if citizen.must_choose() {
        return portal.problem(Refusal::CompanyRequired);
    }
    let asked = if body.trim_ascii().is_empty() { Some(None) } else { entry_in(&body) };
    let Some(entry) = asked else {
        return portal.problem(Refusal::RequestInvalid);
    };
    match portal.handoff_token(&citizen, entry) {
        Ok(token) => Json(json!({ "token": token })).into_response(),
        Err(refusal) => portal.problem(refusal),
    }
}

/// `Some(None)` for a valid body that names no portal, `None` for an invalid one.
#[expect(clippy::option_option, reason = "a body without an entry and a wrong body are different answers")]
fn entry_in(body: &[u8]) -> Option<Option<EntryPoint>> {
    serde_json::from_slice::<TokenRequest>(body).ok().map(|request| request.entry)
}

async fn advisor_token(State(portal): Shared, headers: HeaderMap) -> Response {
    let Some(advisor) = portal.session(&headers).advisor else {
        return portal.problem(Refusal::SignInRequired);
    };
    let Ok(jti) = random::uuid_v4() else {
        return portal.problem(Refusal::Fault);
    };

    let settings = &portal.settings;
    let audience = token::desk_audience(&settings.edge);
    let claims = token::advisor_claims(advisor, &settings.origin, &audience, now_unix_seconds(), &jti);
    match portal.signer.sign(token::ADVISOR_TYPE, &claims) {
        Ok(token) => Json(json!({ "token": token })).into_response(),
        Err(_) => portal.problem(Refusal::Fault),
    }
}

async fn jwks(State(portal): Shared) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/jwk-set+json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, portal.signer.jwks().to_string()).into_response()
}

// SPDX-License-Identifier: EUPL-1.2
//! The registry of cases, as `docs/cases.openapi.yaml` describes it. It checks the same tokens and signatures as Linea
//! INPS, and has the same failure modes. The person whose cases are wanted is named in the body, so that no address holds
//! personal data.
//!
//! INPS publishes no interface of its registries: the contract is INFO CIG's own.

use std::sync::Arc;

use axum::{
    Form, Json, Router,
    body::Bytes,
    extract::{
        State,
        rejection::{BytesRejection, FormRejection, JsonRejection},
    },
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;

use super::failure_mode::{self, ModeForm};
use crate::{
    cases::{self, AS_OF, Subject},
    clock::now_unix_seconds,
    failure::Setting,
    modi,
    portal::{Portal, Shared},
    problem::{problem, unreadable_body},
};

pub(super) fn router() -> Router<Arc<Portal>> {
    Router::new()
        .route("/cases/searches", post(search))
        .route("/cases/mode", get(mode).put(set_mode).post(choose_mode))
}

async fn search(State(portal): Shared, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    let origin = &portal.settings.origin;
    match body {
        Ok(body) => portal.cases.next().answer(origin, || found(&portal, &headers, &body)).await,
        Err(rejection) => unreadable_body(origin, &rejection),
    }
}

fn found(portal: &Portal, headers: &HeaderMap, body: &[u8]) -> Response {
    let origin = &portal.settings.origin;
    if !modi::is_json(headers) {
        return problem(
            origin,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not-json",
            "Not JSON",
            "A search is application/json.",
        );
    }
    let audience = format!("{origin}/cases");
    if let Err(error) = portal.linea.caller_auth.check(headers, body, &audience, now_unix_seconds()) {
        return error.response(origin);
    }
    let Ok(subject) = serde_json::from_slice::<Subject>(body) else {
        return problem(
            origin,
            StatusCode::BAD_REQUEST,
            "body-invalid",
            "Invalid search",
            "issuer, subject and category are needed; actor and matricola are texts.",
        );
    };
    match cases::search(&subject, origin) {
        Ok(cases) => Json(json!({ "as_of": AS_OF, "cases": cases })).into_response(),
        Err(_) => problem(
            origin,
            StatusCode::FORBIDDEN,
            "not-delegated",
            "Not delegated",
            "Who asks may not act for the person or the company these cases are of.",
        ),
    }
}

async fn mode(State(portal): Shared) -> Response {
    Json(portal.cases.setting()).into_response()
}

async fn set_mode(State(portal): Shared, asked: Result<Json<Setting>, JsonRejection>) -> Response {
    failure_mode::set(&portal.cases, &portal.settings.origin, asked)
}

async fn choose_mode(State(portal): Shared, form: Result<Form<ModeForm>, FormRejection>) -> Response {
    failure_mode::choose(&portal, &portal.cases, form)
}

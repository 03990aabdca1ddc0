// SPDX-License-Identifier: EUPL-1.2
//! The registry of cases, as `docs/cases.openapi.yaml` describes it. It is asked with the same tokens and signatures as
//! Linea INPS, and fails in the same ways. Whose cases are wanted stands in the body: no address says anything personal.
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

use crate::{
    cases::{self, AS_OF, Subject},
    failure::Setting,
    linea_inps::{self, ModeForm, is_json},
    problem::problem,
    server::{Portal, Shared, now_unix_seconds},
};

/// Its addresses.
pub(crate) fn router() -> Router<Arc<Portal>> {
    Router::new()
        .route("/cases/searches", post(search))
        .route("/cases/mode", get(mode).put(set_mode).post(choose_mode))
}

async fn search(State(portal): Shared, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    let origin = &portal.settings.origin;
    match body {
        Ok(body) => portal.cases.next().answer(origin, || found(&portal, &headers, &body)).await,
        Err(rejection) => linea_inps::unread(origin, &rejection),
    }
}

fn found(portal: &Portal, headers: &HeaderMap, body: &[u8]) -> Response {
    let origin = &portal.settings.origin;
    if !is_json(headers) {
        return problem(
            origin,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not-json",
            "Not JSON",
            "A search is application/json.",
        );
    }
    let audience = format!("{origin}/cases");
    if let Err(fault) = portal.linea.door.admit(headers, body, &audience, now_unix_seconds()) {
        return fault.response(origin);
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
    linea_inps::set(&portal.cases, &portal.settings.origin, asked)
}

async fn choose_mode(State(portal): Shared, form: Result<Form<ModeForm>, FormRejection>) -> Response {
    linea_inps::chosen(&portal, &portal.cases, form)
}

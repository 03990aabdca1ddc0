// SPDX-License-Identifier: EUPL-1.2
//! The addresses of Linea INPS: those of its contract, its page, and those for tests.

use std::sync::Arc;

use axum::{
    Form, Json, Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, FromRequest as _, Path, Request, State,
        rejection::{BytesRejection, FormRejection, JsonRejection},
    },
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::failure_mode::{self, ModeForm};
use crate::{
    caller_auth::TokenForm,
    clock::now_unix_seconds,
    failure::{PlannedAnswer, Setting},
    linea_inps::{IDEMPOTENCY_KEY, LineaInps, deliver_updates, page},
    modi,
    pages::Page,
    portal::{Portal, Shared},
    problem::unreadable_body,
    refusal::Refusal,
    register::{self, AdvanceError},
};

pub(super) fn router() -> Router<Arc<Portal>> {
    Router::new()
        .route("/linea-inps", get(show_page))
        .route("/linea-inps/token", post(token))
        .route(
            "/linea-inps/segnalazioni",
            get(list).post(receive).layer(DefaultBodyLimit::max(MAX_BODY_BYTES)),
        )
        .route("/linea-inps/segnalazioni/{number}", get(one))
        .route(
            "/linea-inps/segnalazioni/{number}/move",
            post(advance).layer(DefaultBodyLimit::max(MAX_BODY_BYTES)),
        )
        .route("/linea-inps/mode", get(mode).put(set_mode).post(choose_mode))
        .route("/linea-inps/.well-known/jwks.json", get(jwks))
}

async fn token(State(portal): Shared, form: Result<Form<TokenForm>, FormRejection>) -> Response {
    let linea = &portal.linea;
    linea.caller_auth.token(form, &format!("{}/token", linea.base), now_unix_seconds())
}

async fn receive(State(portal): Shared, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    let linea = &portal.linea;
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return unreadable_body(&linea.origin, &rejection),
    };
    let planned = linea.failure.next();
    if matches!(planned, PlannedAnswer::Disconnect | PlannedAnswer::Refuse(..)) {
        linea.register().refuse(modi::single(&headers, IDEMPOTENCY_KEY).unwrap_or_default());
    }
    planned.answer(&linea.origin, || linea.receive(&headers, &body)).await
}

async fn list(State(portal): Shared) -> Response {
    Json(portal.linea.register().list()).into_response()
}

async fn one(State(portal): Shared, Path(number): Path<String>) -> Response {
    let one = portal.linea.register().with_number(&number);
    one.map_or_else(|| not_advanced(&portal.linea, AdvanceError::Unknown), |one| Json(one).into_response())
}

async fn jwks(State(portal): Shared) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/jwk-set+json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, portal.linea.signer.jwks().to_string()).into_response()
}

async fn mode(State(portal): Shared) -> Response {
    Json(portal.linea.failure.setting()).into_response()
}

async fn set_mode(State(portal): Shared, asked: Result<Json<Setting>, JsonRejection>) -> Response {
    failure_mode::set(&portal.linea.failure, &portal.linea.origin, asked)
}

async fn choose_mode(State(portal): Shared, form: Result<Form<ModeForm>, FormRejection>) -> Response {
    failure_mode::choose(&portal, &portal.linea.failure, form)
}

#[derive(Deserialize)]
struct Move {
    state: register::State,
    text: Option<String>,
}

async fn advance(State(portal): Shared, Path(number): Path<String>, request: Request) -> Response {
    let headers = request.headers().clone();
    let is_form = modi::media_type(&headers) == "application/x-www-form-urlencoded";
    let asked = if is_form {
        Form::<Move>::from_request(request, &()).await.ok().map(|Form(asked)| asked)
    } else {
        Json::<Move>::from_request(request, &()).await.ok().map(|Json(asked)| asked)
    };
    let linea = &portal.linea;
    let outcome = match asked {
        // Forms send line ends as CR LF.
        Some(asked) => {
            let text = asked.text.map(|text| text.replace("\r\n", "\n"));
            linea.register().advance(&number, asked.state, text.as_deref())
        }
        None => Err(AdvanceError::Text),
    };
    match outcome {
        Ok((key, begin)) => {
            if begin {
                tokio::spawn(deliver_updates(Arc::downgrade(linea), key));
            }
            if is_form {
                Redirect::to("/linea-inps").into_response()
            } else {
                one(State(portal), Path(number)).await
            }
        }
        Err(wrong) if is_form => {
            let (status, error) = match wrong {
                AdvanceError::Unknown => (StatusCode::NOT_FOUND, "Questa segnalazione non c'è più."),
                AdvanceError::NotForward => {
                    (StatusCode::CONFLICT, "La segnalazione è già a questo punto, o oltre.")
                }
                AdvanceError::Text => {
                    (StatusCode::BAD_REQUEST, "Scrivi la risposta: da 1 a 16 000 caratteri.")
                }
            };
            show(&portal, &headers, status, Some(error))
        }
        Err(wrong) => not_advanced(linea, wrong),
    }
}

fn not_advanced(linea: &LineaInps, wrong: AdvanceError) -> Response {
    match wrong {
        AdvanceError::Unknown => linea.problem(
            StatusCode::NOT_FOUND,
            "segnalazione-unknown",
            "Not found",
            "No segnalazione has this number.",
        ),
        AdvanceError::NotForward => linea.problem(
            StatusCode::CONFLICT,
            "not-forward",
            "Not forward",
            "A segnalazione only moves on: accepted, in_progress, answered.",
        ),
        AdvanceError::Text => linea.problem(
            StatusCode::BAD_REQUEST,
            "move-invalid",
            "Invalid move",
            "state is in_progress, or answered with a text of up to 16000 characters.",
        ),
    }
}

async fn show_page(State(portal): Shared, headers: HeaderMap) -> Response {
    show(&portal, &headers, StatusCode::OK, None)
}

/// The page, with `error` above the table.
pub(super) fn show(
    portal: &Portal,
    headers: &HeaderMap,
    status: StatusCode,
    error: Option<&str>,
) -> Response {
    let values = page::values(&portal.linea, portal.cases.setting(), error);
    match portal.pages.render(Page::LineaInps, &portal.session(headers), values) {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => portal.problem(Refusal::Fault),
    }
}

/// Largest body with a segnalazione or an answer.
const MAX_BODY_BYTES: usize = 1024 * 1024;

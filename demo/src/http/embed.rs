// SPDX-License-Identifier: EUPL-1.2
//! The host pages at `/embed/…`, the reports of broken policies, and token endpoints with the habits of other portals.

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use minijinja::context;
use serde_json::{Value, json};

use super::tokens::handoff_token;
use crate::{
    embed::{Embed, Policy},
    pages::Page,
    policy,
    portal::{Portal, Shared},
    refusal::Refusal,
};

/// `GET /embed/{name}` for every page, `POST` and `GET /embed/reports`.
pub(super) fn router() -> Router<Arc<Portal>> {
    let reports = Router::new()
        .route("/embed/reports", get(count).post(report))
        .route("/embed/signed-out/{way}", post(signed_out))
        .route("/embed/guarded-token", post(guarded_token));
    Embed::EVERY.iter().fold(reports, |router, embed| {
        let answer = async move |portal: Shared, RawQuery(query): RawQuery, headers: HeaderMap| {
            page(embed, query.as_deref() == Some("alone"), portal, headers)
        };
        router.route(embed.address, get(answer))
    })
}

fn page(embed: &'static Embed, alone: bool, State(portal): Shared, headers: HeaderMap) -> Response {
    let edge = &portal.settings.edge;
    let page = portal.page_with(Page::Embed(embed), &headers, context! { alone });
    let policy = match embed.policy {
        Policy::Usual => return page,
        Policy::Framed => policy::in_a_frame(edge),
        Policy::Strict => policy::strict(edge, true),
        Policy::WithoutWasm => policy::strict(edge, false),
    };
    let Ok(policy) = HeaderValue::from_str(&policy) else { return portal.problem(Refusal::Fault) };
    let mut headers = HeaderMap::from_iter([(header::CONTENT_SECURITY_POLICY, policy)]);
    if embed.policy != Policy::Framed {
        headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(EMBEDDER_POLICY, HeaderValue::from_static("require-corp"));
    }
    (headers, page).into_response()
}

/// The answers portals give at their token endpoint when the session has ended.
async fn signed_out(Path(way): Path<String>) -> Response {
    match &*way {
        "redirect" => Redirect::to("https://sign-in.example/").into_response(),
        "page" => Html("<!doctype html><title>Accedi</title>").into_response(),
        "forbidden" => StatusCode::FORBIDDEN.into_response(),
        // Laravel answers 419 for an expired session; no standard has it.
        "expired" => StatusCode::from_u16(419).unwrap_or(StatusCode::UNAUTHORIZED).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A hand-off token for a page that sends the portal's CSRF token.
async fn guarded_token(portal: Shared, headers: HeaderMap, body: Bytes) -> Response {
    let is_known = headers.get("x-csrf-token").is_some_and(|sent| sent == "known-to-the-page-alone");
    if is_known { handoff_token(portal, headers, body).await } else { StatusCode::FORBIDDEN.into_response() }
}

async fn report(State(portal): Shared) -> StatusCode {
    portal.policy_reports.fetch_add(1, Ordering::Relaxed);
    StatusCode::NO_CONTENT
}

async fn count(State(portal): Shared) -> Json<Value> {
    Json(json!({ "reports": portal.policy_reports.load(Ordering::Relaxed) }))
}

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");

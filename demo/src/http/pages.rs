// SPDX-License-Identifier: EUPL-1.2
//! `GET` of the portal's own pages.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use infocig_protocol::person::EntryPoint;
use minijinja::context;
use serde::Deserialize;

use crate::{
    pages::Page,
    portal::{Portal, Shared},
    refusal::Refusal,
};

pub(super) fn router() -> Router<Arc<Portal>> {
    Router::new()
        .route("/", get(index))
        .route("/myinps", get(myinps))
        .route("/cassetto", get(cassetto))
        .route("/standalone", get(standalone))
        .route("/console", get(console))
        .route("/informative", get(notices))
        .route("/infocig/plain", get(plain))
}

async fn index(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.page(Page::Index, &headers)
}

async fn myinps(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.page(Page::Myinps, &headers)
}

async fn cassetto(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.page(Page::Cassetto, &headers)
}

/// The page the element's links lead to: privacy, accessibility, feedback, source code.
async fn notices(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.page(Page::Notices, &headers)
}

async fn console(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.page(Page::Console, &headers)
}

/// `?entry=omnia-is` enters as from that portal.
#[derive(Deserialize)]
struct EntryQuery {
    entry: Option<String>,
}

async fn standalone(State(portal): Shared, Query(query): Query<EntryQuery>, headers: HeaderMap) -> Response {
    let entry = query.entry.as_deref().and_then(EntryPoint::parse);
    portal.page(Page::Standalone { entry }, &headers)
}

/// The way to INFO CIG without scripts: a form that sends a token to the edge. The edge accepts the form because the
/// browser names the portal in `Origin`: this page, unlike all others, therefore sends its origin.
async fn plain(State(portal): Shared, Query(query): Query<EntryQuery>, headers: HeaderMap) -> Response {
    let entry = query.entry.as_deref().and_then(EntryPoint::parse);
    let session = portal.session(&headers);
    let ready = session.citizen.filter(|citizen| !citizen.must_choose());
    let token = match ready.map(|citizen| portal.handoff_token(&citizen, entry)).transpose() {
        Ok(token) => token,
        Err(refusal) => return portal.problem(refusal),
    };
    let Ok(html) = portal.pages.render(Page::Plain { entry }, &session, context! { token }) else {
        return portal.problem(Refusal::Fault);
    };
    let headers = [
        (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin")),
        (header::CONTENT_SECURITY_POLICY, portal.policy_with_forms_to_the_edge.clone()),
    ];
    (headers, Html(html)).into_response()
}

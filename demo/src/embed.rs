// SPDX-License-Identifier: EUPL-1.2
//! Pages of somebody else's kind that hold `<info-cig>`, each with one habit an administration's pages may have: global
//! resets, transformed ancestors, frames, elements that move, shortcuts and agents, the strictest policies. Tests open them at `/embed/…`.
//!
//! Their templates are in the folder `embed` of the portal's pages. Asked for as `?alone`, a page comes without the script of
//! INFO CIG. What breaks their policy is reported to the portal, which counts the reports and keeps none.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    pages::Page,
    server::{Portal, Shared, handoff_token},
};

/// One such page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Embed {
    /// Where it is.
    pub(crate) address: &'static str,
    /// What it is made of.
    pub(crate) template: &'static str,
    policy: Policy,
}

/// What a page allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    /// As every page of the portal.
    Usual,
    /// The same, in a frame of the portal.
    Framed,
    /// Nothing that INFO CIG does not need, isolated from every other origin.
    Strict,
    /// The same, and no WebAssembly.
    WithoutWasm,
}

impl Embed {
    /// Every one.
    pub(crate) const EVERY: &'static [Self] = &[
        Self::usual("/embed/resets", "embed/resets"),
        Self::usual("/embed/italia", "embed/italia"),
        Self::usual("/embed/transformed", "embed/transformed"),
        Self::usual("/embed/framed", "embed/framed"),
        Self::with("/embed/framed-inside", "embed/plain", Policy::Framed),
        Self::usual("/embed/moving", "embed/moving"),
        Self::usual("/embed/twice", "embed/twice"),
        Self::with("/embed/strict", "embed/strict", Policy::Strict),
        Self::with("/embed/no-wasm", "embed/strict", Policy::WithoutWasm),
        Self::usual("/embed/save-data", "embed/plain"),
        Self::usual("/embed/habits", "embed/habits"),
        Self::usual("/embed/provided", "embed/provided"),
    ];

    const fn usual(address: &'static str, template: &'static str) -> Self {
        Self::with(address, template, Policy::Usual)
    }

    const fn with(address: &'static str, template: &'static str, policy: Policy) -> Self {
        Self { address, template, policy }
    }
}

/// How often a page's policy was broken, since the portal was started.
#[derive(Debug, Default)]
pub(crate) struct Reports(AtomicU64);

/// `GET /embed/{name}` for every page, `POST` and `GET /embed/reports`.
pub(crate) fn router() -> Router<Arc<Portal>> {
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
    let page = portal.page_with(Page::Embed(embed), &headers, json!({ "alone": alone }));
    let policy = match embed.policy {
        Policy::Usual => return page,
        Policy::Framed => portal.policy_in_a_frame(),
        Policy::Strict => strict_policy(edge, " 'wasm-unsafe-eval'"),
        Policy::WithoutWasm => strict_policy(edge, ""),
    };
    let Ok(policy) = HeaderValue::from_str(&policy) else { return portal.fault() };
    let mut headers = HeaderMap::from_iter([(header::CONTENT_SECURITY_POLICY, policy)]);
    if embed.policy != Policy::Framed {
        headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(EMBEDDER_POLICY, HeaderValue::from_static("require-corp"));
    }
    (headers, page).into_response()
}

/// What portals answer where tokens are asked for and the session has ended.
async fn signed_out(Path(way): Path<String>) -> Response {
    match &*way {
        "redirect" => Redirect::to("https://sign-in.example/").into_response(),
        "page" => Html("<!doctype html><title>Accedi</title>").into_response(),
        "forbidden" => StatusCode::FORBIDDEN.into_response(),
        // What a framework has for it, and no standard knows.
        "expired" => StatusCode::from_u16(419).unwrap_or(StatusCode::UNAUTHORIZED).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A hand-off token, for a page that knows the token against forged requests.
async fn guarded_token(portal: Shared, headers: HeaderMap, body: Bytes) -> Response {
    let known = headers.get("x-csrf-token").is_some_and(|sent| sent == "known-to-the-page-alone");
    if known { handoff_token(portal, headers, body).await } else { StatusCode::FORBIDDEN.into_response() }
}

async fn report(State(portal): Shared) -> StatusCode {
    portal.reports.0.fetch_add(1, Ordering::Relaxed);
    StatusCode::NO_CONTENT
}

async fn count(State(portal): Shared) -> Json<Value> {
    Json(json!({ "reports": portal.reports.0.load(Ordering::Relaxed) }))
}

/// The least that INFO CIG needs of a page, and `wasm` beside it.
fn strict_policy(edge: &str, wasm: &str) -> String {
    let socket = edge.replacen("http", "ws", 1);
    format!(
        "default-src 'none'; script-src 'self' {edge}{wasm}; style-src 'self'; connect-src 'self' {edge} {socket}; \
         font-src 'self' {edge}; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self' {edge}; \
         require-trusted-types-for 'script'; trusted-types 'none'; report-uri /embed/reports"
    )
}

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");

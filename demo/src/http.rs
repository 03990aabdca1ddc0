// SPDX-License-Identifier: EUPL-1.2
//! The stand-in's addresses: pages for people, forms to sign in and out, and the endpoints that sign tokens; with
//! them, under prefixes of their own, Linea INPS and the registry of cases.
//!
//! Tokens are handed out to the portal's own pages only, and every answer carries strict headers.

mod embed;
mod failure_mode;
mod linea_inps;
mod pages;
mod registry;
mod sign_in;
mod tokens;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    portal::{Portal, Shared},
    refusal::Refusal,
};

/// Every address.
pub(crate) fn router(portal: Arc<Portal>) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .merge(pages::router())
        .merge(sign_in::router())
        .merge(tokens::router())
        .merge(embed::router())
        .merge(linea_inps::router())
        .merge(registry::router())
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(static_file)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&portal), guard))
        .with_state(portal)
}

async fn healthz() -> &'static str {
    "ok\n"
}

async fn static_file(State(portal): Shared, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let Some(file) = portal.pages.file(uri.path()) else {
        return portal.refuse(Refusal::NotFound, &headers);
    };
    if !matches!(method, Method::GET | Method::HEAD) {
        return portal.refuse(Refusal::MethodNotAllowed, &headers);
    }
    let headers = [(header::CONTENT_TYPE, file.content_type), (header::CACHE_CONTROL, "no-cache")];
    (headers, file.content.clone()).into_response()
}

async fn method_not_allowed(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.refuse(Refusal::MethodNotAllowed, &headers)
}

/// Refuses requests that change something and come from another site, and adds the usual headers to every answer that
/// has none of its own.
///
/// Browsers say where a request comes from in `Sec-Fetch-Site`; `Origin` would not do, because pages that send no
/// referrer post their forms with `Origin: null`.
async fn guard(State(portal): Shared, request: Request, next: Next) -> Response {
    let from_elsewhere =
        request.headers().get(&SEC_FETCH_SITE).is_some_and(|site| site.as_bytes() != b"same-origin");
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if from_elsewhere && !only_reads {
        portal.problem(Refusal::CrossSite)
    } else {
        next.run(request).await
    };

    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| portal.usual_policy.clone());
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Largest body of a request, except where an address has a limit of its own.
const MAX_BODY_BYTES: usize = 16 * 1024;

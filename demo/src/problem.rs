// SPDX-License-Identifier: EUPL-1.2
//! Refusals as programs read them: RFC 9457 problem documents, each with a code that stays.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// A refusal: `type` is an address under `origin` that names the code.
pub(crate) fn problem(origin: &str, status: StatusCode, code: &str, title: &str, detail: &str) -> Response {
    let body = json!({
        "type": format!("{origin}/problems/{code}"),
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
        "code": code,
    });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

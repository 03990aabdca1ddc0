// SPDX-License-Identifier: EUPL-1.2
//! Refusals as programs read them: RFC 9457 problem documents, each with a code that never changes.

use axum::{
    extract::rejection::BytesRejection,
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

/// The refusal of a body that is too large or ended early.
pub(crate) fn unreadable_body(origin: &str, rejection: &BytesRejection) -> Response {
    let (status, code) = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large")
    } else {
        (StatusCode::BAD_REQUEST, "body-invalid")
    };
    problem(origin, status, code, "Body not read", "The body is too large, or it ended early.")
}

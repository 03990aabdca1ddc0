// SPDX-License-Identifier: EUPL-1.2
//! Answers: JSON, problems, pages, and the headers every answer carries.

use ::worker::{Headers, Response};
use infocig_domain::transcript::Format;
use infocig_protocol::{language::Language, problem::Code};
use serde::Serialize;

use crate::{
    http::plain_pages,
    problem::{Fault, Refusal},
};

/// A JSON answer.
pub(crate) fn json(status: u16, body: &impl Serialize) -> Result<Response, Fault> {
    written(status, "application/json", body)
}

/// A refusal as a problem document (RFC 9457).
pub(crate) fn problem(refusal: &Refusal, origin: &str) -> Result<Response, Fault> {
    let response = written(refusal.code.status(), "application/problem+json", &refusal.to_problem(origin))?;
    let header = match (refusal.code, refusal.code.status()) {
        (Code::TokenMissing, _) => Some(("www-authenticate", "Bearer")),
        (_, 401) => Some(("www-authenticate", "Bearer error=\"invalid_token\"")),
        (_, 503) => Some(("retry-after", "5")),
        _ => None,
    };
    let response = match header {
        Some((name, value)) => with_header(response, name, value)?,
        None => response,
    };
    match refusal.language {
        Some(language) => in_language(response, language),
        None => Ok(response),
    }
}

/// A fault, answered without its reason; the caller has logged it.
pub(crate) fn fault(fault: &Fault, origin: &str) -> ::worker::Result<Response> {
    let refusal = match fault {
        // The answer names the error, for the operator who starts the service; neither settings nor versions are personal data.
        Fault::Settings(reason) | Fault::Newer(reason) => Refusal::new(Code::Misconfigured, reason.clone()),
        Fault::Store(_) | Fault::Corrupt(_) | Fault::Platform(_) => {
            Refusal::new(Code::Fault, "the service failed; nothing acknowledged is lost: try again")
        }
    };
    match problem(&refusal, origin) {
        Ok(response) => Ok(response),
        Err(_) => Response::error("fault", 500),
    }
}

/// A transcript, for a browser to save.
pub(crate) fn transcript(format: Format, file: String) -> Result<Response, Fault> {
    let content_type = match format {
        Format::Html => "text/html; charset=utf-8",
        Format::Text => "text/plain; charset=utf-8",
    };
    self::file(content_type, file)
}

/// A file for a browser to save.
pub(crate) fn file(content_type: &str, file: String) -> Result<Response, Fault> {
    let response = with_header(Response::ok(file)?, "content-type", content_type)?;
    with_header(response, "cache-control", "no-store, no-transform")
}

/// A page in a language.
pub(crate) fn page(status: u16, language: Language, html: String) -> Result<Response, Fault> {
    let headers = Headers::new();
    for (name, value) in plain_pages::HEADERS {
        headers.set(name, value)?;
    }
    headers.set("content-language", language.as_str())?;
    headers.set("vary", "accept-language")?;
    Ok(Response::ok(html)?.with_status(status).with_headers(headers))
}

/// The answer with the headers of its language, which may depend on the preferences of the browser.
pub(crate) fn in_language(response: Response, language: Language) -> Result<Response, Fault> {
    let response = with_header(response, "content-language", language.as_str())?;
    with_header(response, "vary", "accept-language")
}

/// An answer without a body.
pub(crate) fn empty(status: u16) -> Result<Response, Fault> {
    Ok(Response::empty()?.with_status(status))
}

/// The answer with one more header.
pub(crate) fn with_header(response: Response, name: &str, value: &str) -> Result<Response, Fault> {
    // Headers of fetched answers are immutable: copy, then set.
    let headers = Headers::new();
    for (name, value) in response.headers() {
        headers.append(&name, &value)?;
    }
    headers.set(name, value)?;
    Ok(response.with_headers(headers))
}

fn written(status: u16, content_type: &str, body: &impl Serialize) -> Result<Response, Fault> {
    let body = serde_json::to_string(body)
        .map_err(|error| Fault::Corrupt(format!("answer not written: {error}")))?;
    let headers = Headers::new();
    headers.set("content-type", content_type)?;
    headers.set("cache-control", "no-store, no-transform")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(Response::ok(body)?.with_status(status).with_headers(headers))
}

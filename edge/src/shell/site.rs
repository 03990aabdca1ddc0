// SPDX-License-Identifier: EUPL-1.2
//! The site's files: the loader, the widget, the console, the fonts.
//!
//! A disk service knows neither types nor caching, so both are said here. Every file may be used from any page
//! (`Cross-Origin-Resource-Policy`, CORS `*`): they are public and hold nothing personal.

use ::worker::{Env, Headers, Response};

use super::objects;
use crate::{
    problem::{Fault, Refusal},
    route::is_named_after_contents,
};
use infocig_protocol::problem::Code;

/// The file at a path that begins with a slash.
pub(super) async fn file(env: &Env, path: &str) -> Result<Result<Response, Refusal>, Fault> {
    let not_found = || Refusal::new(Code::NotFound, "no file of the site has that address");
    let Some(content_type) = content_type(path) else {
        return Ok(Err(not_found()));
    };
    let fetched = objects::site(env)?.fetch(format!("https://site{path}"), None).await?;
    if fetched.status_code() != 200 {
        return Ok(Err(not_found()));
    }
    let headers = Headers::new();
    headers.set("content-type", content_type)?;
    let cache = if is_named_after_contents(path) { FOR_EVER } else { "no-cache" };
    headers.set("cache-control", cache)?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("access-control-allow-origin", "*")?;
    headers.set("cross-origin-resource-policy", "cross-origin")?;
    for name in ["last-modified", "etag"] {
        if let Some(value) = fetched.headers().get(name)? {
            headers.set(name, &value)?;
        }
    }
    Ok(Ok(fetched.with_headers(headers)))
}

/// A year, which is as long as caches go.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The type of the files the site has; anything else is not there.
fn content_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    match extension {
        "js" => Some("text/javascript; charset=utf-8"),
        "wasm" => Some("application/wasm"),
        "css" => Some("text/css; charset=utf-8"),
        "woff2" => Some("font/woff2"),
        "svg" => Some("image/svg+xml"),
        "json" => Some("application/json"),
        "html" => Some("text/html; charset=utf-8"),
        _ => None,
    }
}

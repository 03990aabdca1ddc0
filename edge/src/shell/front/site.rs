// SPDX-License-Identifier: EUPL-1.2
//! The site's files: the loader, the widget, the console, the fonts.
//!
//! A disk service knows neither types nor caching nor coding, so all are said here. The build lays a file's compressed forms
//! beside it; they are sent as they lie there. Every file may be used from any page (`Cross-Origin-Resource-Policy`,
//! CORS `*`): they are public and hold nothing personal.

use ::worker::{EncodeBody, Env, Headers, Request, Response};
use infocig_protocol::problem::Code;

use crate::{
    http::{
        encoding::{self, Coding},
        etag,
    },
    problem::{Error, Fault, Refusal},
    route::is_named_after_contents,
    shell::rpc,
};

/// The file at a path that begins with a slash, in the form its client prefers.
pub(crate) async fn file(request: &Request, env: &Env, path: &str) -> Result<Response, Error> {
    let not_found = || Refusal::new(Code::NotFound, "no file of the site has that address");
    let kind = kind_of(path).ok_or_else(not_found)?;
    let accepted = request.headers().get("accept-encoding")?;
    let forms = encoding::preferred(accepted.as_deref().filter(|_| kind.shrinks));
    let site = rpc::site(env)?;
    for form in forms {
        let fetched = site.fetch(format!("https://site{path}{}", form.suffix()), None).await?;
        if fetched.status_code() == 200 {
            let known = request.headers().get("if-none-match")?;
            return Ok(sent(fetched, path, &kind, form, known.as_deref()).await?);
        }
    }
    Err(not_found().into())
}

/// A file in one of its forms, or `304` for a client that has it already.
async fn sent(
    mut fetched: Response,
    path: &str,
    kind: &Kind,
    form: Coding,
    known: Option<&str>,
) -> Result<Response, Fault> {
    let headers = Headers::new();
    headers.set("vary", "accept-encoding")?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("access-control-allow-origin", "*")?;
    headers.set("cross-origin-resource-policy", "cross-origin")?;
    let response = if is_named_after_contents(path) {
        headers.set("cache-control", FOR_EVER)?;
        fetched
    } else {
        headers.set("cache-control", "no-cache, no-transform")?;
        // These files are small: a digest made now is of the bytes that are sent now.
        let bytes = fetched.bytes().await?;
        let tag = etag::of(&bytes);
        headers.set("etag", &tag)?;
        if etag::is_known(known, &tag) {
            return Ok(Response::empty()?.with_status(304).with_headers(headers));
        }
        Response::from_bytes(bytes)?
    };
    headers.set("content-type", kind.content_type)?;
    let encode = match form.name() {
        Some(name) => {
            headers.set("content-encoding", name)?;
            // It has been compressed: the runtime must not do it again.
            EncodeBody::Manual
        }
        None => EncodeBody::Automatic,
    };
    Ok(response.with_headers(headers).with_encode_body(encode))
}

/// A year, which is as long as caches go.
const FOR_EVER: &str = "public, max-age=31536000, immutable, no-transform";

/// The kind of file that the site has at an address.
struct Kind {
    content_type: &'static str,
    /// Whether it may lie there in compressed forms as well.
    shrinks: bool,
}

/// The kind of the files the site has; anything else, a compressed form of its own included, is not there.
fn kind_of(path: &str) -> Option<Kind> {
    let (_, extension) = path.rsplit_once('.')?;
    let (content_type, shrinks) = match extension {
        "js" => ("text/javascript; charset=utf-8", true),
        "wasm" => ("application/wasm", true),
        "css" => ("text/css; charset=utf-8", true),
        "svg" => ("image/svg+xml", true),
        "json" => ("application/json", true),
        "html" => ("text/html; charset=utf-8", false),
        "woff2" => ("font/woff2", false),
        _ => return None,
    };
    Some(Kind { content_type, shrinks })
}

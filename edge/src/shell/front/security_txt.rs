// SPDX-License-Identifier: EUPL-1.2
//! `GET /.well-known/security.txt`, where the settings name a contact. Its days are those of the wall clock.

use ::worker::{Headers, Response};
use infocig_protocol::problem::Code;

use crate::{
    http::security_txt,
    problem::{Error, Refusal},
    settings::Settings,
    shell::clock,
};

/// The file, or `404` where nobody is named.
pub(crate) fn read(settings: &Settings) -> Result<Response, Error> {
    let unnamed = || Refusal::new(Code::NotFound, "the setting SECURITY names no contact for reports");
    let security = settings.security.as_ref().ok_or_else(unnamed)?;
    let headers = Headers::new();
    headers.set("content-type", "text/plain; charset=utf-8")?;
    headers.set("cache-control", "public, max-age=3600")?;
    headers.set("x-content-type-options", "nosniff")?;
    let file = security_txt::file(security, &settings.origin, clock::wall());
    Ok(Response::ok(file)?.with_headers(headers))
}

// SPDX-License-Identifier: EUPL-1.2
//! CORS: the headers by which browsers let pages of allowed origins read an answer.

use ::worker::{Headers, Request, Response};

use crate::{http::origin::allowed_headers, problem::Fault, settings::Settings};

/// The page a request comes from, as its browser says.
pub(crate) struct Page {
    /// Its origin.
    pub(crate) origin: Option<String>,
    /// The headers it wants to send, as a preflight asks.
    headers: Option<String>,
}

impl Page {
    pub(crate) fn of(request: &Request) -> Self {
        let header = |name| request.headers().get(name).ok().flatten();
        Self { origin: header("origin"), headers: header("access-control-request-headers") }
    }

    /// Whether it is of an origin that the settings do not allow.
    pub(crate) fn is_foreign(&self, settings: &Settings) -> bool {
        self.origin.as_deref().is_some_and(|origin| !settings.allows_origin(origin))
    }
}

/// The answer, with leave for a page of an allowed origin to read it.
pub(crate) fn shared(response: Response, settings: &Settings, page: &Page) -> Result<Response, Fault> {
    let origin = page.origin.as_deref().filter(|origin| settings.allows_origin(origin));
    let Some(origin) = origin else {
        return Ok(response);
    };
    let headers = Headers::new();
    for (name, value) in response.headers() {
        headers.append(&name, &value)?;
    }
    headers.set("access-control-allow-origin", origin)?;
    headers.set("access-control-allow-methods", "GET, POST, PUT")?;
    headers.set("access-control-allow-headers", &allowed_headers(page.headers.as_deref()))?;
    headers.set("access-control-expose-headers", "x-request-id")?;
    headers.set("access-control-max-age", "600")?;
    headers.append("vary", "origin, access-control-request-headers")?;
    Ok(response.with_headers(headers))
}

// SPDX-License-Identifier: EUPL-1.2
//! Cloudflare's relay: it makes the credentials itself, for as long as it is asked. Nothing of a call is in the question.

use ::worker::{AbortSignal, Fetch, Headers, Method, Request, RequestInit, RequestRedirect};
use infocig_protocol::call::RelayServer;
use wasm_bindgen::JsValue;

use crate::{
    auth::turn::LASTS_S,
    outbound::{
        delivery::Body,
        turn::{self, MAX_ANSWER_BYTES},
    },
    problem::Fault,
    shell::http::body,
};

/// Servers with credentials for one side of a call; `None` if the answer has none.
pub(crate) async fn cloudflare(key: &str, token: &str) -> Result<Option<Vec<RelayServer>>, Fault> {
    let address =
        format!("https://rtc.live.cloudflare.com/v1/turn/keys/{key}/credentials/generate-ice-servers");
    let headers = Headers::new();
    headers.set("authorization", &format!("Bearer {token}"))?;
    headers.set("content-type", "application/json")?;
    let asked = format!(r#"{{"ttl":{LASTS_S}}}"#);
    let mut options = RequestInit::new();
    options.with_method(Method::Post).with_headers(headers).with_body(Some(JsValue::from_str(&asked)));
    // A redirect would lead the token where nobody checked.
    options.with_redirect(RequestRedirect::Manual);
    let signal = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MS));
    let request = Request::new_with_init(&address, &options)?;
    let mut answer = Fetch::Request(request).send_with_signal(&signal).await?;
    if !matches!(answer.status_code(), 200 | 201) {
        return Ok(None);
    }
    match body::of_answer(&mut answer, MAX_ANSWER_BYTES).await? {
        Body::Whole(text) => Ok(turn::read(&text)),
        Body::TooLarge | Body::Broken => Ok(None),
    }
}

const TIMEOUT_MS: u32 = 5_000;

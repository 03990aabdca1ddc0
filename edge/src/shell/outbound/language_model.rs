// SPDX-License-Identifier: EUPL-1.2
//! The language model beside the assistant: asked with approved texts and words of them, for at most four seconds.

use ::worker::{AbortSignal, Fetch, Headers, Method, Request, RequestInit, RequestRedirect};
use wasm_bindgen::JsValue;

use crate::{
    outbound::{
        delivery::Body,
        language_model::{self, MAX_ANSWER_BYTES},
    },
    problem::Fault,
    settings::LanguageModel,
    shell::http::body,
};

/// What the model writes to a request; `None` if the answer has nothing of it.
pub(crate) async fn write(model: &LanguageModel, asked: &str) -> Result<Option<String>, Fault> {
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    if let Some(key) = &model.key {
        headers.set("authorization", &format!("Bearer {key}"))?;
    }
    let mut options = RequestInit::new();
    options.with_method(Method::Post).with_headers(headers).with_body(Some(JsValue::from_str(asked)));
    // A redirect would lead the key where nobody checked.
    options.with_redirect(RequestRedirect::Manual);
    // It ends the reading of the body too.
    let signal = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MS));
    let request = Request::new_with_init(&format!("{}/chat/completions", model.address), &options)?;
    let mut answer = Fetch::Request(request).send_with_signal(&signal).await?;
    if answer.status_code() != 200 {
        return Err(Fault::Platform(format!("the language model answered {}", answer.status_code())));
    }
    match body::of_answer(&mut answer, MAX_ANSWER_BYTES).await? {
        Body::Whole(text) => Ok(language_model::read(&text)),
        Body::TooLarge => Ok(None),
        Body::Broken => Err(Fault::Platform("the language model stopped in its answer".into())),
    }
}

const TIMEOUT_MS: u32 = 4_000;

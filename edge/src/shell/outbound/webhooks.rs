// SPDX-License-Identifier: EUPL-1.2
//! Webhooks: events of conversations posted to other systems of the administration, signed.

use ::worker::{AbortSignal, Env, Fetch, Headers, Method, Request, RequestInit, RequestRedirect};
use infocig_domain::webhook::WebhookEvent;
use wasm_bindgen::JsValue;

use crate::{
    outbound::webhook_signature::signature,
    problem::Fault,
    settings::Webhook,
    shell::{clock, rpc::Delivery, settings},
    store::OutboxMessage,
};

/// Posts an event. A receiver that answers 410 wants no more; after every other answer but 2xx it is sent again.
pub(crate) async fn deliver(env: &Env, name: &str, source: &str, message: &OutboxMessage) -> Delivery {
    match post(env, name, source, message).await {
        Ok(None) => Delivery::Rejected(format!("the settings have no webhook {name}")),
        Ok(Some(200..300)) => Delivery::Stored,
        Ok(Some(GONE)) => Delivery::Rejected(format!("the webhook {name} answered {GONE}")),
        Ok(Some(status)) => Delivery::Failed(format!("the webhook {name} answered {status}")),
        Err(fault) => Delivery::Failed(format!("the webhook {name}: {fault}")),
    }
}

/// The status that the receiver answered with; `None` if the settings do not name it any more.
async fn post(env: &Env, name: &str, source: &str, message: &OutboxMessage) -> Result<Option<u16>, Fault> {
    let settings = settings(env)?;
    let Some(webhook) = settings.webhooks.iter().find(|webhook| webhook.name == name) else {
        return Ok(None);
    };
    let event: WebhookEvent = OutboxMessage::stored(&message.notification)?;
    // Unique and the same in every attempt: ids of an outbox are never given twice.
    let id = format!("{source}:{}", message.id);
    let body = event.cloud_event(&settings.origin, &id).to_string();
    send(webhook, &id, &body).await.map(Some)
}

async fn send(webhook: &Webhook, id: &str, body: &str) -> Result<u16, Fault> {
    let at = clock::wall().as_millis() / 1_000;
    let signed = webhook.key().and_then(|key| signature(&key, id, at, body));
    let signed = signed.ok_or_else(|| Fault::Settings(format!("the webhook {} has no key", webhook.name)))?;
    let headers = Headers::new();
    headers.set("content-type", "application/cloudevents+json; charset=utf-8")?;
    headers.set("webhook-id", id)?;
    headers.set("webhook-timestamp", &at.to_string())?;
    headers.set("webhook-signature", &signed)?;
    let mut options = RequestInit::new();
    options.with_method(Method::Post).with_headers(headers).with_body(Some(JsValue::from_str(body)));
    // A redirect would lead the event where the settings do not.
    options.with_redirect(RequestRedirect::Manual);
    let signal = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MS));
    let request = Request::new_with_init(&webhook.url, &options)?;
    Ok(Fetch::Request(request).send_with_signal(&signal).await?.status_code())
}

const GONE: u16 = 410;
const TIMEOUT_MS: u32 = 8_000;

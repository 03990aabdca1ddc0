// SPDX-License-Identifier: EUPL-1.2
//! How objects are found and spoken to, from the front and from each other.
//!
//! A stub is dead after its first exception, so it is made anew for each call.

use ::worker::{Env, Fetcher, Headers, Method, ObjectNamespace, Request, RequestInit, Response, State, Stub};
use infocig_protocol::time::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

use super::{process::Awake, settings};
use crate::{
    problem::Fault,
    store::{Destination, Letter},
};

/// Binding of the conversation objects.
pub(super) const CONVERSATION: &str = "CONVERSATION";
/// Binding of the desk objects.
pub(super) const DESK: &str = "DESK";
/// Binding of the register.
pub(super) const REGISTER: &str = "REGISTER";
/// Binding of the connector to Linea INPS.
pub(super) const LINEA_INPS: &str = "LINEA_INPS_CONNECTOR";
/// Binding of the site's files.
pub(super) const SITE: &str = "SITE";

/// The name of the one connector.
pub(super) const THE_CONNECTOR: &str = "linea-inps";
/// The name of the one register.
const THE_REGISTER: &str = "register";

/// A letter as it travels between objects.
#[derive(Serialize, Deserialize)]
pub(super) struct Envelope {
    /// The sender: its class and object id.
    pub(super) source: String,
    /// The letter's number in its sender's outbox.
    pub(super) id: i64,
    /// The notification, JSON.
    pub(super) notification: String,
}

/// The object with that name.
pub(super) fn by_name(env: &Env, binding: &str, name: &str) -> Result<Stub, Fault> {
    Ok(namespace(env, binding)?.id_from_name(name)?.get_stub()?)
}

/// The object with that id; an id that is none of ours is an error.
pub(super) fn by_id(env: &Env, binding: &str, id: &str) -> Result<Stub, Fault> {
    Ok(namespace(env, binding)?.id_from_string(id)?.get_stub()?)
}

/// The id of an object as 64 hexadecimal digits.
pub(super) fn id_of(state: &State) -> String {
    format!("{}", state.id())
}

/// Asks an object something and reads its answer.
pub(super) async fn ask<A: DeserializeOwned>(
    stub: &Stub,
    path: &str,
    question: &impl Serialize,
) -> Result<A, Fault> {
    let mut response = post(stub, path, question).await?;
    if response.status_code() != 200 {
        return Err(Fault::Platform(format!("an object answered {} to {path}", response.status_code())));
    }
    Ok(response.json().await?)
}

/// Brings a letter to its destination. `Ok` means that it is stored there.
pub(super) async fn deliver(env: &Env, source: &str, letter: &Letter) -> Result<(), Fault> {
    let stub = match &letter.destination {
        Destination::Desk(queue) => by_name(env, DESK, queue.as_str())?,
        Destination::Conversation(object) => by_id(env, CONVERSATION, object)?,
        Destination::Register => by_name(env, REGISTER, THE_REGISTER)?,
        Destination::LineaInps => by_name(env, LINEA_INPS, THE_CONNECTOR)?,
    };
    let envelope =
        Envelope { source: source.into(), id: letter.id, notification: letter.notification.clone() };
    let response = post(&stub, "/notification", &envelope).await?;
    match response.status_code() {
        204 => Ok(()),
        status => Err(Fault::Platform(format!("a letter was answered {status}"))),
    }
}

/// Tells an object that has woken something that has no words.
pub(super) async fn tell(env: &Env, object: &Awake, path: &str) -> Result<(), Fault> {
    let stub = match object {
        Awake::Conversation(id) => by_id(env, CONVERSATION, id)?,
        Awake::Desk(name) => by_name(env, DESK, name)?,
        Awake::LineaInps => by_name(env, LINEA_INPS, THE_CONNECTOR)?,
    };
    post(&stub, path, &()).await.map(|_| ())
}

/// Has the register store something.
pub(super) async fn probe(env: &Env, now: Timestamp) -> Result<(), Fault> {
    let response = post(&by_name(env, REGISTER, THE_REGISTER)?, "/probe", &now).await?;
    match response.status_code() {
        204 => Ok(()),
        status => Err(Fault::Store(format!("the register answered {status} to a probe"))),
    }
}

/// What the register has written down, for tests.
#[cfg(feature = "test-clock")]
pub(super) async fn endings(env: &Env) -> Result<Response, Fault> {
    post(&by_name(env, REGISTER, THE_REGISTER)?, "/endings", &()).await
}

/// Makes a conversation's object fail.
#[cfg(feature = "test-clock")]
pub(super) async fn fail(env: &Env, object: &str, how: &str) -> Result<Response, Fault> {
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(JsValue::from_str(how)));
    let request = Request::new_with_init("https://object/fail", &init)?;
    Ok(by_id(env, CONVERSATION, object)?.fetch_with_request(request).await?)
}

/// The site's files: a service here, the assets of the deployment on Cloudflare.
pub(super) fn site(env: &Env) -> Result<Fetcher, Fault> {
    Ok(env.service(SITE)?)
}

async fn post(stub: &Stub, path: &str, body: &impl Serialize) -> Result<Response, Fault> {
    let body =
        serde_json::to_string(body).map_err(|error| Fault::Corrupt(format!("not written: {error}")))?;
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_body(Some(JsValue::from_str(&body)));
    let request = Request::new_with_init(&format!("https://object{path}"), &init)?;
    Ok(stub.fetch_with_request(request).await?)
}

/// The namespace, inside the configured jurisdiction where there is one.
fn namespace(env: &Env, binding: &str) -> Result<ObjectNamespace, Fault> {
    let namespace = env.durable_object(binding)?;
    match settings(env)?.jurisdiction.as_deref() {
        None => Ok(namespace),
        Some(jurisdiction) => within(namespace, jurisdiction),
    }
}

/// `namespace.jurisdiction(name)`, which the `worker` crate does not bind.
fn within(namespace: ObjectNamespace, jurisdiction: &str) -> Result<ObjectNamespace, Fault> {
    let namespace = JsValue::from(namespace);
    let fault = |error: JsValue| Fault::Platform(format!("jurisdiction: {error:?}"));
    let method = js_sys::Reflect::get(&namespace, &JsValue::from_str("jurisdiction")).map_err(fault)?;
    let method: js_sys::Function = method.dyn_into().map_err(fault)?;
    let inner = method.call1(&namespace, &JsValue::from_str(jurisdiction)).map_err(fault)?;
    Ok(ObjectNamespace::unchecked_from_js(inner))
}

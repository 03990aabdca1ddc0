// SPDX-License-Identifier: EUPL-1.2
//! The provider of the staff's sign-in: its discovery document, kept in memory as a cache, its token endpoint, and its keys.
//!
//! The document is believed for ten minutes, and for an hour where the provider does not answer; it is asked for at most once in
//! five seconds. No redirect is followed: a code or a secret would go where nobody checked.

use std::{cell::RefCell, rc::Rc};

use ::worker::{AbortSignal, Fetch, Headers, Method, Request, RequestInit, RequestRedirect};
use infocig_protocol::time::Timestamp;
use jsonwebtoken::jwk::JwkSet;
use wasm_bindgen::JsValue;

use super::jwks;
use crate::{
    auth::oidc::{
        SignInRefusal,
        client::{self, Grant, TokenRequest, Tokens},
        has_key_for,
        provider::{self, Provider},
    },
    outbound::delivery::Body,
    problem::{Error, Fault},
    settings::Staff,
    shell::{clock, http::body, log, random},
};

/// What a sign-in, its renewal or a logout token comes to nothing by.
pub(crate) enum Failure {
    /// It is refused.
    Refused(SignInRefusal),
    /// The service failed.
    Failed(Fault),
}

impl From<SignInRefusal> for Failure {
    fn from(refusal: SignInRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Fault(fault) => Self::Failed(fault),
            Error::Refused(refusal) => Self::Failed(Fault::Platform(refusal.detail)),
        }
    }
}

impl From<::worker::Error> for Failure {
    fn from(error: ::worker::Error) -> Self {
        Self::Failed(error.into())
    }
}

#[derive(Clone)]
struct Known {
    provider: Option<(Rc<Provider>, Timestamp)>,
    asked: Timestamp,
}

thread_local! {
    static KNOWN: RefCell<Option<Known>> = const { RefCell::new(None) };
}

/// The provider, as its discovery document says.
pub(crate) async fn provider(staff: &Staff) -> Result<Rc<Provider>, SignInRefusal> {
    let known = KNOWN.with_borrow(Clone::clone);
    let age = |since: Timestamp| clock::wall().as_millis() - since.as_millis();
    let last = known.as_ref().and_then(|known| known.provider.clone());
    if let Some((provider, _)) = last.as_ref().filter(|(_, came)| age(*came) < BELIEVED_MS) {
        return Ok(provider.clone());
    }
    let may_ask = known.as_ref().is_none_or(|known| age(known.asked) >= PAUSE_MS);
    let mut refusal = SignInRefusal::Unreachable;
    if may_ask {
        KNOWN.set(Some(Known { provider: last.clone(), asked: clock::wall() }));
        match discover(staff).await {
            Ok(provider) => {
                let provider = Rc::new(provider);
                let now = clock::wall();
                KNOWN.set(Some(Known { provider: Some((provider.clone(), now)), asked: now }));
                return Ok(provider);
            }
            Err(why) => refusal = why,
        }
    }
    let usable = last.filter(|(_, came)| age(*came) < BELIEVED_WITHOUT_ASKING_MS);
    usable.map(|(provider, _)| provider).ok_or(refusal)
}

async fn discover(staff: &Staff) -> Result<Provider, SignInRefusal> {
    let address = provider::address(&staff.issuer);
    let headers = Headers::new();
    match ask(&address, Method::Get, headers, None).await {
        Ok((200, text)) => Provider::read(&text, &staff.issuer),
        Ok((status, _)) => {
            log::error("staff", &format!("the discovery document is answered with {status}"));
            Err(SignInRefusal::Unreachable)
        }
        Err(fault) => {
            log::error("staff", &format!("the discovery document cannot be read: {fault}"));
            Err(SignInRefusal::Unreachable)
        }
    }
}

/// Asks the token endpoint.
pub(crate) async fn tokens(staff: &Staff, provider: &Provider, grant: Grant<'_>) -> Result<Tokens, Failure> {
    let refused = match grant {
        Grant::Code { .. } => SignInRefusal::CodeRefused,
        Grant::Refresh(_) => SignInRefusal::RenewalRefused,
    };
    let jti = random::name()?;
    let asked = client::request(staff, &provider.token_endpoint, grant, client::stamp(&jti, clock::wall()))?;
    let TokenRequest { authorization, form } = asked;
    let headers = Headers::new();
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    headers.set("accept", "application/json")?;
    if let Some(authorization) = authorization {
        headers.set("authorization", &authorization)?;
    }
    match ask(&provider.token_endpoint, Method::Post, headers, Some(&form)).await {
        Ok((status, text)) => Ok(client::read(status, &text, refused)?),
        Err(fault) => {
            log::error("staff", &format!("the token endpoint does not answer: {fault}"));
            Err(SignInRefusal::Unreachable.into())
        }
    }
}

/// Verifies a token with the provider's keys. Where no signature fits, a key may have been replaced under the name it had: then
/// the set is asked for again, if that may be.
pub(crate) async fn verified<T>(
    token: &str,
    provider: &Provider,
    verify: impl Fn(&JwkSet) -> Result<T, SignInRefusal>,
) -> Result<T, SignInRefusal> {
    let unreachable = |_| SignInRefusal::Unreachable;
    let uri = &provider.jwks_uri;
    let keys = jwks::keys_with(uri, |keys| has_key_for(token, keys)).await.map_err(unreachable)?;
    match verify(&keys) {
        Err(SignInRefusal::Signature) => {
            let newer = jwks::keys_with(uri, |newer| *newer != *keys).await.map_err(unreachable)?;
            if newer == keys { Err(SignInRefusal::Signature) } else { verify(&newer) }
        }
        done => done,
    }
}

/// The status and the text of an answer.
async fn ask(
    address: &str,
    method: Method,
    headers: Headers,
    sent: Option<&str>,
) -> Result<(u16, String), Fault> {
    let mut init = RequestInit::new();
    init.with_method(method).with_headers(headers).with_body(sent.map(JsValue::from_str));
    init.with_redirect(RequestRedirect::Manual);
    let request = Request::new_with_init(address, &init)?;
    let signal = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MS));
    let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
    let status = response.status_code();
    match body::of_answer(&mut response, MAX_ANSWER_BYTES).await? {
        Body::Whole(text) => Ok((status, text)),
        Body::TooLarge => Err(Fault::Platform(format!("more than {MAX_ANSWER_BYTES} bytes"))),
        Body::Broken => Err(Fault::Platform("its answer broke off".into())),
    }
}

const PAUSE_MS: i64 = 5_000;
const TIMEOUT_MS: u32 = 10_000;
const BELIEVED_MS: i64 = 10 * 60_000;
const BELIEVED_WITHOUT_ASKING_MS: i64 = 60 * 60_000;
/// ID tokens list groups.
const MAX_ANSWER_BYTES: usize = 128 * 1024;

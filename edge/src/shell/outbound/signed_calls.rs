// SPDX-License-Identifier: EUPL-1.2
//! Calls to other systems of the administration: signed as ModI asks, with a voucher, in ten seconds, and read no further
//! than agreed.
//!
//! A voucher is kept in memory until half a minute before its end. Where calls name their user, each has one of its own.

use std::cell::RefCell;

use ::worker::{AbortSignal, Fetch, Headers, Method, Request, RequestInit, RequestRedirect};
use infocig_protocol::time::Timestamp;
use wasm_bindgen::JsValue;

use crate::{
    auth::modi::{self, Stamp, User},
    outbound::delivery::{Answer, retry_after, voucher_in},
    problem::Fault,
    settings::LineaInps,
    shell::{clock, http::body, log, random},
};

/// A document to send.
pub(crate) struct SignedCall<'c> {
    /// The address it is posted to.
    pub(crate) address: &'c str,
    /// The audience of its signature.
    pub(crate) audience: &'c str,
    /// The document, JSON.
    pub(crate) body: &'c str,
    /// The key by which the other side recognises a repetition.
    pub(crate) idempotency_key: Option<&'c str>,
    /// The person or advisor behind it.
    pub(crate) user: User,
    /// The `traceparent` of the request it is made for, where that has one.
    pub(crate) traceparent: Option<&'c str>,
    /// Most that is read of the answer, in bytes.
    pub(crate) most: usize,
}

thread_local! {
    static VOUCHER: RefCell<Option<(String, Timestamp)>> = const { RefCell::new(None) };
}

/// Hands over a document.
pub(crate) async fn post(service: &LineaInps, call: &SignedCall<'_>) -> Answer {
    let headers = match signed(service, call).await {
        Ok(Signed::Headers(headers)) => headers,
        Ok(Signed::NoVoucher(why)) => return Answer::NoVoucher(why),
        Err(fault) => {
            log::fault(&fault);
            return Answer::Silent("the call could not be made".into());
        }
    };
    send(call.address, headers, call.body, call.most).await
}

/// The voucher was not accepted: the next call asks for another.
pub(crate) fn forget_voucher() {
    VOUCHER.with_borrow_mut(Option::take);
}

/// The headers of a call.
enum Signed {
    Headers(Headers),
    /// There is no voucher to make it with, for this reason.
    NoVoucher(String),
}

async fn signed(service: &LineaInps, call: &SignedCall<'_>) -> Result<Signed, Fault> {
    let LineaInps { identity, purpose_id, .. } = service;
    let headers = Headers::new();
    let purpose_id = purpose_id.as_deref();
    let evidence = match purpose_id.filter(|_| service.audit) {
        Some(purpose_id) => {
            let (jti, dnonce) = (random::name()?, random::thirteen_digits()?);
            let stamp = Stamp { jti: &jti, now: clock::wall() };
            Some(identity.evidence(call.audience, purpose_id, &call.user, dnonce, stamp)?)
        }
        None => None,
    };
    let voucher = match voucher(service, evidence.as_deref()).await? {
        Voucher::Token(token) => token,
        Voucher::Refused(why) => return Ok(Signed::NoVoucher(why)),
    };
    // Asking for a voucher took time: the signature begins now.
    let digest = modi::digest(call.body.as_bytes());
    let jti = random::name()?;
    let stamp = Stamp { jti: &jti, now: clock::wall() };
    headers.set("authorization", &format!("Bearer {voucher}"))?;
    headers.set("content-type", modi::CONTENT_TYPE)?;
    headers.set("accept", "application/json, application/problem+json")?;
    headers.set(modi::DIGEST, &digest)?;
    headers.set(modi::SIGNATURE, &identity.signature(call.audience, &digest, stamp)?)?;
    if let Some(evidence) = evidence {
        headers.set(modi::EVIDENCE, &evidence)?;
    }
    if let Some(key) = call.idempotency_key {
        headers.set("idempotency-key", key)?;
    }
    if let Some(traceparent) = call.traceparent {
        headers.set("traceparent", traceparent)?;
    }
    Ok(Signed::Headers(headers))
}

enum Voucher {
    Token(String),
    /// The token endpoint gave none, for this reason.
    Refused(String),
}

async fn voucher(service: &LineaInps, evidence: Option<&str>) -> Result<Voucher, Fault> {
    let known = VOUCHER.with_borrow(Clone::clone);
    if let Some((token, _)) = known.filter(|(_, until)| evidence.is_none() && clock::wall() < *until) {
        return Ok(Voucher::Token(token));
    }
    let LineaInps { identity, token_url, purpose_id, .. } = service;
    let (jti, asked) = (random::name()?, clock::wall());
    let stamp = Stamp { jti: &jti, now: asked };
    let assertion = identity.assertion(token_url, purpose_id.as_deref(), evidence, stamp)?;
    let headers = Headers::new();
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    headers.set("accept", "application/json")?;
    let answer = send(token_url, headers, &identity.voucher_form(&assertion), MAX_VOUCHER_BYTES).await;
    Ok(match voucher_in(&answer) {
        Ok(voucher) => {
            if evidence.is_none() {
                let until = asked.plus_millis(voucher.reusable_ms);
                VOUCHER.set(Some((voucher.token.clone(), until)));
            }
            Voucher::Token(voucher.token)
        }
        Err(why) => Voucher::Refused(why),
    })
}

async fn send(address: &str, headers: Headers, sent: &str, most: usize) -> Answer {
    let answered = async {
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_headers(headers).with_body(Some(JsValue::from_str(sent)));
        // A signature is for its audience: a redirect would carry it to another system.
        init.with_redirect(RequestRedirect::Manual);
        let request = Request::new_with_init(address, &init)?;
        let signal = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MS));
        let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
        let asked = response.headers().get("retry-after")?;
        let wait_ms = asked.and_then(|asked| retry_after(&asked, clock::wall()));
        let body = body::of_answer(&mut response, most).await?;
        Ok::<_, Fault>(Answer::Http { status: response.status_code(), wait_ms, body })
    };
    answered.await.unwrap_or_else(|fault| Answer::Silent(fault.to_string()))
}

const TIMEOUT_MS: u32 = 10_000;
const MAX_VOUCHER_BYTES: usize = 16 * 1024;

// SPDX-License-Identifier: EUPL-1.2
//! Calls to other systems of the administration: signed as ModI asks, with a voucher, in ten seconds, and read no further
//! than agreed.
//!
//! A voucher is kept in memory until half a minute before its end. Where calls say who is behind them, each has one of its own.

use std::{cell::RefCell, pin::pin, time::Duration};

use ::worker::{
    AbortSignal, ByteStream, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Response,
};
use futures_util::{
    TryStreamExt,
    future::{Either, select},
};
use infocig_protocol::{limits::MAX_BODY_MS, problem::Code, time::Timestamp};
use wasm_bindgen::JsValue;

use super::{clock, random, worker::Failure};
use crate::{
    linea_inps::{Answer, Body, retry_after, voucher_in},
    modi::{self, Stamp, User},
    problem::{Fault, Refusal},
    settings::LineaInps,
};

/// A document to hand over.
pub(super) struct Call<'c> {
    /// Where it goes.
    pub(super) address: &'c str,
    /// Whom its signature is for.
    pub(super) audience: &'c str,
    /// The document, JSON.
    pub(super) body: &'c str,
    /// What the other side tells repetitions by.
    pub(super) idempotency_key: Option<&'c str>,
    /// On whose behalf.
    pub(super) user: User,
    /// Most that is read of the answer, in bytes.
    pub(super) most: usize,
}

thread_local! {
    static VOUCHER: RefCell<Option<(String, Timestamp)>> = const { RefCell::new(None) };
}

/// Hands over a document.
pub(super) async fn post(service: &LineaInps, call: &Call<'_>) -> Answer {
    let headers = match signed(service, call).await {
        Ok(Ok(headers)) => headers,
        Ok(Err(why)) => return Answer::NoVoucher(why),
        Err(fault) => {
            ::worker::console_error!("fault: {fault}");
            return Answer::Silent("the call could not be made".into());
        }
    };
    send(call.address, headers, call.body, call.most).await
}

/// The voucher was not accepted: the next call asks for another.
pub(super) fn forget_voucher() {
    VOUCHER.with_borrow_mut(Option::take);
}

/// The headers of a call, or why there is no voucher to make it with.
async fn signed(service: &LineaInps, call: &Call<'_>) -> Result<Result<Headers, String>, Fault> {
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
        Ok(voucher) => voucher,
        Err(why) => return Ok(Err(why)),
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
    Ok(Ok(headers))
}

async fn voucher(service: &LineaInps, evidence: Option<&str>) -> Result<Result<String, String>, Fault> {
    let known = VOUCHER.with_borrow(Clone::clone);
    if let Some((token, _)) = known.filter(|(_, until)| evidence.is_none() && clock::wall() < *until) {
        return Ok(Ok(token));
    }
    let LineaInps { identity, token_url, purpose_id, .. } = service;
    let (jti, asked) = (random::name()?, clock::wall());
    let stamp = Stamp { jti: &jti, now: asked };
    let assertion = identity.assertion(token_url, purpose_id.as_deref(), evidence, stamp)?;
    let headers = Headers::new();
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    headers.set("accept", "application/json")?;
    let answer = send(token_url, headers, &identity.voucher_form(&assertion), MAX_VOUCHER_BYTES).await;
    Ok(voucher_in(&answer).map(|voucher| {
        if evidence.is_none() {
            let until = asked.plus_millis(voucher.reusable_ms);
            VOUCHER.set(Some((voucher.token.clone(), until)));
        }
        voucher.token
    }))
}

async fn send(address: &str, headers: Headers, body: &str, most: usize) -> Answer {
    let answered = async {
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_headers(headers).with_body(Some(JsValue::from_str(body)));
        // What is signed is for whom it was signed, and for nobody they name.
        init.with_redirect(RequestRedirect::Manual);
        let request = Request::new_with_init(address, &init)?;
        let signal = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MS));
        let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
        let asked = response.headers().get("retry-after")?;
        let wait_ms = asked.and_then(|asked| retry_after(&asked, clock::wall()));
        let body = read_answer(&mut response, most).await?;
        Ok::<_, Fault>(Answer::Http { status: response.status_code(), wait_ms, body })
    };
    answered.await.unwrap_or_else(|fault| Answer::Silent(fault.to_string()))
}

async fn read_answer(response: &mut Response, most: usize) -> Result<Body, Fault> {
    if says_more_than(response.headers(), most)? {
        return Ok(Body::TooLarge);
    }
    match response.body() {
        ::worker::ResponseBody::Empty => Ok(Body::Whole(String::new())),
        ::worker::ResponseBody::Body(_) | ::worker::ResponseBody::Stream(_) => {
            Ok(text(read(response.stream()?, most).await))
        }
    }
}

/// The body of a request: at most `most` bytes, all of them within [`MAX_BODY_MS`], so that nobody holds a request open by
/// sending it slowly.
pub(super) async fn read_request(request: &mut Request, most: usize) -> Result<Vec<u8>, Failure> {
    let too_large = || Refusal::new(Code::FrameTooLarge, format!("a body has at most {most} bytes"));
    if says_more_than(request.headers(), most)? {
        return Err(too_large().into());
    }
    if request.inner().body().is_none() {
        return Ok(Vec::new());
    }
    let reading = pin!(read(request.stream()?, most));
    let late = pin!(Delay::from(Duration::from_millis(MAX_BODY_MS)));
    match select(reading, late).await {
        Either::Left((Piece::Whole(bytes), _)) => Ok(bytes),
        Either::Left((Piece::TooLarge, _)) => Err(too_large().into()),
        Either::Left((Piece::Broken, _)) => Err(Fault::Platform("a body broke off".into()).into()),
        Either::Right(_) => {
            let seconds = MAX_BODY_MS / 1_000;
            Err(Refusal::new(Code::BodyTooSlow, format!("a body comes within {seconds} seconds")).into())
        }
    }
}

enum Piece {
    Whole(Vec<u8>),
    TooLarge,
    Broken,
}

fn text(piece: Piece) -> Body {
    match piece {
        Piece::Whole(bytes) => String::from_utf8(bytes).map_or(Body::Broken, Body::Whole),
        Piece::TooLarge => Body::TooLarge,
        Piece::Broken => Body::Broken,
    }
}

/// Reads a body piece by piece, so that one without end fills no memory.
async fn read(mut stream: ByteStream, most: usize) -> Piece {
    let mut bytes = Vec::new();
    loop {
        match stream.try_next().await {
            Ok(Some(piece)) if bytes.len() + piece.len() > most => return Piece::TooLarge,
            Ok(Some(piece)) => bytes.extend(piece),
            Ok(None) => return Piece::Whole(bytes),
            Err(_) => return Piece::Broken,
        }
    }
}

fn says_more_than(headers: &Headers, most: usize) -> Result<bool, Fault> {
    let length = headers.get("content-length")?;
    Ok(length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > most))
}

const TIMEOUT_MS: u32 = 10_000;
const MAX_VOUCHER_BYTES: usize = 16 * 1024;

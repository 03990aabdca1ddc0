// SPDX-License-Identifier: EUPL-1.2
//! Bodies, read piece by piece up to a limit, so that one without end fills no memory.

use std::{pin::pin, time::Duration};

use ::worker::{ByteStream, Delay, Headers, Request, Response, ResponseBody};
use futures_util::{
    TryStreamExt,
    future::{Either, select},
};
use infocig_protocol::{
    limits::{MAX_BODY_MS, MAX_FRAME_BYTES},
    problem::Code,
};
use serde::de::DeserializeOwned;

use crate::{
    http::bounded_body::{BoundedBody, TooLarge},
    outbound::delivery::Body,
    problem::{Error, Fault, Refusal},
};

/// The body of a request: at most `most` bytes, all of them within [`MAX_BODY_MS`], so that nobody holds a request open by
/// sending it slowly.
pub(crate) async fn read(request: &mut Request, most: usize) -> Result<Vec<u8>, Error> {
    let too_large = || Refusal::new(Code::FrameTooLarge, format!("a body has at most {most} bytes"));
    let Ok(body) = bounded(request.headers(), most)? else { return Err(too_large().into()) };
    if request.inner().body().is_none() {
        return Ok(Vec::new());
    }
    let reading = pin!(pieces(request.stream()?, body));
    let late = pin!(Delay::from(Duration::from_millis(MAX_BODY_MS)));
    match select(reading, late).await {
        Either::Left((Pieces::Whole(bytes), _)) => Ok(bytes),
        Either::Left((Pieces::TooLarge, _)) => Err(too_large().into()),
        Either::Left((Pieces::Broken, _)) => Err(Fault::Platform("a body broke off".into()).into()),
        Either::Right(_) => {
            let seconds = MAX_BODY_MS / 1_000;
            Err(Refusal::new(Code::BodyTooSlow, format!("a body comes within {seconds} seconds")).into())
        }
    }
}

/// A small JSON body.
pub(crate) async fn json<T: DeserializeOwned>(request: &mut Request) -> Result<T, Error> {
    let body = read(request, MAX_FRAME_BYTES).await?;
    Ok(document(&body)?)
}

/// A body as the document it has to be.
pub(crate) fn document<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::new(Code::RequestInvalid, format!("the body is not as agreed: {error}")))
}

/// The body of another system's answer, as a text of at most `most` bytes.
pub(crate) async fn of_answer(response: &mut Response, most: usize) -> Result<Body, Fault> {
    let Ok(body) = bounded(response.headers(), most)? else { return Ok(Body::TooLarge) };
    Ok(match response.body() {
        ResponseBody::Empty => Body::Whole(String::new()),
        ResponseBody::Body(_) | ResponseBody::Stream(_) => match pieces(response.stream()?, body).await {
            Pieces::Whole(bytes) => String::from_utf8(bytes).map_or(Body::Broken, Body::Whole),
            Pieces::TooLarge => Body::TooLarge,
            Pieces::Broken => Body::Broken,
        },
    })
}

enum Pieces {
    Whole(Vec<u8>),
    TooLarge,
    Broken,
}

async fn pieces(mut stream: ByteStream, mut body: BoundedBody) -> Pieces {
    loop {
        match stream.try_next().await {
            Ok(Some(piece)) => match body.push(&piece) {
                Ok(()) => {}
                Err(TooLarge) => return Pieces::TooLarge,
            },
            Ok(None) => return Pieces::Whole(body.into_bytes()),
            Err(_) => return Pieces::Broken,
        }
    }
}

fn bounded(headers: &Headers, most: usize) -> Result<Result<BoundedBody, TooLarge>, Fault> {
    Ok(BoundedBody::new(most, headers.get("content-length")?.as_deref()))
}

// SPDX-License-Identifier: EUPL-1.2
//! The front's side of the connector to Linea INPS: what Linea INPS says is verified here and stored there; supervisors see
//! what is on its way.

use ::worker::{Env, Request, Response, Stub};
use infocig_domain::linea_inps::Update;
use infocig_protocol::{
    problem::Code,
    segnalazione::{RetrySegnalazione, SegnalazioneOverview},
};
use serde::de::DeserializeOwned;

use super::{
    calls, clock, keys,
    linea_inps_object::{RetryAnswer, UpdateAnswer, UpdateQuestion},
    objects, replies,
    worker::{Failure, bearer},
};
use crate::{
    linea_inps::updates_audience,
    modi::{Expected, Received},
    problem::{Fault, Refusal},
    room::Updated,
    settings::Settings,
    ticket::Ticket,
};

/// `POST /v1/linea-inps/updates`: Linea INPS says where a segnalazione stands.
pub(super) async fn update(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
) -> Result<Response, Failure> {
    let service = settings.linea_inps.as_ref();
    let service = service.ok_or_else(|| Refusal::new(Code::NotFound, "this service has no Linea INPS"))?;
    let body = calls::read_request(request, MAX_BODY_BYTES).await?;
    let headers = request.headers().clone();
    let header = |name: &str| headers.get(name).ok().flatten();
    let received = Received { body: &body, header: &header };
    let kid = received.key_id()?;
    let keys = keys::keys_with(&service.jwks_uri, |keys| keys.find(&kid).is_some()).await?;
    let audience = updates_audience(&settings.origin);
    let expected = Expected { issuer: &service.issuer, audience: &audience, leeway_s: service.leeway_s };
    let seen = received.verify(&keys, expected, clock::wall())?;

    let update: Update = read_document(&body)?;
    let question = UpdateQuestion { update, seen };
    let answer: UpdateAnswer = objects::ask(&connector(env)?, "/update", &question).await?;
    match answer.updated {
        Updated::Stored => Ok(replies::empty(204)?),
        Updated::Replayed => {
            Err(Refusal::new(Code::SignatureInvalid, "the signature's jti was seen before").into())
        }
        Updated::Unknown => Err(Refusal::new(Code::NotFound, "no segnalazione has that key").into()),
        Updated::Malformed => {
            let detail =
                "an update has a key, a number of 1 to 64 characters, a state, and with answered a text";
            Err(Refusal::new(Code::RequestInvalid, detail).into())
        }
    }
}

/// `GET /v1/desk/segnalazioni`: for supervisors.
pub(super) async fn supervise(
    request: &Request,
    env: &Env,
    settings: &Settings,
) -> Result<Response, Failure> {
    require_supervisor(request, settings)?;
    list(env).await
}

/// `POST /v1/desk/segnalazioni/retry`: for supervisors.
pub(super) async fn retry(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
) -> Result<Response, Failure> {
    require_supervisor(request, settings)?;
    let body = calls::read_request(request, MAX_BODY_BYTES).await?;
    let question: RetrySegnalazione = read_document(&body)?;
    let RetryAnswer { found } = objects::ask(&connector(env)?, "/retry", &question).await?;
    if !found {
        return Err(Refusal::new(Code::NotFound, "no segnalazione has that key").into());
    }
    Ok(replies::empty(204)?)
}

/// `GET /test/segnalazioni`: what supervisors see, without a ticket.
#[cfg(feature = "test-clock")]
pub(super) async fn list_for_tests(env: &Env) -> Result<Response, Failure> {
    list(env).await
}

#[cfg(not(feature = "test-clock"))]
#[expect(clippy::unused_async, reason = "the same signature as in a build with the test clock")]
pub(super) async fn list_for_tests(_env: &Env) -> Result<Response, Failure> {
    Err(Refusal::new(Code::NotFound, "this build does not show segnalazioni").into())
}

async fn list(env: &Env) -> Result<Response, Failure> {
    let all: Vec<SegnalazioneOverview> = objects::ask(&connector(env)?, "/list", &()).await?;
    Ok(replies::json(200, &all)?)
}

fn require_supervisor(request: &Request, settings: &Settings) -> Result<(), Failure> {
    let ticket = bearer(request)?;
    let queues = settings.policy.queues.iter().map(|queue| &queue.id);
    Ok(Ticket::verify_supervisor(ticket.as_deref(), &settings.ticket_key, queues, clock::now())?)
}

fn connector(env: &Env) -> Result<Stub, Fault> {
    objects::by_name(env, objects::LINEA_INPS, objects::THE_CONNECTOR)
}

fn read_document<D: DeserializeOwned>(body: &[u8]) -> Result<D, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::new(Code::RequestInvalid, format!("the body is not as agreed: {error}")))
}

const MAX_BODY_BYTES: usize = 64 * 1024;

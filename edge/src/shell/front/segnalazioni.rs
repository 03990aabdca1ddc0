// SPDX-License-Identifier: EUPL-1.2
//! Segnalazioni at the front: updates of Linea INPS are verified here and stored by the connector; supervisors see those
//! on their way, and send one again.

use ::worker::{Env, Request, Response};
use infocig_domain::{audit::ActedBy, linea_inps::Update, staff::Right};
use infocig_protocol::{
    person::Category, problem::Code, report::AuditedKind, segnalazione::RetrySegnalazione,
};

use super::{audit, staff};
use crate::{
    actors::Updated,
    auth::modi::{Expected, Received},
    log::Trace,
    outbound::delivery::updates_audience,
    problem::{Error, Refusal},
    settings::Settings,
    shell::{
        clock,
        http::{
            body::{self, document},
            replies,
        },
        outbound::jwks,
        rpc::{self, ListSegnalazioni, Retry, RetryAnswer, UpdateAnswer, UpdateSegnalazione},
    },
};

/// `POST /v1/linea-inps/updates`: Linea INPS says where a segnalazione stands.
pub(crate) async fn update(request: &mut Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let service = settings.linea_inps.as_ref();
    let service = service.ok_or_else(|| Refusal::new(Code::NotFound, "this service has no Linea INPS"))?;
    let body = body::read(request, MAX_BODY_BYTES).await?;
    let headers = request.headers().clone();
    let header = |name: &str| headers.get(name).ok().flatten();
    let received = Received { body: &body, header: &header };
    let kid = received.key_id()?;
    let keys = jwks::keys_with(&service.jwks_uri, |keys| keys.find(&kid).is_some()).await?;
    let audience = updates_audience(&settings.origin);
    let expected = Expected { issuer: &service.issuer, audience: &audience, leeway_s: service.leeway_s };
    let seen = received.verify(&keys, expected, clock::wall())?;

    let update: Update = document(&body)?;
    let question = UpdateSegnalazione { update, seen };
    let UpdateAnswer { updated } = rpc::call(&rpc::connector(env)?, &question).await?;
    match updated {
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
pub(crate) async fn supervise(
    request: &Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Error> {
    let (categories, by) = supervised(request, env, settings, Right::ReadSegnalazioni, trace).await?;
    audit::record(env, by.did(AuditedKind::ReadSegnalazioni, clock::now())).await?;
    list(env, categories).await
}

/// `POST /v1/desk/segnalazioni/retry`: for supervisors.
pub(crate) async fn retry(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Error> {
    let (categories, by) = supervised(request, env, settings, Right::RetrySegnalazioni, trace).await?;
    let body = body::read(request, MAX_BODY_BYTES).await?;
    let RetrySegnalazione { key } = document(&body)?;
    let RetryAnswer { found } = rpc::call(&rpc::connector(env)?, &Retry { by, key, categories }).await?;
    if !found {
        return Err(Refusal::new(Code::NotFound, "no segnalazione has that key").into());
    }
    Ok(replies::empty(204)?)
}

/// Every segnalazione of people of these categories that is not delivered, stopped ones first, and the newest that are.
pub(super) async fn list(env: &Env, categories: Vec<Category>) -> Result<Response, Error> {
    let all = rpc::call(&rpc::connector(env)?, &ListSegnalazioni { categories }).await?;
    Ok(replies::json(200, &all)?)
}

/// The categories of people that the queues of a supervisor serve, and the supervisor.
async fn supervised(
    request: &Request,
    env: &Env,
    settings: &Settings,
    right: Right,
    trace: &Trace,
) -> Result<(Vec<Category>, ActedBy), Error> {
    let policy = &settings.policy;
    let holder = staff::holder(request, env, settings).await?;
    holder.require(right)?;
    let is_theirs = |category: &Category| {
        policy.queue_for(*category).is_none_or(|queue| holder.queues.contains(&queue.id))
    };
    Ok((Category::ALL.into_iter().filter(is_theirs).collect(), audit::by(&holder, trace)))
}

const MAX_BODY_BYTES: usize = 64 * 1024;

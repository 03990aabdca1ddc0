// SPDX-License-Identifier: EUPL-1.2
//! `POST /v1/desk/sessions?queue=` signs an advisor in at a desk; its socket and polls are forwarded to its object.

use ::worker::{Env, Request, Response, Stub};
use infocig_domain::people::Speaker;
use infocig_protocol::{http::DeskSessionOpened, id::QueueId, problem::Code};

use crate::{
    auth::{
        advisor::SignedInAdvisor,
        ticket::{Ticket, TicketScope},
        token,
    },
    problem::{Error, Refusal},
    settings::{Role, Settings},
    shell::{
        clock,
        http::{
            headers::{bearer, parameter, require_upgrade},
            replies,
        },
        outbound::jwks,
        rpc,
    },
};

/// Verifies an advisor's token, and answers with a ticket for the desk of the queue they name, or of the first.
pub(crate) async fn open(request: &Request, settings: &Settings) -> Result<Response, Error> {
    let bearer = bearer(request)?;
    let token = token::inspect(bearer.as_deref(), Role::Advisor, &settings.issuers)?;
    let advisor = jwks::verified(&token, |keys| token.advisor(keys, &settings.origin, clock::wall())).await?;
    let SignedInAdvisor { advisor, profile, supervisor } = advisor;

    let mut queues = settings.policy.queues.iter().map(|queue| &queue.id);
    let queue = match parameter(request, "queue")? {
        None => queues.next(),
        Some(wanted) => queues.find(|id| id.as_str() == wanted),
    };
    let queue = queue.cloned().ok_or_else(|| Refusal::new(Code::RequestInvalid, "no queue has that id"))?;
    let name = advisor.name.clone();
    let ticket = Ticket::new(TicketScope::Desk(queue.clone()), Speaker::Advisor(advisor), clock::now());
    let ticket = Ticket { profile, supervisor, ..ticket };
    let opened = DeskSessionOpened {
        ticket: ticket.sign(&settings.ticket_key)?,
        socket: format!("/v1/desk/{queue}/socket"),
        queue,
        advisor: name,
        supervisor,
    };
    Ok(replies::json(201, &opened)?)
}

/// `GET /v1/desk/{queue}/socket`
pub(crate) async fn socket(
    request: Request,
    env: &Env,
    settings: &Settings,
    queue: &QueueId,
) -> Result<Response, Error> {
    let desk = desk(env, settings, queue)?;
    require_upgrade(&request, settings, &TicketScope::Desk(queue.clone()))?;
    Ok(desk.fetch_with_request(request).await?)
}

/// `POST /v1/desk/{queue}/poll`
pub(crate) async fn poll(
    request: Request,
    env: &Env,
    settings: &Settings,
    queue: &QueueId,
) -> Result<Response, Error> {
    Ok(desk(env, settings, queue)?.fetch_with_request(request).await?)
}

fn desk(env: &Env, settings: &Settings, queue: &QueueId) -> Result<Stub, Error> {
    if !settings.policy.queues.iter().any(|known| known.id == *queue) {
        return Err(Refusal::new(Code::NotFound, "no queue has that id").into());
    }
    Ok(rpc::desk(env, queue)?)
}

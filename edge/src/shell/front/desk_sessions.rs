// SPDX-License-Identifier: EUPL-1.2
//! `POST /v1/desk/sessions?queue=` signs an advisor in at a desk; its socket and polls are forwarded to its object.

use ::worker::{Env, Request, Response, Stub};
use infocig_domain::{audit::ActedBy, people::Speaker, staff::Right};
use infocig_protocol::{
    http::DeskSessionOpened,
    id::{DeskId, QueueId},
    problem::Code,
    report::AuditedKind,
};

use super::{
    admission::count_refused_token,
    audit,
    staff::{self, TicketOf},
};
use crate::{
    auth::{
        advisor::SignedInAdvisor,
        ticket::{Ticket, TicketScope},
        token,
    },
    log::Trace,
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

/// Verifies the token of a portal or of a session of the staff, and answers with a ticket for the desk of the queue they name, or
/// of their first.
pub(crate) async fn open(
    request: &Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Error> {
    let bearer = bearer(request)?;
    let by_session = staff::signed_in(bearer.as_deref(), env, settings).await?;
    let (advisor, of_session) = if let Some((advisor, session)) = by_session {
        (advisor, Some(session))
    } else {
        let verified = async {
            let token = token::inspect(bearer.as_deref(), Role::Advisor, &settings.issuers)?;
            jwks::verified(&token, |keys| token.advisor(keys, &settings.origin, clock::wall())).await
        };
        let verified = verified.await.inspect_err(count_refused_token);
        // The sign-in of a session was written down when it began.
        write_down(env, &verified, trace).await?;
        (verified?, None)
    };
    let own = advisor.queues(&settings.policy)?;
    let wanted = parameter(request, "queue")?;
    let named = own.iter().find(|queue| wanted.as_deref().is_none_or(|wanted| queue.id.as_str() == wanted));
    let desk = named.map(|queue| queue.desk());
    let desk =
        desk.ok_or_else(|| Refusal::new(Code::RequestInvalid, "no queue of this advisor has that id"))?;
    let queues = own.iter().filter(|queue| queue.desk() == desk).map(|queue| queue.id.clone());
    let queues: Vec<QueueId> = queues.collect();
    let queue = queues.first().cloned().unwrap_or_else(|| desk.clone().into());

    let SignedInAdvisor { advisor, profile, roles } = advisor;
    let supervisor = roles.may(Right::Supervise);
    let (id, name) = (advisor.id.clone(), advisor.name.clone());
    let rights = roles.rights().map(|right| right.as_str().to_string()).collect();
    let ticket = Ticket::new(TicketScope::Desk(desk.clone()), Speaker::Advisor(advisor), clock::now());
    let ticket = Ticket { profile, roles, ..ticket };
    let ticket = match of_session {
        Some(TicketOf { session, seconds }) => ticket.of_session(session, seconds, clock::now()),
        None => ticket,
    };
    let opened = DeskSessionOpened {
        ticket: ticket.sign(&settings.ticket_key)?,
        socket: format!("/v1/desk/{desk}/socket"),
        queue,
        queues: if queues.len() > 1 { queues } else { Vec::new() },
        advisor: name,
        supervisor,
        id: Some(id),
        rights,
    };
    Ok(replies::json(201, &opened)?)
}

/// Writes down that a portal signed somebody in, or that its token was refused.
async fn write_down(
    env: &Env,
    verified: &Result<SignedInAdvisor, Refusal>,
    trace: &Trace,
) -> Result<(), Error> {
    let by = ActedBy { request: Some(trace.request_id.clone()), ..ActedBy::default() };
    let event = match verified {
        Ok(SignedInAdvisor { advisor, roles, .. }) => {
            let by = ActedBy { id: Some(advisor.id.clone()), roles: roles.clone(), ..by };
            by.did(AuditedKind::SignedIn, clock::now())
        }
        Err(refusal) if !NO_SIGN_IN.contains(&refusal.code) => {
            by.did(AuditedKind::SignInRefused, clock::now()).because(refusal.code.as_str())
        }
        Err(_) => return Ok(()),
    };
    audit::record(env, event).await
}

/// The refusals of requests that are no sign-in, and of those that say nothing of who asks.
const NO_SIGN_IN: [Code; 3] = [Code::TokenMissing, Code::TokenMalformed, Code::IssuerUnreachable];

/// `GET /v1/desk/{desk}/socket`
pub(crate) async fn socket(
    request: Request,
    env: &Env,
    settings: &Settings,
    id: &DeskId,
) -> Result<Response, Error> {
    let desk = desk(env, settings, id)?;
    require_upgrade(&request, settings, &TicketScope::Desk(id.clone()))?;
    Ok(desk.fetch_with_request(request).await?)
}

/// `POST /v1/desk/{desk}/poll`
pub(crate) async fn poll(
    request: Request,
    env: &Env,
    settings: &Settings,
    id: &DeskId,
) -> Result<Response, Error> {
    Ok(desk(env, settings, id)?.fetch_with_request(request).await?)
}

fn desk(env: &Env, settings: &Settings, id: &DeskId) -> Result<Stub, Error> {
    if !settings.policy.desks().contains(id) {
        return Err(Refusal::new(Code::NotFound, "no desk has that id").into());
    }
    Ok(rpc::desk(env, id)?)
}

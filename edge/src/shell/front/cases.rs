// SPDX-License-Identifier: EUPL-1.2
//! `GET /v1/conversations/{id}/cases` asks the registry for the cases of the person; `POST /v1/conversations/{id}/cards` shares
//! one, as the registry says at that moment that it stands.

use ::worker::{Env, Request, Response};
use infocig_domain::audit::AuditEvent;
use infocig_protocol::{
    case::{Case, Cases, ShareCase},
    id::{CaseId, ConversationId},
    problem::Code,
    report::AuditedKind,
};

use super::audit;
use crate::{
    actors::Inquiry,
    log::Trace,
    outbound::delivery::{user_of_advisor, user_of_person},
    problem::{Error, Refusal},
    settings::Settings,
    shell::{
        clock,
        http::{body, headers::ticket, replies},
        outbound::cases,
        rpc::{self, Inquire, Share},
    },
};

/// Lists the cases.
pub(crate) async fn list(
    request: &Request,
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
    trace: &Trace,
) -> Result<Response, Error> {
    Ok(replies::json(200, &cases_of(env, settings, id, ticket(request)?, trace).await?)?)
}

/// Shares one.
pub(crate) async fn share(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
    trace: &Trace,
) -> Result<Response, Error> {
    let ticket = ticket(request)?;
    let share: ShareCase = body::json(request).await?;
    let found = cases_of(env, settings, id, ticket.clone(), trace).await?;
    let (as_of, case) = (found.as_of, find(found.cases, &share.case)?);
    let question = Share { conversation: id.clone(), ticket, id: share.id, case, as_of };
    rpc::call(&rpc::of_conversation(env, id)?, &question).await?;
    Ok(replies::empty(204)?)
}

async fn cases_of(
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
    ticket: String,
    trace: &Trace,
) -> Result<Cases, Error> {
    let question = Inquire { conversation: id.clone(), ticket };
    let inquiry = rpc::call(&rpc::of_conversation(env, id)?, &question).await?;
    if let Some(advisor) = &inquiry.advisor {
        let event = AuditEvent {
            conversation: Some(id.clone()),
            ..audit::by_advisor(advisor, trace).did(AuditedKind::ReadCases, clock::now())
        };
        audit::record(env, event).await?;
    }
    Ok(inquired(settings, &inquiry, trace).await?)
}

/// The cases that the holder of a ticket may see.
pub(super) async fn inquired(
    settings: &Settings,
    inquiry: &Inquiry,
    trace: &Trace,
) -> Result<Cases, Refusal> {
    let Inquiry { subject, advisor, person } = inquiry;
    let user = match advisor {
        Some(advisor) => user_of_advisor(advisor),
        None => user_of_person(subject, person.credential),
    };
    cases::of(settings, subject, user, trace).await
}

fn find(cases: Vec<Case>, id: &CaseId) -> Result<Case, Refusal> {
    let found = cases.into_iter().find(|case| case.id == *id);
    found.ok_or_else(|| Refusal::new(Code::NotFound, "the registry has no such case of this person"))
}

// SPDX-License-Identifier: EUPL-1.2
//! `POST /v1/conversations?resume=` opens or resumes a person's conversation; its socket and polls are forwarded to its object.

use ::worker::{Env, Request, Response};
use infocig_protocol::{http::ConversationOpened, id::ConversationId, problem::Code};

use super::{
    admission::{self, Entrance, person_of},
    tickets,
};
use crate::{
    auth::ticket::TicketScope,
    problem::{Error, Refusal},
    settings::Settings,
    shell::{
        clock,
        http::{
            headers::{language_preferences, parameter, require_upgrade},
            replies,
        },
        rpc,
    },
};

/// Verifies a hand-off token, asks the rules, and answers with a ticket for the conversation.
pub(crate) async fn open(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let resume = parameter(request, "resume")?.map(ConversationId::parse).transpose();
    let resume = resume.map_err(|error| Refusal::new(Code::RequestInvalid, format!("resume: {error}")))?;
    let person = person_of(request, settings).await?;
    let (now, language) = (clock::now(), language_preferences(request)?.language(person.locale));
    match admission::enter(env, settings, &person, resume, language, now).await? {
        Entrance::Open { conversation, begun } => {
            let opened: ConversationOpened = tickets::opened(conversation, settings, now)?;
            Ok(replies::json(if begun { 201 } else { 200 }, &opened)?)
        }
        Entrance::Closed(document) => Err(Refusal::of_admission(document, language).into()),
        Entrance::Unknown => Err(Refusal::new(Code::NotFound, "no such conversation of this person").into()),
    }
}

/// `GET /v1/conversations/{id}/socket`
pub(crate) async fn socket(
    request: Request,
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
) -> Result<Response, Error> {
    require_upgrade(&request, settings, &TicketScope::Conversation(id.clone()))?;
    Ok(rpc::of_conversation(env, id)?.fetch_with_request(request).await?)
}

/// `POST /v1/conversations/{id}/poll`
pub(crate) async fn poll(request: Request, env: &Env, id: &ConversationId) -> Result<Response, Error> {
    Ok(rpc::of_conversation(env, id)?.fetch_with_request(request).await?)
}

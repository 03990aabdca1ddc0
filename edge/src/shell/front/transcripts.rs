// SPDX-License-Identifier: EUPL-1.2
//! `GET /v1/conversations/{id}/transcript?format=html|text&lang=`: a conversation on paper.

use ::worker::{Env, Request, Response};
use infocig_domain::{audit::AuditEvent, people::Speaker, transcript::Format};
use infocig_protocol::{id::ConversationId, language::Language, problem::Code, report::AuditedKind};

use super::audit;
use crate::{
    auth::ticket::{Ticket, TicketScope},
    log::Trace,
    problem::{Error, Refusal},
    settings::Settings,
    shell::{
        clock,
        http::{
            headers::{parameter, ticket},
            replies,
        },
        rpc::{self, WriteTranscript},
    },
};

/// See the module.
pub(crate) async fn read(
    request: &Request,
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
    trace: &Trace,
) -> Result<Response, Error> {
    let format = match parameter(request, "format")?.as_deref() {
        None | Some("html") => Format::Html,
        Some("text") => Format::Text,
        Some(_) => return Err(Refusal::new(Code::RequestInvalid, "format is html or text").into()),
    };
    let language = parameter(request, "lang")?.and_then(|tag| Language::of_tag(&tag));
    let ticket = ticket(request)?;
    // A ticket that opens nothing is refused by the conversation.
    let scope = TicketScope::Conversation(id.clone());
    if let Ok(verified) = Ticket::verify(&ticket, &settings.ticket_key, &scope, clock::now())
        && let Speaker::Advisor(advisor) = verified.speaker
    {
        let event = AuditEvent {
            conversation: Some(id.clone()),
            ..audit::by_advisor(&advisor.id, trace).did(AuditedKind::ReadTranscript, clock::now())
        };
        audit::record(env, event).await?;
    }
    transcript(env, settings, id, ticket, format, language).await
}

/// The transcript for the holder of a ticket; without a language in the person's. The object's answer is passed on without being
/// read, with a name for the file.
pub(super) async fn transcript(
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
    ticket: String,
    format: Format,
    language: Option<Language>,
) -> Result<Response, Error> {
    let service = settings.origin.clone();
    let question = WriteTranscript { conversation: id.clone(), ticket, format, language, service };
    let file = rpc::transcript(&rpc::of_conversation(env, id)?, &question).await?;
    let ending = match format {
        Format::Html => "html",
        Format::Text => "txt",
    };
    let name = format!("attachment; filename=\"info-cig-{}.{ending}\"", id.number());
    Ok(replies::with_header(file, "content-disposition", &name)?)
}

// SPDX-License-Identifier: EUPL-1.2
//! `GET /v1/conversations/{id}/transcript?format=html|text&lang=`: a conversation on paper.

use ::worker::{Env, Request, Response};
use infocig_domain::transcript::Format;
use infocig_protocol::{id::ConversationId, language::Language, problem::Code};

use crate::{
    problem::{Error, Refusal},
    settings::Settings,
    shell::{
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
) -> Result<Response, Error> {
    let format = match parameter(request, "format")?.as_deref() {
        None | Some("html") => Format::Html,
        Some("text") => Format::Text,
        Some(_) => return Err(Refusal::new(Code::RequestInvalid, "format is html or text").into()),
    };
    let language = parameter(request, "lang")?.and_then(|tag| Language::of_tag(&tag));
    transcript(env, settings, id, ticket(request)?, format, language).await
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

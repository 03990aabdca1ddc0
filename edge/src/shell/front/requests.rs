// SPDX-License-Identifier: EUPL-1.2
//! `POST /v1/requests`: a person whom nobody can answer now writes to an office.

use ::worker::{Env, Request, Response};
use infocig_protocol::{
    http::Verdict, id::ConversationId, language::Language, problem::Code, segnalazione::WrittenRequest,
};

use super::{
    admission::{decide, person_of, queue_of},
    tickets,
};
use crate::{
    auth::handoff::Person,
    problem::{Error, Refusal},
    settings::Settings,
    shell::{
        clock,
        http::{body, headers::language_preferences, replies},
        rpc::{self, WriteRequest},
    },
};

/// See the module.
pub(crate) async fn write(request: &mut Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    if settings.linea_inps.is_none() {
        return Err(not_configured().into());
    }
    let person = person_of(request, settings).await?;
    let written: WrittenRequest = body::json(request).await?;
    let language = language_preferences(request)?.language(person.locale);
    let conversation = write_as(env, settings, person, written, language).await?;
    Ok(replies::json(201, &tickets::opened(conversation, settings, clock::now())?)?)
}

/// Makes a person's written request, if the rules let them write one at all.
pub(super) async fn write_as(
    env: &Env,
    settings: &Settings,
    person: Person,
    written: WrittenRequest,
    language: Language,
) -> Result<ConversationId, Error> {
    if settings.linea_inps.is_none() {
        return Err(not_configured().into());
    }
    let WrittenRequest { id, text, question } = written;
    if !question.is_well_formed() {
        return Err(Refusal::new(Code::QuestionInvalid, "a part of the question has not its form").into());
    }
    let decision = decide(env, settings, &person, clock::now()).await;
    if !matches!(decision.verdict(), Verdict::Open | Verdict::OnlyOngoing | Verdict::Closed) {
        let document = decision.to_document(&settings.policy, language);
        return Err(Refusal::of_admission(document, language).into());
    }
    let address = queue_of(settings, &person)?.address();
    let mut asker = person.asker;
    asker.card.about = question.skill().or(asker.card.about);
    asker.card.question = (!question.is_empty()).then_some(question);
    let object = rpc::of_person(env, &person.key)?;
    rpc::call(&object, &WriteRequest { asker, address, id, text }).await
}

fn not_configured() -> Refusal {
    Refusal::new(Code::RequestsNotConfigured, "this service was not told of any Linea INPS")
}

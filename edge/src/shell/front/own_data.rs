// SPDX-License-Identifier: EUPL-1.2
//! `POST /v1/me/data?format=json|html&before=&lang=`: what the service has about a person, for themself by a hand-off token; and
//! the same for the data protection officer, by a request on paper.

use ::worker::{Env, Request, Response};
use infocig_domain::own_data::{FORM, OwnConversation, OwnData, kept};
use infocig_protocol::{id::ConversationId, language::Language, problem::Code};

use super::admission::{decide, decide_for, person_of};
use crate::{
    actors::OwnPage,
    http::own_data::{Query, Shape},
    problem::{Error, Refusal},
    settings::Settings,
    shell::{
        clock,
        http::{headers::parameter, replies},
        rpc::{self, ReadLooks, ReadOwnData, ReadRecordsOf, ReadSegnalazioniOf},
    },
};

/// Answers a person with a token of their portal.
pub(crate) async fn read(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let query = query(request)?;
    let person = person_of(request, settings).await?;
    if !settings.policy.credentials.accepted.contains(&person.asker.card.credential) {
        let detail = "sign in more strongly to read your data";
        return Err(Refusal::new(Code::CredentialTooWeak, detail).into());
    }
    let language = query.language.unwrap_or(person.asker.card.language);
    let object = rpc::id_of_person(env, &person.key)?;
    let data = of_object(env, settings, &object, None, query.before).await?;
    let decision = decide(env, settings, &person, clock::now()).await.to_document(&settings.policy, language);
    let data = OwnData { decision: Some(decision.into()), ..data };
    answer(&data, query.shape, language)
}

/// Answers the holder of a ticket of a conversation, on pages without scripts; without a language in the person's.
pub(super) async fn of_ticket(
    env: &Env,
    settings: &Settings,
    asks: (ConversationId, String),
    before: Option<u32>,
    shape: Shape,
    language: Option<Language>,
) -> Result<Response, Error> {
    let object = asks.0.object().to_owned();
    let data = of_object(env, settings, &object, Some(asks), before).await?;
    let card = data.conversations.first().map(|newest| newest.person.clone());
    let language = language.or(card.as_ref().map(|card| card.language)).unwrap_or_default();
    let decision = match &card {
        Some(card) => Some(decide_for(env, settings, card, clock::now()).await),
        None => None,
    };
    let decision = decision.map(|decision| decision.to_document(&settings.policy, language).into());
    answer(&OwnData { decision, ..data }, shape, language)
}

/// Everything about the person of an object.
pub(super) async fn of_object(
    env: &Env,
    settings: &Settings,
    object: &str,
    asks: Option<(ConversationId, String)>,
    before: Option<u32>,
) -> Result<OwnData, Error> {
    let page = rpc::call(&rpc::of_object(env, object)?, &ReadOwnData { asks, before }).await?;
    let OwnPage { conversations, blocked_until, next } = page;
    let mut records = rpc::call(&rpc::register(env)?, &ReadRecordsOf { object: object.into() }).await?;
    let with_record = |one: OwnConversation| {
        let at = records.iter().position(|record| record.conversation == one.conversation);
        let record = at.map(|at| records.swap_remove(at));
        one.with_record(record)
    };
    let conversations = conversations.into_iter().map(with_record).collect();
    Ok(OwnData {
        own_data: FORM,
        service: settings.origin.clone(),
        as_of: clock::now(),
        conversations,
        blocked_until,
        decision: None,
        segnalazioni: rpc::call(&rpc::connector(env)?, &ReadSegnalazioniOf { object: object.into() }).await?,
        looks: rpc::call(&rpc::audit(env)?, &ReadLooks { object: object.into() }).await?,
        kept: kept(&settings.policy),
        next,
    })
}

/// What is asked for, in the query of a request.
pub(super) fn query(request: &Request) -> Result<Query, Error> {
    let part = |name: &str| parameter(request, name);
    let [format, before, language] = [part("format")?, part("before")?, part("lang")?];
    Ok(Query::read(format.as_deref(), before.as_deref(), language.as_deref())?)
}

/// A document as a file that a browser saves.
pub(super) fn answer(data: &OwnData, shape: Shape, language: Language) -> Result<Response, Error> {
    let response = match shape {
        Shape::Json => replies::json(200, data)?,
        Shape::Html => replies::file("text/html; charset=utf-8", data.page(language))?,
    };
    let name = format!("attachment; filename=\"info-cig-dati.{}\"", shape.ending());
    Ok(replies::with_header(response, "content-disposition", &name)?)
}

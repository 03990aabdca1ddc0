// SPDX-License-Identifier: EUPL-1.2
//! The automatic assistant: `POST /v1/assistant` answers a person who is in no conversation, at any hour, and keeps nothing;
//! `POST /v1/conversations/{id}/assistant` answers the person in theirs, and puts question and answer into its log. An
//! advisor who asks there is shown what the assistant would answer the person, and nothing is put anywhere.

use std::{cell::RefCell, collections::BTreeMap};

use ::worker::{Env, Request, Response};
use infocig_domain::{
    admission::Applicant,
    assistant::{
        document::Document,
        language_model::{self, Dropped},
        master::{self, Asker, Rules},
        skills::Facts,
    },
    conversation::is_question,
    policy::Messages,
    rate_limiter::RateLimiter,
};
use infocig_protocol::{
    assistant::{AssistantAnswer, AssistantQuestion, Passage},
    case::Cases,
    id::ConversationId,
    language::Language,
    person::{EntryPoint, PersonCard},
    problem::Code,
    segnalazione::SegnalazioneStatus,
    time::Timestamp,
};

use super::{
    admission::{instant, person_of},
    cases, desk_load,
};
use crate::{
    actors::Inquiry,
    auth::handoff::Person,
    log::Trace,
    metrics::declared,
    problem::{Error, Refusal},
    settings::{LanguageModel, Settings},
    shell::{
        clock, counters,
        http::{
            body,
            headers::{language_preferences, ticket},
            replies,
        },
        knowledge, log, outbound,
        rpc::{self, Consult, Inquire, ReadHistory},
    },
};

/// Answers a person who is in no conversation.
pub(crate) async fn ask(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Error> {
    let person = person_of(request, settings).await?;
    let AssistantQuestion { text, .. } = body::json(request).await?;
    let language = language_preferences(request)?.language(person.locale);
    Ok(replies::json(200, &answer_person(env, settings, person, &text, language, trace).await?)?)
}

/// Answers the holder of a ticket in a conversation.
pub(crate) async fn consult(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
    trace: &Trace,
) -> Result<Response, Error> {
    let ticket = ticket(request)?;
    let asked = body::json(request).await?;
    let language = Some(language_preferences(request)?.language(None));
    Ok(replies::json(200, &answer_holder(env, settings, (id, ticket), asked, language, trace).await?)?)
}

/// The answer to a person who is in no conversation. Nothing is kept.
pub(super) async fn answer_person(
    env: &Env,
    settings: &Settings,
    person: Person,
    question: &str,
    language: Language,
    trace: &Trace,
) -> Result<AssistantAnswer, Error> {
    is_on(settings)?;
    if !may_be_asked_by(&person, settings) {
        let detail = "sign in more strongly to ask about yourself";
        return Err(Refusal::new(Code::CredentialTooWeak, detail).into());
    }
    let now = clock::now();
    may_ask(&person.key, settings.policy.messages, now)?;
    is_question(question)?;
    let (card, subject) = (person.asker.card, person.asker.subject);
    let inquiry = Inquiry { subject, person: card, advisor: None };
    let who = Who { inquiry: &inquiry, entry: Some(person.entry), object: Object::Person(&person.key) };
    answer(env, settings, &who, question, language, now, trace).await
}

/// The answer to the holder of a ticket, in `language` or their own. A person's question goes into the log with it.
pub(super) async fn answer_holder(
    env: &Env,
    settings: &Settings,
    (id, ticket): (&ConversationId, String),
    asked: AssistantQuestion,
    language: Option<Language>,
    trace: &Trace,
) -> Result<AssistantAnswer, Error> {
    is_on(settings)?;
    is_question(&asked.text)?;
    let object = rpc::of_conversation(env, id)?;
    let question = Inquire { conversation: id.clone(), ticket: ticket.clone() };
    let inquiry = rpc::call(&object, &question).await?;
    let language = language.unwrap_or(inquiry.person.language);
    let who = Who { inquiry: &inquiry, entry: None, object: Object::Conversation(id) };
    let answer = answer(env, settings, &who, &asked.text, language, clock::now(), trace).await?;
    if inquiry.advisor.is_none() {
        let keep = Consult { conversation: id.clone(), ticket, asked, answer: answer.passages.clone() };
        rpc::call(&rpc::of_conversation(env, id)?, &keep).await?;
    }
    Ok(answer)
}

/// Whether it is on, and answers a person who signed in like this about themselves.
pub(super) fn may_be_asked_by(person: &Person, settings: &Settings) -> bool {
    let accepted = &settings.policy.credentials.accepted;
    settings.policy.assistant.on && accepted.contains(&person.asker.card.credential)
}

/// Refuses where the rules have switched it off.
fn is_on(settings: &Settings) -> Result<(), Refusal> {
    if settings.policy.assistant.on {
        return Ok(());
    }
    Err(Refusal::new(Code::AssistantOff, "the rules of the service have switched the assistant off"))
}

thread_local! {
    /// The rate limiters of those who asked without a conversation, in memory alone.
    static LIMITERS: RefCell<BTreeMap<String, RateLimiter>> = const { RefCell::new(BTreeMap::new()) };
}

/// Refuses a person who asks faster than messages may be written.
fn may_ask(person: &str, limits: Messages, now: Timestamp) -> Result<(), Refusal> {
    let checked = LIMITERS.with_borrow_mut(|limiters| {
        // Forgetting everybody costs one burst each, and keeps the memory within bounds.
        if limiters.len() >= MOST_LIMITERS {
            limiters.clear();
        }
        limiters.entry(person.to_owned()).or_insert_with(|| RateLimiter::new(limits)).check(now)
    });
    checked.map_err(|retry_after_ms| Refusal {
        retry_after_ms: Some(retry_after_ms),
        ..Refusal::new(Code::TooFast, "many questions in a short time: the next one is accepted later")
    })
}

const MOST_LIMITERS: usize = 10_000;

/// The person a question is about.
struct Who<'a> {
    inquiry: &'a Inquiry,
    /// The portal they came from, where it is known.
    entry: Option<EntryPoint>,
    object: Object<'a>,
}

impl Who<'_> {
    /// Where the question was asked, as metrics have it.
    fn place(&self) -> &'static str {
        match (&self.object, &self.inquiry.advisor) {
            (Object::Person(_), _) => "alone",
            (Object::Conversation(_), None) => "queue",
            (Object::Conversation(_), Some(_)) => "advisor",
        }
    }
}

/// The object of a person.
enum Object<'a> {
    Person(&'a str),
    Conversation(&'a ConversationId),
}

async fn answer(
    env: &Env,
    settings: &Settings,
    who: &Who<'_>,
    question: &str,
    language: Language,
    now: Timestamp,
    trace: &Trace,
) -> Result<AssistantAnswer, Error> {
    let library = knowledge::library(env, &settings.policy.assistant).await?;
    let now = instant(now);
    let Some(understood) = master::read(&library, question, language, now) else {
        counters::count(&declared::ASSISTANT_ANSWERS, &[who.place(), "unknown"]);
        return Ok(AssistantAnswer::default());
    };
    let needs = understood.needs();
    let cases = if needs == Facts::Cases { cases_of(settings, who, trace).await } else { None };
    let segnalazioni =
        if needs == Facts::Segnalazioni { segnalazioni_of(env, who).await? } else { Vec::new() };
    let card = &who.inquiry.person;
    let rules = if needs == Facts::Rules {
        let load = desk_load::of_category(env, settings, card.category).await;
        Some(Rules { policy: &settings.policy, applicant: applicant(card, who.entry), load })
    } else {
        None
    };
    let asker = Asker { language, now, rules, cases: cases.as_ref(), segnalazioni: &segnalazioni };
    let answer = understood.answer(&asker);
    counters::count(&declared::ASSISTANT_ANSWERS, &[who.place(), answer.skill]);
    let is_impersonal = answer.said.is_empty() && needs == Facts::Nothing;
    let mut shown = answer.to_document(language);
    if let Some(model) =
        settings.language_model.as_ref().filter(|_| is_impersonal && who.inquiry.advisor.is_none())
        && let Some(written) =
            written_by(model, library.document(), question, &shown.passages, language).await
    {
        shown.passages.insert(0, written);
    }
    Ok(shown)
}

/// What a language model writes from the passages; `None` where they stand alone. Nothing is asked about a person's own cases,
/// and nothing where a text is in another language: its numbers could not be compared.
async fn written_by(
    model: &LanguageModel,
    document: &Document,
    question: &str,
    passages: &[Passage],
    language: Language,
) -> Option<Passage> {
    if passages.iter().any(|passage| passage.language != language) {
        return None;
    }
    let written = match language_model::question(question, document, language) {
        Err(dropped) => Err(dropped.as_str()),
        Ok(asked) => {
            let asked = language_model::request(&model.model, &asked, passages, language);
            match outbound::language_model::write(model, &asked).await {
                Ok(Some(content)) => {
                    language_model::check(&content, passages, language).map_err(Dropped::as_str)
                }
                Ok(None) => Err(Dropped::Form.as_str()),
                Err(_) => Err("no-answer"),
            }
        }
    };
    counters::count(
        &declared::LANGUAGE_MODEL,
        &[written.as_ref().map_or_else(|outcome| *outcome, |_| "shown")],
    );
    written.ok()
}

fn applicant(card: &PersonCard, entry: Option<EntryPoint>) -> Applicant<'_> {
    Applicant {
        category: card.category,
        province: Some(&card.province),
        credential: Some(card.credential),
        entry,
    }
}

/// The cases of the person. Where the registry does not answer the assistant has only its texts.
async fn cases_of(settings: &Settings, who: &Who<'_>, trace: &Trace) -> Option<Cases> {
    let cases = cases::inquired(settings, who.inquiry, trace).await;
    cases.inspect_err(|refusal| log::error("assistant", &format!("without cases: {}", refusal.detail))).ok()
}

/// The segnalazioni of the person, newest first.
async fn segnalazioni_of(env: &Env, who: &Who<'_>) -> Result<Vec<SegnalazioneStatus>, Error> {
    let object = match who.object {
        Object::Person(key) => rpc::of_person(env, key)?,
        Object::Conversation(id) => rpc::of_conversation(env, id)?,
    };
    let rows = rpc::call(&object, &ReadHistory {}).await?;
    Ok(rows.into_iter().flat_map(|past| past.segnalazioni.into_iter().rev()).collect())
}

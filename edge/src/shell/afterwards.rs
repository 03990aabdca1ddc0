// SPDX-License-Identifier: EUPL-1.2
//! What a person and an advisor ask of a conversation beside its log: cases, cards, the transcript, whether it helped; and
//! what a person asks when nobody can answer: to write to an office, and to find again what they wrote.
//!
//! Whoever holds a conversation's ticket may read, as far as the conversation lets them; whoever holds a portal's token may
//! write and look back at any hour.

use ::worker::{Env, Request, Response};
use infocig_domain::{
    people::{Asker, Speaker},
    transcript::Format,
};
use infocig_protocol::{
    case::{Case, Cases, ShareCase},
    http::{ConversationOpened, Verdict},
    id::{CaseId, ConversationId, MessageId, QueueId},
    language::Language,
    limits::MAX_FRAME_BYTES,
    problem::Code,
    rating::Rating,
    segnalazione::{History, PastConversation, WrittenRequest},
    time::Timestamp,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    calls, cases, clock, objects, replies,
    worker::{self, Failure},
};
use crate::{
    linea_inps::{user_of_advisor, user_of_person},
    problem::{Fault, Refusal},
    room::{Inquiry, Remembered},
    settings::Settings,
    ticket::{Door, Ticket},
    token::Person,
};

/// What an object answers: what was asked for, or why not.
pub(super) type Answer<T> = Result<T, Said>;

/// A refusal as it travels between an object and the front.
#[derive(Serialize, Deserialize)]
pub(super) struct Said {
    code: Code,
    detail: String,
}

impl From<Refusal> for Said {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code, detail: refusal.detail }
    }
}

impl From<Said> for Refusal {
    fn from(said: Said) -> Self {
        Self::new(said.code, said.detail)
    }
}

/// The body of an object's `POST /inquiry`.
#[derive(Serialize, Deserialize)]
pub(super) struct InquiryQuestion {
    pub(super) conversation: ConversationId,
    pub(super) ticket: String,
}

/// The body of an object's `POST /share`.
#[derive(Serialize, Deserialize)]
pub(super) struct ShareQuestion {
    pub(super) conversation: ConversationId,
    pub(super) ticket: String,
    pub(super) id: MessageId,
    pub(super) case: Case,
    pub(super) as_of: Timestamp,
}

/// The body of an object's `POST /transcript`.
#[derive(Serialize, Deserialize)]
pub(super) struct TranscriptQuestion {
    pub(super) conversation: ConversationId,
    pub(super) ticket: String,
    pub(super) format: Format,
    pub(super) language: Option<Language>,
    pub(super) service: String,
}

/// The body of an object's `POST /rate`.
#[derive(Serialize, Deserialize)]
pub(super) struct RateQuestion {
    pub(super) conversation: ConversationId,
    pub(super) ticket: String,
    pub(super) rating: Rating,
}

/// The body of an object's `POST /request`.
#[derive(Serialize, Deserialize)]
pub(super) struct RequestQuestion {
    pub(super) asker: Asker,
    pub(super) queue: QueueId,
    pub(super) id: MessageId,
    pub(super) text: String,
}

/// `GET /v1/conversations/{id}/cases`
pub(super) async fn cases(
    request: &Request,
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
) -> Result<Response, Failure> {
    Ok(replies::json(200, &cases_of(env, settings, id, ticket(request)?).await?)?)
}

/// `POST /v1/conversations/{id}/cards`
pub(super) async fn share(
    mut request: Request,
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
) -> Result<Response, Failure> {
    let ticket = ticket(&request)?;
    let share: ShareCase = body(&mut request).await?;
    let found = cases_of(env, settings, id, ticket.clone()).await?;
    let (as_of, case) = (found.as_of, find(found.cases, &share.case)?);
    let question = ShareQuestion { conversation: id.clone(), ticket, id: share.id, case, as_of };
    let shared: Answer<()> =
        objects::ask(&worker::conversation_object(env, id)?, "/share", &question).await?;
    shared.map_err(Refusal::from)?;
    Ok(replies::empty(204)?)
}

/// `POST /v1/conversations/{id}/rating`
pub(super) async fn rate(mut request: Request, env: &Env, id: &ConversationId) -> Result<Response, Failure> {
    let ticket = ticket(&request)?;
    let rating: Rating = body(&mut request).await?;
    rate_as(env, id, ticket, rating).await?;
    Ok(replies::empty(204)?)
}

/// Takes what the person says of a conversation that is over.
pub(super) async fn rate_as(
    env: &Env,
    id: &ConversationId,
    ticket: String,
    rating: Rating,
) -> Result<(), Failure> {
    let question = RateQuestion { conversation: id.clone(), ticket, rating };
    let rated: Answer<()> = objects::ask(&worker::conversation_object(env, id)?, "/rate", &question).await?;
    Ok(rated.map_err(Refusal::from)?)
}

/// `GET /v1/conversations/{id}/transcript?format=html|text&lang=`
pub(super) async fn transcript(
    request: &Request,
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
) -> Result<Response, Failure> {
    let url = request.url()?;
    let parameter =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let format = match parameter("format").as_deref() {
        None | Some("html") => Format::Html,
        Some("text") => Format::Text,
        Some(_) => {
            return Err(Refusal::new(Code::RequestInvalid, "format is html or text").into());
        }
    };
    let language = parameter("lang").and_then(|tag| Language::of_tag(&tag));
    transcript_as(env, settings, id, ticket(request)?, format, language).await
}

/// The transcript of a conversation, for whoever holds a ticket of it; without a language in the person's.
pub(super) async fn transcript_as(
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
    ticket: String,
    format: Format,
    language: Option<Language>,
) -> Result<Response, Failure> {
    let (kind, ending) = match format {
        Format::Html => ("text/html; charset=utf-8", "html"),
        Format::Text => ("text/plain; charset=utf-8", "txt"),
    };
    let service = settings.origin.clone();
    let question = TranscriptQuestion { conversation: id.clone(), ticket, format, language, service };
    let written: Answer<String> =
        objects::ask(&worker::conversation_object(env, id)?, "/transcript", &question).await?;
    let name = format!("attachment; filename=\"info-cig-{}.{ending}\"", id.number());
    let response = replies::text(200, kind, written.map_err(Refusal::from)?)?;
    Ok(replies::with_header(response, "content-disposition", &name)?)
}

/// `POST /v1/requests`
pub(super) async fn write(mut request: Request, env: &Env, settings: &Settings) -> Result<Response, Failure> {
    let person = match settings.linea_inps {
        Some(_) => worker::person_of(&request, settings).await?,
        None => return Err(not_configured().into()),
    };
    let written: WrittenRequest = body(&mut request).await?;
    let language = worker::wishes(&request)?.language(person.locale);
    Ok(replies::json(201, &write_as(env, settings, person, written, language).await?)?)
}

/// Makes a written request of a person's, if the rules let them write one at all.
pub(super) async fn write_as(
    env: &Env,
    settings: &Settings,
    person: Person,
    written: WrittenRequest,
    language: Language,
) -> Result<ConversationOpened, Failure> {
    if settings.linea_inps.is_none() {
        return Err(not_configured().into());
    }
    let WrittenRequest { id, text, question } = written;
    if !question.is_well_formed() {
        return Err(Refusal::new(Code::QuestionInvalid, "a part of the question has not its form").into());
    }
    let now = clock::now();
    let decision = worker::decide(env, settings, &person, now).await;
    if !matches!(decision.verdict(), Verdict::Open | Verdict::OnlyOngoing | Verdict::Closed) {
        let document = decision.to_document(&settings.policy, language);
        return Err(Refusal::of_admission(document, language).into());
    }
    let queue = worker::queue_of(settings, &person)?;
    let mut asker = person.asker;
    asker.card.about = question.skill().or(asker.card.about);
    asker.card.question = (!question.is_empty()).then_some(question);
    let object = objects::by_name(env, objects::CONVERSATION, &person.key)?;
    let question = RequestQuestion { asker, queue, id, text };
    let made: Answer<ConversationId> = objects::ask(&object, "/request", &question).await?;
    Ok(opened(made.map_err(Refusal::from)?, settings, now)?)
}

fn not_configured() -> Refusal {
    Refusal::new(Code::RequestsNotConfigured, "this service was not told of any Linea INPS")
}

/// `POST /v1/history`
pub(super) async fn history(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Failure> {
    let person = worker::person_of(request, settings).await?;
    if !settings.policy.credentials.accepted.contains(&person.asker.card.credential) {
        let detail = "sign in more strongly to read your conversations";
        return Err(Refusal::new(Code::CredentialTooWeak, detail).into());
    }
    let object = objects::by_name(env, objects::CONVERSATION, &person.key)?;
    let remembered: Vec<Remembered> = objects::ask(&object, "/history", &()).await?;
    let now = clock::now();
    let conversations = remembered.into_iter().map(|past| {
        let ConversationOpened { conversation, ticket, socket } = opened(past.conversation, settings, now)?;
        Ok(PastConversation {
            conversation,
            opened: past.opened,
            closed: past.closed,
            outcome: past.outcome,
            preview: past.begins,
            segnalazioni: past.segnalazioni,
            ticket,
            socket,
        })
    });
    let conversations = conversations.collect::<Result<_, Fault>>()?;
    Ok(replies::json(200, &History { conversations })?)
}

/// What opens a conversation's link for the person.
pub(super) fn opened(
    conversation: ConversationId,
    settings: &Settings,
    now: Timestamp,
) -> Result<ConversationOpened, Fault> {
    let door = Door::Conversation(conversation.clone());
    Ok(ConversationOpened {
        ticket: Ticket::new(door, Speaker::Citizen, now).sign(&settings.ticket_key)?,
        socket: format!("/v1/conversations/{conversation}/socket"),
        conversation,
    })
}

/// The cases of the person of a conversation, for whoever holds a ticket of it.
async fn cases_of(
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
    ticket: String,
) -> Result<Cases, Failure> {
    let question = InquiryQuestion { conversation: id.clone(), ticket };
    let inquiry: Answer<Inquiry> =
        objects::ask(&worker::conversation_object(env, id)?, "/inquiry", &question).await?;
    let Inquiry { subject, advisor, credential } = inquiry.map_err(Refusal::from)?;
    let user = match advisor {
        Some(advisor) => user_of_advisor(&advisor),
        None => user_of_person(&subject, credential),
    };
    Ok(cases::of(settings, &subject, user).await?)
}

fn find(cases: Vec<Case>, id: &CaseId) -> Result<Case, Refusal> {
    let found = cases.into_iter().find(|case| case.id == *id);
    found.ok_or_else(|| Refusal::new(Code::NotFound, "the registry has no such case of this person"))
}

fn ticket(request: &Request) -> Result<String, Failure> {
    let ticket = worker::bearer(request)?;
    Ok(ticket.ok_or_else(|| Refusal::new(Code::TicketInvalid, "send the ticket as Authorization: Bearer"))?)
}

/// A small JSON body.
async fn body<T: DeserializeOwned>(request: &mut Request) -> Result<T, Failure> {
    let body = calls::read_request(request, MAX_FRAME_BYTES).await?;
    Ok(serde_json::from_slice(&body)
        .map_err(|error| Refusal::new(Code::RequestInvalid, error.to_string()))?)
}

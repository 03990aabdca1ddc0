// SPDX-License-Identifier: EUPL-1.2
//! Admission of a person: the token is verified, the rules are asked at this instant, the person's object opens or resumes.

use ::worker::{Env, Request};
use infocig_domain::{
    admission::{self, Applicant, Assessment, admit},
    conversation::ClosingTime,
    policy::Queue,
};
use infocig_protocol::{
    http::{Admission, Verdict},
    id::ConversationId,
    language::Language,
    person::{EntryPoint, PersonCard},
    problem::Code,
    time::Timestamp,
};

use super::desk_load;
use crate::{
    actors::Admitted,
    auth::{handoff::Person, token},
    metrics::declared,
    problem::{Error, Fault, Refusal},
    settings::{Role, Settings},
    shell::{
        clock, counters,
        http::headers::bearer,
        outbound::jwks,
        refusals,
        rpc::{self, Admit},
    },
    store::Refused,
};

/// The answer to a person who asks to enter.
pub(super) enum Entrance {
    /// They are in their conversation.
    Open {
        conversation: ConversationId,
        /// Whether it is new.
        begun: bool,
    },
    /// They are not admitted: why, in their language.
    Closed(Admission),
    /// The conversation they named is not theirs, and none is open.
    Unknown,
}

/// Lets a person into their open conversation, into one they name, or into a new one, if the rules let them begin one now. A
/// person who is refused is counted.
pub(super) async fn enter(
    env: &Env,
    settings: &Settings,
    person: &Person,
    resume: Option<ConversationId>,
    language: Language,
    now: Timestamp,
) -> Result<Entrance, Error> {
    let entrance = let_in(env, settings, person, resume, language, now).await?;
    let verdict = match &entrance {
        Entrance::Open { begun: true, .. } => Code::Open.as_str(),
        Entrance::Open { begun: false, .. } => "resumed",
        Entrance::Closed(document) => document.code.as_str(),
        Entrance::Unknown => Code::NotFound.as_str(),
    };
    counters::count(&declared::ADMISSIONS, &[verdict]);
    if let Entrance::Closed(document) = &entrance {
        let card = &person.asker.card;
        refusals::note(Refused {
            code: document.code.as_str().into(),
            queue: queue_of(settings, person)?.id.clone(),
            category: card.category,
            province: card.province.clone(),
            entry_point: person.entry,
            language,
            at: now,
        });
    }
    Ok(entrance)
}

async fn let_in(
    env: &Env,
    settings: &Settings,
    person: &Person,
    resume: Option<ConversationId>,
    language: Language,
    now: Timestamp,
) -> Result<Entrance, Error> {
    let decision = decide(env, settings, person, now).await;
    let document = decision.to_document(&settings.policy, language);
    let may_resume = matches!(decision.verdict(), Verdict::Closed | Verdict::OnlyOngoing);
    if !decision.is_open() && !may_resume {
        return Ok(Entrance::Closed(document));
    }
    let closes = decision.closes.filter(|_| decision.is_open());
    let closing = closes
        .map(|closes| ClosingTime::at(Timestamp::from_millis(closes.as_millisecond()), &settings.policy));
    let address = queue_of(settings, person)?.address();
    let resuming = resume.is_some();
    let question = Admit { asker: person.asker.clone(), address, closing, resume };
    Ok(match rpc::call(&rpc::of_person(env, &person.key)?, &question).await? {
        Admitted::Open(conversation) => Entrance::Open { conversation, begun: false },
        Admitted::Begun(conversation) => Entrance::Open { conversation, begun: true },
        Admitted::TooOften { again } => {
            let decision =
                admission::too_often(&settings.policy, &applicant(person), instant(again), instant(now));
            Entrance::Closed(decision.to_document(&settings.policy, language))
        }
        Admitted::Blocked { until } => {
            let decision =
                admission::blocked(&settings.policy, &applicant(person), instant(until), instant(now));
            Entrance::Closed(decision.to_document(&settings.policy, language))
        }
        Admitted::Nowhere if resuming => Entrance::Unknown,
        Admitted::Nowhere => Entrance::Closed(document),
    })
}

/// The person of the token a request carries.
pub(super) async fn person_of(request: &Request, settings: &Settings) -> Result<Person, Error> {
    person_of_token(bearer(request)?.as_deref(), settings).await
}

/// The person of a hand-off token.
pub(super) async fn person_of_token(token: Option<&str>, settings: &Settings) -> Result<Person, Error> {
    let verified = async {
        let token = token::inspect(token, Role::Citizen, &settings.issuers)?;
        jwks::verified(&token, |keys| token.person(keys, &settings.origin, clock::wall())).await
    };
    Ok(verified.await.inspect_err(count_refused_token)?)
}

/// Counts a token of a portal or a sign-in that was refused.
pub(super) fn count_refused_token(refusal: &Refusal) {
    counters::count(&declared::TOKENS_REFUSED, &[refusal.code.as_str()]);
}

/// Whether a person may enter, by the rules and by how busy their desk is.
pub(super) async fn decide<'s>(
    env: &Env,
    settings: &'s Settings,
    person: &'s Person,
    now: Timestamp,
) -> Assessment<'s> {
    let load = desk_load::of_category(env, settings, person.asker.card.category).await;
    admit(&settings.policy, &applicant(person), load, instant(now))
}

/// The same for a person who is known by their card.
pub(super) async fn decide_for<'s>(
    env: &Env,
    settings: &'s Settings,
    card: &'s PersonCard,
    now: Timestamp,
) -> Assessment<'s> {
    let load = desk_load::of_category(env, settings, card.category).await;
    admit(&settings.policy, &applicant_of(card, card.entry_point), load, instant(now))
}

fn applicant(person: &Person) -> Applicant<'_> {
    applicant_of(&person.asker.card, Some(person.entry))
}

fn applicant_of(card: &PersonCard, entry: Option<EntryPoint>) -> Applicant<'_> {
    Applicant {
        category: card.category,
        province: Some(&card.province),
        credential: Some(card.credential),
        entry,
    }
}

/// The queue that serves a person.
pub(super) fn queue_of<'s>(settings: &'s Settings, person: &Person) -> Result<&'s Queue, Fault> {
    let queue = settings.policy.queue_for(person.asker.card.category);
    queue.ok_or_else(|| Fault::Settings("a category without a queue".into()))
}

pub(super) fn instant(now: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

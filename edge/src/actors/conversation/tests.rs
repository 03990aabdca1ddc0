// SPDX-License-Identifier: EUPL-1.2
//! The conversation actor, verb by verb, on a store in memory.

mod admission;
mod assistant;
mod calls;
mod forgetting;
mod forward;
mod handshake;
mod history;
mod messages;
mod notifications;
mod observation;
mod own_data;
mod plain_page;
mod rating;
mod requests;
mod restoration;
mod timers;
mod transcript;

use std::num::{NonZeroU16, NonZeroU32};

use infocig_domain::{
    conversation::ClosingTime,
    notification::{ConversationCommand, DeskNotification, Release},
    people::{Advisor, Asker, PriorityFacts, Subject},
    transcript::Format,
};
use infocig_protocol::{
    case::{BenefitKind, Case, CaseStatus, Payment},
    close,
    entry::{EntryBody, Outcome as Ending},
    frame::{EarlierConversation, Estimate, Page, QueuePlace},
    id::{CaseId, MessageId, QueueId},
    language::Language,
    person::{Category, Credential, PersonCard},
    rating::{Answer, Rating},
    segnalazione::{SegnalazioneDraft, SegnalazioneState, SegnalazioneStatus},
    version,
};

use super::*;
use crate::{actors::AlarmUpdate, sql::testing::MemorySql, store::Destination};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn actor(sql: &MemorySql) -> ConversationActor<&MemorySql> {
    actor_with(sql, 5_000)
}

/// An actor whose conversations have at most so many entries.
fn actor_with(sql: &MemorySql, per_conversation: u32) -> ConversationActor<&MemorySql> {
    let number = |n| NonZeroU32::new(n).unwrap();
    let mut policy = Policy::parse(include_str!("../../../policy.json")).unwrap();
    policy.messages =
        Messages { burst: number(500), per_minute: number(60), per_conversation: number(per_conversation) };
    policy.conversations.most = NonZeroU16::MAX;
    ConversationActor::open(sql, "0f".repeat(32), KEY.into(), &policy).unwrap()
}

fn admit(actor: &ConversationActor<&MemorySql>, now: i64) -> ConversationId {
    match actor.admit(asker(), queue(), Some(closing()), at(now)).unwrap() {
        Admitted::Open(id) | Admitted::Begun(id) => id,
        other @ (Admitted::Nowhere | Admitted::Blocked { .. } | Admitted::TooOften { .. }) => {
            panic!("{other:?}")
        }
    }
}

/// The effects of a frame, or of its refusal, as the link has them.
fn receive(actor: &ConversationActor<&MemorySql>, link: &LinkState, text: &str, now: Timestamp) -> Effects {
    match actor.receive(link, text, now) {
        Ok(effects) => effects,
        Err(Error::Refused(refusal)) => Effects::refusing::<ConversationActor<&MemorySql>>(refusal).unwrap(),
        Err(Error::Fault(fault)) => panic!("{fault}"),
    }
}

#[track_caller]
fn refused<T>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        Err(Error::Fault(fault)) => panic!("{fault}"),
        Ok(_) => panic!("not refused"),
    }
}

fn send(
    actor: &ConversationActor<&MemorySql>,
    id: &ConversationId,
    frame: &ClientFrame,
    now: i64,
) -> Effects {
    send_on(actor, &citizen(id), frame, now)
}

fn send_on(
    actor: &ConversationActor<&MemorySql>,
    link: &LinkState,
    frame: &ClientFrame,
    now: i64,
) -> Effects {
    receive(actor, link, &serde_json::to_string(frame).unwrap(), at(now))
}

fn post(actor: &ConversationActor<&MemorySql>, id: &ConversationId, message: &str, now: i64) -> Effects {
    let text = format!(r#"{{"post":{{"id":"{message}","text":"ciao"}}}}"#);
    receive(actor, &citizen(id), &text, at(now))
}

/// The numbers of all entries after one, as a client fetches them page by page.
fn resumed(actor: &ConversationActor<&MemorySql>, id: &ConversationId, after: u64) -> Vec<u64> {
    let mut numbers = welcomed(actor, id, after);
    let page = |page| received(&send(actor, id, &ClientFrame::Page(page), 1));
    let starts_anew = after == 0 || numbers.first().is_some_and(|first| *first <= after);
    while let Some(first) = numbers.first().copied().filter(|first| starts_anew && *first > 1) {
        numbers.splice(0..0, page(Page::Before(first)));
    }
    while let Some(last) = numbers.last().copied() {
        let next = page(Page::After(last));
        if next.is_empty() {
            break;
        }
        numbers.extend(next);
    }
    numbers
}

fn welcomed(actor: &ConversationActor<&MemorySql>, id: &ConversationId, after: u64) -> Vec<u64> {
    let outcome = hello(actor, id, after);
    let accepted = outcome.accepted.as_ref().map(|accepted| &accepted.speaker);
    assert_eq!(accepted, Some(&Speaker::Citizen));
    received(&outcome)
}

fn hello(actor: &ConversationActor<&MemorySql>, id: &ConversationId, after: u64) -> Effects {
    hello_after(actor, id, Speaker::Citizen, after)
}

fn hello_of(actor: &ConversationActor<&MemorySql>, id: &ConversationId, speaker: Speaker) -> Effects {
    hello_after(actor, id, speaker, 0)
}

fn hello_after(
    actor: &ConversationActor<&MemorySql>,
    id: &ConversationId,
    speaker: Speaker,
    after: u64,
) -> Effects {
    let ticket = ticket_of(id, speaker);
    let hello = ClientFrame::Hello { version: version::CURRENT, ticket, resume_after: after };
    let link = LinkState { speaker: None, ..citizen(id) };
    receive(actor, &link, &serde_json::to_string(&hello).unwrap(), at(1))
}

/// The numbers of the entries that the sender receives.
fn received(outcome: &Effects) -> Vec<u64> {
    let entries = outcome.replies.iter().filter_map(|text| match frame(text) {
        ServerFrame::Entries { entries } => Some(entries),
        ServerFrame::Welcome { .. }
        | ServerFrame::Presence { .. }
        | ServerFrame::Typing { .. }
        | ServerFrame::Call(_)
        | ServerFrame::Queue(_)
        | ServerFrame::History { .. }
        | ServerFrame::HistoryEntries { .. }
        | ServerFrame::Refused { .. } => None,
    });
    entries.flatten().map(|entry| entry.seq).collect()
}

/// The history that the sender receives.
fn received_history(outcome: &Effects) -> Option<Vec<EarlierConversation>> {
    outcome.replies.iter().find_map(|text| {
        if let ServerFrame::History { conversations } = frame(text) { Some(conversations) } else { None }
    })
}

/// The numbers on a page of an earlier conversation, or why there is none.
fn page_of(
    actor: &ConversationActor<&MemorySql>,
    link: &LinkState,
    target: &ConversationId,
    before: Option<u64>,
) -> Result<Vec<u64>, Code> {
    let asked = ClientFrame::History { conversation: target.clone(), before };
    let outcome = send_on(actor, link, &asked, 60);
    assert_eq!(outcome.close_sender, None);
    let reply = frame(&outcome.replies[0]);
    if let ServerFrame::Refused { code, .. } = reply {
        return Err(code);
    }
    let ServerFrame::HistoryEntries { conversation, entries } = reply else { panic!("{reply:?}") };
    assert_eq!(conversation, *target);
    Ok(entries.iter().map(|entry| entry.seq).collect())
}

fn giulia_speaks() -> Speaker {
    Speaker::Advisor(giulia())
}

fn frame(text: &str) -> ServerFrame {
    serde_json::from_str(text).unwrap()
}

fn citizen(id: &ConversationId) -> LinkState {
    let link = LinkState::new(at(0), Some(id.clone()));
    LinkState { speaker: Some(Speaker::Citizen), ..link }
}

fn draft(attached: &[u64]) -> SegnalazioneDraft {
    SegnalazioneDraft {
        id: message_id("s1"),
        office: "063".into(),
        topic: ["pagamento", "diretto", "data"].map(String::from),
        description: "Mancano i dati di pagamento.".into(),
        kind: None,
        case: None,
        protocol: None,
        ticket: None,
        attached: attached.to_vec(),
    }
}

fn case() -> Case {
    Case {
        id: CaseId::parse("cigo-1").unwrap(),
        kind: BenefitKind::Cigo,
        company: "Officine Fantasia S.r.l.".into(),
        matricola: None,
        from: "2026-09-01".into(),
        to: "2026-09-30".into(),
        payment: Payment::Direct,
        protocol: None,
        ticket: None,
        status: CaseStatus::OnTrack,
        steps: Vec::new(),
    }
}

fn asker() -> Asker {
    let subject = Subject::themself("https://portale.example", "p-1", Category::Lavoratore);
    Asker { card: person(), subject, facts: PriorityFacts::default() }
}

fn person() -> PersonCard {
    PersonCard {
        name: "Persona Di Prova".into(),
        category: Category::Lavoratore,
        province: "058".into(),
        province_name: "Roma".into(),
        credential: Credential::SpidL2,
        acting_for: None,
        language: Language::It,
        entry_point: None,
        about: None,
        question: None,
    }
}

fn giulia() -> Advisor {
    Advisor { id: AdvisorId::parse("giulia").unwrap(), name: "Giulia".into() }
}

fn notification(id: &ConversationId, command: ConversationCommand) -> String {
    serde_json::to_string(&ConversationNotification { conversation: id.clone(), command }).unwrap()
}

fn advisor(id: &ConversationId) -> LinkState {
    LinkState { speaker: Some(Speaker::Advisor(giulia())), ..citizen(id) }
}

fn closing() -> ClosingTime {
    ClosingTime { warn: Some(at(900_000)), closes: at(1_000_000), ends: at(1_500_000) }
}

fn queue() -> QueueId {
    QueueId::parse("info-cig").unwrap()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// Applies notification `number` of the desk to a conversation.
fn notify(
    actor: &ConversationActor<&MemorySql>,
    number: i64,
    id: &ConversationId,
    command: ConversationCommand,
    now: i64,
) -> Effects {
    actor.on_notification("desk", number, &notification(id, command), at(now)).unwrap()
}

/// The desk assigns a conversation to Giulia, with its notification `number`.
fn assign(actor: &ConversationActor<&MemorySql>, number: i64, id: &ConversationId, now: i64) -> Effects {
    notify(actor, number, id, assigned(), now)
}

fn assigned() -> ConversationCommand {
    ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }
}

fn ticket_of(id: &ConversationId, speaker: Speaker) -> String {
    Ticket::new(TicketScope::Conversation(id.clone()), speaker, at(0)).sign(KEY).unwrap()
}

fn message_id(text: &str) -> MessageId {
    MessageId::parse(text).unwrap()
}

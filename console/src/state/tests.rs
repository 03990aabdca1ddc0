// SPDX-License-Identifier: EUPL-1.2
//! The state as a whole, driven by events of the desk and of conversations. Helpers here, tests by topic below.

mod assignment;
mod conversation;
mod forwarding;
mod outgoing;
mod queue;
mod queues;
mod screen;
mod session;
mod supervision;

use infocig_client::{
    link::LinkState,
    session::{Event, Pending},
};
use infocig_protocol::{
    case::{BenefitKind, Question},
    desk::{
        AssignmentMode, AssignmentState, Colleague, DeskPicture, DeskWelcome, Fit, Note, Presence,
        WaitingConversation, Why,
    },
    entry::{Entry, EntryBody, Outcome, Party},
    id::{AdvisorId, MessageId, QueueId},
    limits::{MAX_MESSAGE_CHARS, TYPING_LASTS_MS},
    problem::Code,
    segnalazione::SegnalazioneState,
};
use leptos::prelude::*;

use super::{
    alerts::News,
    assignment::DeskRequest,
    cases::RequestError,
    forwarding::{ForwardingStage, prefilled},
    history::HistoryQuery,
    queue::ANSWERED_WITHIN_MS,
    samples::{answers, assigned, at, case, ended, entry, held, id, message, person, says, topics, waiting},
    topics::TopicChoice,
    *,
};

fn shown(seq: u64) -> Entry {
    let (advisor, case) = ("Giulia".into(), Box::new(case("a")));
    entry(seq, EntryBody::Case { id: message("c"), advisor, case, as_of: at(0) })
}

fn welcome(state: &DeskState) {
    let welcome = DeskWelcome {
        version: 2,
        queue: QueueId::parse("cig").unwrap(),
        queues: Vec::new(),
        advisor: "Giulia".into(),
        id: AdvisorId::parse("giulia").unwrap(),
        capacity: 2,
        assignment: AssignmentMode::Automatic,
        topics: topics(),
        replies: vec![],
        provinces: Vec::new(),
        supervisor: false,
        hold_minutes: vec![2, 5, 10],
        block_hours: vec![24, 72, 168],
        per_advisor: false,
        calls: false,
    };
    state.apply_desk(DeskEvent::Welcome(welcome), at(0));
}

fn colleague(id: &str, load: u32) -> Colleague {
    let advisor = AdvisorId::parse(id).unwrap();
    Colleague {
        advisor,
        name: id.into(),
        presence: Presence::Available,
        lost: false,
        load,
        queues: Vec::new(),
    }
}

fn desk(test: impl FnOnce(&DeskState)) {
    Owner::new().with(|| {
        let state = DeskState::new();
        state.signed_in("Giulia".into());
        state.apply_desk(DeskEvent::Link(LinkState::Live), at(0));
        test(&state);
    });
}

fn picture(state: &DeskState, in_queue: &[u32], mine: &[u32]) {
    let waiting = in_queue.iter().map(|n| waiting(*n)).collect();
    let mine = mine.iter().map(|n| assigned(*n, held())).collect();
    show(state, DeskPicture { waiting, mine, ..nothing() });
}

fn show(state: &DeskState, picture: DeskPicture) -> Option<News> {
    state.apply_desk(DeskEvent::Picture(picture), at(0))
}

fn nothing() -> DeskPicture {
    DeskPicture { presence: Presence::Available, waiting: vec![], mine: vec![], colleagues: vec![] }
}

fn mine(n: u32, state: AssignmentState) -> DeskPicture {
    DeskPicture { mine: vec![assigned(n, state)], ..nothing() }
}

fn offered() -> AssignmentState {
    AssignmentState::Offered { until: at(30_000), by: None }
}

fn receive(state: &DeskState, n: u32, entries: Vec<Entry>) {
    apply(state, n, Event::Entries(entries));
}

fn apply(state: &DeskState, n: u32, event: Event) {
    state.apply(&id(n), event, at(0));
}

fn look(state: &DeskState) {
    if let Some((id, seq)) = state.in_sight() {
        state.mark_read(&id, seq);
    }
}

fn present(connected: bool, read_up_to: u64) -> Event {
    Event::Presence { party: Party::Citizen, connected, read_up_to }
}

#[track_caller]
fn conversation(state: &DeskState, n: u32) -> Conversation {
    state.conversation(&id(n)).unwrap()
}

fn pending(name: &str) -> Pending {
    Pending { id: message(name), text: "testo".into() }
}

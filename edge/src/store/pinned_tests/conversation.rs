// SPDX-License-Identifier: EUPL-1.2
//! Scenarios of a conversation object: one ends while the newest conversation waits, one while an advisor answers.

use infocig_domain::{
    conversation::{ClosingTime, InactivityTimeouts},
    notification::{ConversationCommand, ConversationNotification, Release},
    people::Speaker,
};
use infocig_protocol::{
    assistant::{AssistantQuestion, Passage},
    call::{CallAct, CallEnd},
    case::{BenefitKind, Case, CasePhase, CaseStatus, CaseStep, Payment},
    entry::Outcome,
    frame::{ClientFrame, Estimate, Page, QueuePlace, ServerFrame},
    id::{CaseId, ConversationId, SeatId},
    language::Language,
    rating::{Answer, Rating},
    segnalazione::{SegnalazioneDraft, SegnalazioneState, SegnalazioneStatus},
};

use super::{
    connect_without_socket, fail_to_send,
    people::{KEY, advisor, asker, at, message, object, policy, question, queue, speaker, topic},
    read_messaging,
};
use crate::{
    actors::{Actor, Admitted, ConversationActor, LinkState, LinkedActor},
    auth::ticket::{Ticket, TicketScope},
    sql::testing::MemorySql,
    store::{ConversationStore, rebuild},
};

pub(super) fn waiting(sql: &MemorySql) {
    let mut person = Person::new(sql);
    let hour = 3_600;

    let id = person.enters(0, 0);
    person.asks_the_assistant(&id, "Quando mi pagate?", 5);
    person.writes(&id, "Quando sarò pagato?", 10);
    person.sends(&id, &ClientFrame::Question(question()), 20);
    person.sends(&id, &ClientFrame::SelfServed {}, 30);
    person.rates(&id, Answer::Yes, Some("Grazie"), 40);

    let id = person.enters(1, hour);
    person.is_answered(&id, hour);
    person.rates(&id, Answer::Partly, None, 2 * hour);

    let id = person.enters(2, 3 * hour);
    person.time_passes(3 * hour + 1_000);
    person.time_passes(3 * hour + 1_600);
    person.rates(&id, Answer::No, None, 4 * hour);

    let id = person.enters(3, 5 * hour);
    person.loses_connection(&id, 5 * hour + 1);
    person.time_passes(5 * hour + 700);

    let text = "Mancano i dati di pagamento.";
    person.actor.request(asker(4), queue(), &message("r1"), text, at(6 * hour)).unwrap();

    let assigned = || ConversationCommand::Assigned { assignment_epoch: 1, advisor: advisor("giulia") };
    let start = 7 * hour;
    let id = person.enters(5, start);
    person.on_notification(&id, assigned(), start + 1);
    person.on_notification(&id, ConversationCommand::Close { outcome: Outcome::Online }, start + 2);

    let start = 8 * hour;
    let id = person.enters(6, start);
    person.on_notification(&id, assigned(), start + 1);
    person.on_notification(&id, ConversationCommand::Released { why: Release::Lost }, start + 2);
    let estimate = Estimate::Minutes { from: 5, to: 15 };
    person.on_notification(
        &id,
        ConversationCommand::Place(QueuePlace { position: 2, estimate, notice: String::new() }),
        start + 3,
    );
    person.loses_connection(&id, start + 4);

    let start = 9 * hour;
    person.on_notification(&id, assigned(), start + 1);
    person.on_notification(&id, ConversationCommand::Warn {}, start + 2);
    person.on_notification(&id, ConversationCommand::Block { until: at(start + 3) }, start + 2);
    person.on_notification(&id, ConversationCommand::Lift {}, start + 2);
    person.on_notification(&id, ConversationCommand::Block { until: at(start + 3) }, start + 2);
    let start = 10 * hour;
    let id = person.enters(7, start);
    person.on_notification(&id, assigned(), start + 1);
    person.on_notification(&id, ConversationCommand::Released { why: Release::Lost }, start + 2);
    let estimate = Estimate::Minutes { from: 5, to: 15 };
    person.on_notification(
        &id,
        ConversationCommand::Place(QueuePlace { position: 2, estimate, notice: String::new() }),
        start + 3,
    );
    person.loses_connection(&id, start + 4);

    person.on_notification(&id, ConversationCommand::Forget {}, start + 5);

    connect_without_socket(sql, link(&id, Speaker::Citizen), speaker("giulia"));
    fail_to_send(sql);
    rebuild::mark(&sql, rebuild::SLACK_OF_A_PERSON, at(start + 6)).unwrap();
}

pub(super) fn active(sql: &MemorySql) {
    let mut person = Person::new(sql);
    let place = || {
        ConversationCommand::Place(QueuePlace {
            position: 1,
            estimate: Estimate::Unknown {},
            notice: String::new(),
        })
    };
    let first = person.enters(0, 0);
    person.on_notification(&first, place(), 1);
    person.sends(&first, &ClientFrame::Close {}, 2);

    let id = person.enters(1, 10);
    person.on_notification(&id, place(), 11);
    person.on_notification(
        &id,
        ConversationCommand::Assigned { assignment_epoch: 1, advisor: advisor("giulia") },
        12,
    );
    person.advisor_writes(&id, "a1", 20);
    person.time_passes(20 + 480);
    person.sends(&id, &ClientFrame::Stay {}, 510);
    person.time_passes(510 + 480);
    person.on_notification(&id, ConversationCommand::Joined { advisor: advisor("marco") }, 1_000);
    person.on_notification(&id, ConversationCommand::Observed { advisor: advisor("ada"), told: true }, 1_000);
    person.on_notification(&id, ConversationCommand::Hold { hold: 1, minutes: 5 }, 1_000);
    person.advisor_writes(&id, "a2", 1_000);
    person.on_notification(&id, ConversationCommand::Hold { hold: 2, minutes: 5 }, 1_000);
    person.on_notification(&id, ConversationCommand::Resume { hold: 2 }, 1_000);
    person.on_notification(&id, ConversationCommand::Hold { hold: 3, minutes: 10 }, 1_000);
    // Calls came to nothing in every way; the two talk in the last one.
    for why in [None, Some(CallEnd::NoMicrophone), Some(CallEnd::NoConnection)] {
        let call = person.is_called(&id, 1_000);
        let end = why.map_or(CallAct::Decline { call }, |why| CallAct::End { call, why });
        person.sends(&id, &ClientFrame::Call(end), 1_001);
    }
    person.sends(&id, &ClientFrame::Call(CallAct::Offer { seat: seat("c1") }), 1_001);
    let end = CallAct::End { call: person.newest_entry(&id), why: CallEnd::HungUp };
    person.sends(&id, &ClientFrame::Call(end), 1_001);
    person.is_called(&id, 1_001);
    person.time_passes(1_061);
    let end = CallAct::End { call: person.talks(&id, 1_062), why: CallEnd::HungUp };
    person.sends(&id, &ClientFrame::Call(end), 1_100);
    person.talks(&id, 1_100);
    person.loses_connection(&id, 1_101);
    person.on_notification(&first, ConversationCommand::Block { until: at(2_000) }, 1_102);
    person.rates(&first, Answer::Yes, None, 1_102);

    connect_without_socket(sql, LinkState::new(at(0), Some(id)), Speaker::Citizen);
    fail_to_send(sql);
    rebuild::mark(&sql, rebuild::SLACK_OF_A_PERSON, at(900_000)).unwrap();
}

/// Everything that is stored.
pub(super) fn read(sql: &MemorySql) -> String {
    let policy = policy();
    let timeouts = InactivityTimeouts::of(&policy.desk);
    let store = ConversationStore::open(sql, object(), timeouts).unwrap();
    let mut read = vec![read_messaging(sql)];
    for conversation in store.recent(1_000).unwrap() {
        let id = conversation.id();
        read.push(format!(
            "{conversation:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            store.page(id, Page::After(0)).unwrap(),
            store.posted(id).unwrap(),
            store.rating(id).unwrap(),
            store.begins(id).unwrap(),
            store.history(id).unwrap(),
            store.stored(id, 0).unwrap(),
        ));
    }
    let actor = ConversationActor::open(sql, object(), KEY.into(), &policy).unwrap();
    read.push(format!("{:?} {:?}", actor.history().unwrap(), actor.next_wake().unwrap()));
    read.join("\n")
}

struct Person<'s> {
    actor: ConversationActor<&'s MemorySql>,
    received: i64,
}

impl<'s> Person<'s> {
    fn new(sql: &'s MemorySql) -> Self {
        Self { actor: ConversationActor::open(sql, object(), KEY.into(), &policy()).unwrap(), received: 0 }
    }

    fn enters(&self, number: usize, seconds: i64) -> ConversationId {
        let closing = ClosingTime {
            warn: Some(at(seconds + 1_000)),
            closes: at(seconds + 1_600),
            ends: at(seconds + 9_000),
        };
        let admitted = self.actor.admit(asker(number), queue(), Some(closing), at(seconds)).unwrap();
        let Admitted::Begun(id) = admitted else { panic!("{admitted:?}") };
        self.actor.citizen_connected(&id, true, at(seconds)).unwrap();
        id
    }

    /// From a colleague to a colleague, back to the queue twice, to an office, and to the end.
    fn is_answered(&mut self, id: &ConversationId, start: i64) {
        let (giulia, marco) = (advisor("giulia"), advisor("marco"));
        let assigned =
            |assignment_epoch, advisor| ConversationCommand::Assigned { assignment_epoch, advisor };
        self.on_notification(id, assigned(1, giulia.clone()), start + 1);
        self.writes(id, "Buongiorno", start + 2);
        self.advisor_writes(id, "a1", start + 3);
        for (number, status) in CaseStatus::ALL.into_iter().enumerate() {
            self.is_shown(id, case(number, status), start + 4);
        }
        for name in ["s1", "s2", "s3", "s4", "s5", "s6"] {
            self.is_forwarded(id, name, start + 5);
        }
        self.on_notification(id, ConversationCommand::Joined { advisor: marco.clone() }, start + 6);
        self.on_notification(id, ConversationCommand::Left { advisor: marco.clone() }, start + 7);
        self.talks(id, start + 7);
        self.on_notification(id, assigned(2, marco), start + 8);
        self.on_notification(id, ConversationCommand::Released { why: Release::Transferred }, start + 9);
        self.on_notification(id, assigned(3, giulia.clone()), start + 10);
        self.on_notification(id, ConversationCommand::Released { why: Release::Lost }, start + 11);
        self.on_notification(id, assigned(4, giulia), start + 12);
        self.talks(id, start + 12);
        self.on_notification(id, ConversationCommand::Close { outcome: Outcome::LineaInps }, start + 13);
        let states = [
            ("s2", SegnalazioneState::Queued {}),
            ("s3", SegnalazioneState::Held {}),
            ("s4", SegnalazioneState::Accepted {}),
            ("s5", SegnalazioneState::InProgress {}),
            ("s6", SegnalazioneState::Answered { text: "Pagato.".into() }),
        ];
        for (name, state) in states {
            let number = (state.rank() > 2).then(|| format!("LI-{name}"));
            let status = SegnalazioneStatus { id: message(name), number, state };
            self.on_notification(id, ConversationCommand::Segnalazione(status), start + 20);
        }
    }

    fn on_notification(&mut self, id: &ConversationId, command: ConversationCommand, seconds: i64) {
        self.received += 1;
        let notification = ConversationNotification { conversation: id.clone(), command };
        let text = serde_json::to_string(&notification).unwrap();
        let source = "desk:info-cig";
        self.actor.on_notification(source, self.received, &text, at(seconds)).unwrap();
    }

    fn writes(&self, id: &ConversationId, text: &str, seconds: i64) {
        let frame = ClientFrame::Post { id: message(&format!("c{seconds}")), text: text.into() };
        self.sends(id, &frame, seconds);
    }

    fn sends(&self, id: &ConversationId, frame: &ClientFrame, seconds: i64) {
        self.receives(link(id, Speaker::Citizen), frame, seconds);
    }

    fn advisor_writes(&self, id: &ConversationId, name: &str, seconds: i64) {
        let frame = ClientFrame::Post { id: message(name), text: "Buongiorno, controllo.".into() };
        self.receives(link(id, speaker("giulia")), &frame, seconds);
    }

    /// Giulia offers a call. Returns its number.
    fn is_called(&self, id: &ConversationId, seconds: i64) -> u64 {
        let offer = ClientFrame::Call(CallAct::Offer { seat: seat("g1") });
        self.receives(link(id, speaker("giulia")), &offer, seconds);
        self.newest_entry(id)
    }

    /// Giulia and the person hear each other. Returns the number of their call.
    fn talks(&self, id: &ConversationId, seconds: i64) -> u64 {
        let call = self.is_called(id, seconds);
        self.sends(id, &ClientFrame::Call(CallAct::Accept { call, seat: seat("c1") }), seconds);
        self.sends(id, &ClientFrame::Call(CallAct::Began { call }), seconds);
        call
    }

    fn newest_entry(&self, id: &ConversationId) -> u64 {
        let frame = serde_json::to_string(&ClientFrame::Page(Page::Before(u64::MAX))).unwrap();
        let effects = self.actor.receive(&link(id, Speaker::Citizen), &frame, at(0)).unwrap();
        let Some(ServerFrame::Entries { entries }) = ServerFrame::read(&effects.replies[0]) else { panic!() };
        entries.last().unwrap().seq
    }

    fn is_shown(&self, id: &ConversationId, case: Case, seconds: i64) {
        let name = message(&format!("case-{}", case.id));
        let ticket = ticket(id, speaker("giulia"), seconds);
        self.actor.share(id, &ticket, name, case, at(seconds), at(seconds)).unwrap();
    }

    fn is_forwarded(&self, id: &ConversationId, name: &str, seconds: i64) {
        let draft = SegnalazioneDraft {
            id: message(name),
            office: "063".into(),
            topic: topic(),
            description: "Mancano i dati di pagamento.".into(),
            kind: Some(BenefitKind::Cigo),
            case: Some(CaseId::parse("cigo-1").unwrap()),
            protocol: Some("INPS.5100.02/10/2026.0123456".into()),
            ticket: Some("1234567890123456".into()),
            attached: vec![3, 4],
        };
        self.receives(link(id, speaker("giulia")), &ClientFrame::Forward(Box::new(draft)), seconds);
    }

    fn asks_the_assistant(&self, id: &ConversationId, question: &str, seconds: i64) {
        let asked = AssistantQuestion { id: message("q1"), text: question.into() };
        let passage = |entry: Option<&str>, title: &str, text: &str| Passage {
            entry: entry.map(Into::into),
            title: title.into(),
            text: text.into(),
            language: Language::It,
        };
        let answer = vec![
            passage(None, "", "La tua domanda è autorizzata."),
            passage(Some("tempi-pagamento"), "Quando mi pagano?", "Dipende da chi paga."),
        ];
        let ticket = ticket(id, Speaker::Citizen, seconds);
        self.actor.consult(id, &ticket, asked, answer, at(seconds)).unwrap();
    }

    fn rates(&self, id: &ConversationId, answer: Answer, comment: Option<&str>, seconds: i64) {
        let rating = Rating { answer, comment: comment.map(str::to_string) };
        let ticket = ticket(id, Speaker::Citizen, seconds);
        self.actor.rate(id, &ticket, &rating, at(seconds)).unwrap();
    }

    fn receives(&self, link: LinkState, frame: &ClientFrame, seconds: i64) {
        let text = serde_json::to_string(frame).unwrap();
        self.actor.receive(&link, &text, at(seconds)).unwrap();
    }

    fn time_passes(&self, seconds: i64) {
        assert!(self.actor.wake(at(seconds)).unwrap().is_some(), "nothing is due at {seconds}");
    }

    fn loses_connection(&self, id: &ConversationId, seconds: i64) {
        self.actor.on_last_disconnect(&link(id, Speaker::Citizen), at(seconds)).unwrap();
    }
}

fn seat(name: &str) -> SeatId {
    SeatId::parse(name).unwrap()
}

fn ticket(id: &ConversationId, speaker: Speaker, seconds: i64) -> String {
    Ticket::new(TicketScope::Conversation(id.clone()), speaker, at(seconds)).sign(KEY).unwrap()
}

fn link(id: &ConversationId, speaker: Speaker) -> LinkState {
    LinkState { speaker: Some(speaker), ..LinkState::new(at(0), Some(id.clone())) }
}

/// Cases that differ in every word, each with every phase.
fn case(number: usize, status: CaseStatus) -> Case {
    let all = CasePhase::ALL.into_iter().enumerate();
    let steps = all.map(|(place, phase)| {
        let on = (place < 4).then(|| format!("2026-10-{:02}", place + 1));
        CaseStep { phase, on }
    });
    Case {
        id: CaseId::parse(format!("case-{number}")).unwrap(),
        kind: BenefitKind::ALL[number % BenefitKind::ALL.len()],
        company: "Officine Fantasia S.r.l.".into(),
        matricola: Some("9900000015".into()),
        from: "2026-09-01".into(),
        to: "2026-09-30".into(),
        payment: Payment::ALL[number % Payment::ALL.len()],
        protocol: Some("INPS.5100.02/10/2026.0123456".into()),
        ticket: Some("1234567890123456".into()),
        status,
        steps: steps.collect(),
    }
}

// SPDX-License-Identifier: EUPL-1.2
//! A conversation restored from its rows equals the one in memory, after every sequence of actions.

use std::num::NonZeroU32;

use infocig_domain::{
    conversation::{ClosingTime, Conversation, InactivityTimeouts, Transition},
    notification::{ConversationCommand, Release},
    people::{Advisor, Asker, PriorityFacts, Speaker, Subject},
    policy::Messages,
    rate_limiter::RateLimiter,
};
use infocig_protocol::{
    case::{BenefitKind, Case, CaseStatus, Payment, Question},
    entry::Outcome,
    frame::{Estimate, QueuePlace},
    id::{AdvisorId, CaseId, MessageId, QueueId},
    language::Language,
    person::{Category, Credential, PersonCard},
    segnalazione::{SegnalazioneDraft, SegnalazioneState, SegnalazioneStatus},
    time::Timestamp,
};
use proptest::prelude::*;

use super::{CITIZEN, ConversationStore};
use crate::sql::testing::MemorySql;

#[derive(Clone, Copy, Debug)]
enum Action {
    Assign(usize),
    Release(Release),
    Join(usize),
    Leave(usize),
    Place(u32),
    Connected(bool),
    Stay,
    CitizenPosts,
    AdvisorPosts(usize),
    AdvisorForwards(usize),
    AdvisorShares(usize),
    OfficeAnswers,
    Question,
    SelfServed,
    CitizenCloses,
    AdvisorCloses,
    Wake,
}

fn action() -> impl Strategy<Value = Action> {
    let advisor = 0..ADVISORS.len();
    prop_oneof![
        4 => advisor.clone().prop_map(Action::Assign),
        1 => prop_oneof![Just(Release::Lost), Just(Release::Transferred)].prop_map(Action::Release),
        2 => advisor.clone().prop_map(Action::Join),
        1 => advisor.clone().prop_map(Action::Leave),
        1 => (1..9_u32).prop_map(Action::Place),
        2 => any::<bool>().prop_map(Action::Connected),
        1 => Just(Action::Stay),
        4 => Just(Action::CitizenPosts),
        4 => advisor.clone().prop_map(Action::AdvisorPosts),
        4 => advisor.clone().prop_map(Action::AdvisorForwards),
        4 => advisor.prop_map(Action::AdvisorShares),
        1 => Just(Action::OfficeAnswers),
        1 => Just(Action::Question),
        1 => Just(Action::SelfServed),
        1 => Just(Action::CitizenCloses),
        1 => Just(Action::AdvisorCloses),
        4 => Just(Action::Wake),
    ]
}

proptest! {
    #[test]
    fn a_restored_conversation_equals_the_one_in_memory(actions in prop::collection::vec((action(), 1..40_i64), 0..40)) {
        let sql = MemorySql::new();
        let store = ConversationStore::open(&sql, "0a".repeat(32), timeouts()).unwrap();
        let id = store.next_id(at(0)).unwrap();
        let (mut held, opened) = Conversation::open(id, queue(), asker(), closing(), timeouts(), at(0));
        write(&store, &held, None, &opened);
        let mut now = 0;
        for (number, (action, later)) in actions.into_iter().enumerate() {
            now += later;
            let (author, step) = act(&mut held, action, number, at(now));
            write(&store, &held, author.as_deref(), &step);

            let restored = store.find(held.id()).unwrap();
            prop_assert_eq!(restored.as_ref(), Some(&held), "after {:?}", action);
        }
    }
}

#[test]
fn a_written_request_is_restored_as_it_is_held() {
    let sql = MemorySql::new();
    let store = ConversationStore::open(&sql, "0a".repeat(32), timeouts()).unwrap();
    let id = store.next_id(at(0)).unwrap();

    let (held, step) =
        Conversation::request(id, queue(), asker(), message("r", 1), "Quando?", timeouts(), at(5));
    write(&store, &held, Some(CITIZEN), &step);

    assert_eq!(store.find(held.id()).unwrap(), Some(held));
}

fn act(
    held: &mut Conversation,
    action: Action,
    number: usize,
    now: Timestamp,
) -> (Option<String>, Transition) {
    let command = |held: &mut Conversation, command| (None, held.apply(command, now));
    let posts = |speaker: &Speaker| match speaker {
        Speaker::Citizen => Some(CITIZEN.to_string()),
        Speaker::Advisor(advisor) => Some(format!("advisor:{}", advisor.id)),
    };
    let speaker = |one: usize| Speaker::Advisor(advisor(one));
    match action {
        Action::Assign(one) => {
            command(held, ConversationCommand::Assigned { assignment_epoch: 1, advisor: advisor(one) })
        }
        Action::Release(why) => command(held, ConversationCommand::Released { why }),
        Action::Join(one) => command(held, ConversationCommand::Joined { advisor: advisor(one) }),
        Action::Leave(one) => command(held, ConversationCommand::Left { advisor: advisor(one) }),
        Action::Place(position) => command(
            held,
            ConversationCommand::Place(QueuePlace {
                position,
                estimate: Estimate::Unknown {},
                notice: String::new(),
            }),
        ),
        Action::Connected(connected) => (None, held.citizen_connected(connected, now)),
        Action::Stay => (None, held.stay(&Speaker::Citizen, now)),
        Action::CitizenPosts => {
            let id = message("m", number);
            (
                posts(&Speaker::Citizen),
                held.post(&Speaker::Citizen, id, "ciao", None, &mut limiter(), now).unwrap_or_default(),
            )
        }
        Action::AdvisorPosts(one) => {
            let id = message("m", number);
            (
                posts(&speaker(one)),
                held.post(&speaker(one), id, "salve", None, &mut limiter(), now).unwrap_or_default(),
            )
        }
        Action::AdvisorForwards(one) => (
            posts(&speaker(one)),
            held.forward(&speaker(one), &draft(number), &[], None, now).unwrap_or_default(),
        ),
        Action::AdvisorShares(one) => {
            let id = message("c", number);
            (
                posts(&speaker(one)),
                held.share(&speaker(one), id, case(), at(0), None, now).unwrap_or_default(),
            )
        }
        Action::OfficeAnswers => {
            let first = held.segnalazioni().first().map(|one| one.id.clone());
            let id = first.unwrap_or_else(|| message("s", 0));
            let state = SegnalazioneState::Answered { text: "Pagato.".into() };
            command(held, ConversationCommand::Segnalazione(SegnalazioneStatus { id, number: None, state }))
        }
        Action::Question => {
            let question = Question { about: Some(BenefitKind::Cigs), ..Question::default() };
            (None, held.question(&Speaker::Citizen, question, now).unwrap_or_default())
        }
        Action::SelfServed => (None, held.self_served(&Speaker::Citizen, now).unwrap_or_default()),
        Action::CitizenCloses => (None, held.close(&Speaker::Citizen, now).unwrap_or_default()),
        Action::AdvisorCloses => command(held, ConversationCommand::Close { outcome: Outcome::Online }),
        Action::Wake => (None, held.wake(now)),
    }
}

/// As the actor does: the row if more than the log changed, then the entries.
fn write(
    store: &ConversationStore<&MemorySql>,
    held: &Conversation,
    author: Option<&str>,
    step: &Transition,
) {
    if step.phase_changed {
        store.save(held).unwrap();
    }
    for entry in &step.appended {
        store.append(held.id(), author, entry).unwrap();
    }
}

const ADVISORS: [&str; 2] = ["giulia", "marco"];

fn advisor(one: usize) -> Advisor {
    Advisor { id: AdvisorId::parse(ADVISORS[one]).unwrap(), name: ADVISORS[one].into() }
}

fn message(kind: &str, number: usize) -> MessageId {
    MessageId::parse(format!("{kind}{number}")).unwrap()
}

fn queue() -> QueueId {
    QueueId::parse("info-cig").unwrap()
}

fn asker() -> Asker {
    let card = PersonCard {
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
    };
    let subject = Subject::themself("https://portale.example", "p-1", Category::Lavoratore);
    Asker { card, subject, facts: PriorityFacts::default() }
}

fn draft(number: usize) -> SegnalazioneDraft {
    SegnalazioneDraft {
        id: message("s", number),
        office: "063".into(),
        topic: ["pagamento", "diretto", "data"].map(String::from),
        description: "Mancano i dati di pagamento.".into(),
        kind: None,
        case: None,
        protocol: None,
        ticket: None,
        attached: Vec::new(),
    }
}

fn case() -> Case {
    Case {
        id: CaseId::parse("case-1").unwrap(),
        kind: BenefitKind::Cigo,
        company: "Officine Fantasia S.r.l.".into(),
        matricola: None,
        protocol: None,
        ticket: None,
        from: "2026-10-01".into(),
        to: "2026-10-31".into(),
        payment: Payment::Direct,
        status: CaseStatus::OnTrack,
        steps: Vec::new(),
    }
}

fn limiter() -> RateLimiter {
    let many = NonZeroU32::new(1_000).unwrap();
    RateLimiter::new(Messages { burst: many, per_minute: many, per_conversation: many })
}

fn timeouts() -> InactivityTimeouts {
    InactivityTimeouts { absent_ms: 200, warn_ms: 60, close_ms: 40 }
}

fn closing() -> ClosingTime {
    ClosingTime { warn: Some(at(500)), closes: at(700), ends: at(900) }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

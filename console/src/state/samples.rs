// SPDX-License-Identifier: EUPL-1.2
//! Samples for the tests of this folder.

use infocig_protocol::{
    case::{BenefitKind, Case, CasePhase, CaseStatus, CaseStep, Payment},
    desk::{AssignedConversation, AssignmentState, Fit, Topic, WaitingConversation, Why},
    entry::{Author, Entry, EntryBody, Party},
    frame::EarlierConversation,
    id::{CaseId, MessageId},
    language::Language,
    person::{Category, Credential, PersonCard},
};

use super::*;

pub(super) fn assigned(n: u32, state: AssignmentState) -> AssignedConversation {
    AssignedConversation {
        conversation: id(n),
        ticket: Some("ticket".into()),
        since: at(0),
        arrived: at(0),
        queue: None,
        person: person(n),
        state,
        why: Why::default(),
        priority: None,
    }
}

pub(super) fn held() -> AssignmentState {
    AssignmentState::Held {
        helpers: vec![],
        transferring_to: None,
        ending: false,
        observers: vec![],
        on_hold: None,
    }
}

pub(super) fn waiting(n: u32) -> WaitingConversation {
    WaitingConversation {
        conversation: id(n),
        since: at(0),
        queue: None,
        person: person(n),
        returned: false,
        priority: None,
        fit: Fit::Nobody {},
    }
}

pub(super) fn ended(n: u32) -> EarlierConversation {
    EarlierConversation {
        conversation: id(n),
        opened: at(0),
        closed: at(9),
        by: Party::Citizen,
        outcome: None,
        advisor: None,
        preview: None,
        entries: 4,
        segnalazioni: vec![],
    }
}

pub(super) fn person(n: u32) -> PersonCard {
    PersonCard {
        name: format!("Persona {n}"),
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

pub(super) fn says(seq: u64, name: &str) -> Entry {
    written(seq, name, Author::Citizen)
}

pub(super) fn answers(seq: u64, name: &str) -> Entry {
    written(seq, name, Author::Advisor { name: "Giulia".into() })
}

fn written(seq: u64, name: &str, author: Author) -> Entry {
    wrote(seq, name, author, "testo")
}

pub(super) fn wrote(seq: u64, name: &str, author: Author, text: &str) -> Entry {
    entry(seq, EntryBody::Message { id: message(name), author, text: text.into() })
}

pub(super) fn entry(seq: u64, body: EntryBody) -> Entry {
    Entry { seq, at: at(0), body }
}

pub(super) fn case_id(name: &str) -> CaseId {
    CaseId::parse(name).unwrap()
}

pub(super) fn case(name: &str) -> Case {
    let step = |phase, on: Option<&str>| CaseStep { phase, on: on.map(String::from) };
    Case {
        id: case_id(name),
        kind: BenefitKind::Cigo,
        company: "Officine Fantasia S.r.l.".into(),
        matricola: None,
        from: "2026-09-01".into(),
        to: "2026-09-30".into(),
        payment: Payment::Direct,
        protocol: Some(format!("PROVA/{name}")),
        ticket: Some(format!("T-{name}")),
        status: CaseStatus::OnTrack,
        steps: vec![
            step(CasePhase::Loaded, Some("2026-10-02")),
            step(CasePhase::Imported, Some("2026-10-05")),
            step(CasePhase::PreChecked, None),
        ],
    }
}

pub(super) fn topics() -> Vec<Topic> {
    let topic = |id: &str, topics| Topic { id: id.into(), name: id.into(), topics };
    let leaf = |id| topic(id, vec![]);
    vec![
        topic(
            "pagamento",
            vec![
                topic("diretto", vec![leaf("data"), leaf("importo")]),
                topic("conguaglio", vec![leaf("chiarimenti")]),
            ],
        ),
        topic("servizio", vec![topic("accesso", vec![leaf("assistenza")])]),
    ]
}

pub(super) fn message(name: &str) -> MessageId {
    MessageId::parse(name).unwrap()
}

pub(super) fn id(n: u32) -> ConversationId {
    ConversationId::of(&"0e".repeat(32), n).unwrap()
}

pub(super) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

// SPDX-License-Identifier: EUPL-1.2
//! What the tests of this folder are made of.

use infocig_protocol::{
    desk::{Fit, HandState, Why},
    entry::{Author, Entry, EntryBody, Party},
    frame::EarlierConversation,
    id::MessageId,
    language::Language,
    person::{Category, Credential, PersonCard},
};

use super::*;

pub(super) fn assigned(n: u32, state: HandState) -> AssignedConversation {
    AssignedConversation {
        conversation: id(n),
        ticket: Some("ticket".into()),
        since: at(0),
        arrived: at(0),
        person: person(n),
        state,
        why: Why::default(),
    }
}

pub(super) fn held() -> HandState {
    HandState::Held { helpers: vec![], passing_to: None, ending: false }
}

pub(super) fn waiting(n: u32) -> WaitingConversation {
    WaitingConversation {
        conversation: id(n),
        since: at(0),
        person: person(n),
        returned: false,
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
        entries: 4,
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
        about: None,
    }
}

pub(super) fn says(seq: u64, name: &str) -> Entry {
    written(seq, name, Author::Citizen)
}

pub(super) fn answers(seq: u64, name: &str) -> Entry {
    written(seq, name, Author::Advisor { name: "Giulia".into() })
}

fn written(seq: u64, name: &str, author: Author) -> Entry {
    let text = "testo".into();
    let id = message(name);
    entry(seq, EntryBody::Message { id, author, text })
}

pub(super) fn entry(seq: u64, body: EntryBody) -> Entry {
    Entry { seq, at: at(0), body }
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

// SPDX-License-Identifier: EUPL-1.2
//! The contents of a receipt after the end.

use super::*;

#[test]
fn an_answer_of_the_office_comes_after_the_end_and_changes_nothing_else() {
    let mut state = ChatState::new();
    state.begin_conversation();
    let closed = EntryBody::Closed { by: Party::Citizen, outcome: Some(Outcome::LineaInps) };
    state.apply(Event::Entries(vec![
        entry(1, written("r1", Author::Citizen)),
        entry(2, handed(None, SegnalazioneState::Sending {})),
        entry(3, closed),
    ]));
    assert!(state.is_closed() && state.awaits_office());

    state.apply(Event::Entries(vec![entry(4, handed(Some("LI-7"), SegnalazioneState::Accepted {}))]));
    assert!(state.is_closed() && state.awaits_office());
    assert_eq!(state.last_seq(), 4);
    let answered = SegnalazioneState::Answered { text: "Pagata.".into() };
    state.apply(Event::Entries(vec![entry(5, handed(Some("LI-7"), answered.clone()))]));
    assert!(!state.awaits_office());

    let receipt = state.receipt().unwrap();
    assert_eq!(receipt.outcome, Some(Outcome::LineaInps));
    let segnalazioni = &receipt.segnalazioni;
    assert_eq!(segnalazioni.len(), 1);
    assert_eq!((segnalazioni[0].number.as_deref(), &segnalazioni[0].state), (Some("LI-7"), &answered));
}

#[test]
fn a_receipt_is_derived_from_the_log_of_an_ended_conversation() {
    let mut state = ChatState::new();
    state.begin_conversation();
    state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
    assert_eq!(state.receipt(), None);

    let closed = Entry {
        seq: 2,
        at: Timestamp::from_millis(9),
        body: EntryBody::Closed { by: Party::System, outcome: None },
    };
    state.apply(Event::Entries(vec![closed.clone()]));
    let unanswered = Receipt {
        began: Some(Timestamp::from_millis(0)),
        ended: Timestamp::from_millis(9),
        outcome: None,
        unanswered: true,
        segnalazioni: Vec::new(),
    };
    assert_eq!(state.receipt(), Some(unanswered));

    // Entries before the loaded page are unknown, so the receipt claims nothing about them.
    state.begin_conversation();
    state.apply(Event::Entries(vec![Entry { seq: 900, ..closed }]));
    let receipt = state.receipt().unwrap();
    assert_eq!((receipt.began, receipt.outcome, receipt.unanswered), (None, None, false));
}

// SPDX-License-Identifier: EUPL-1.2
//! The automatic assistant.

use infocig_protocol::assistant::{AssistantQuestion, Passage};

use super::*;

fn asked(seq: u64, question: &str) -> Entry {
    let id = MessageId::parse(format!("q{seq}")).unwrap();
    entry(seq, EntryBody::Assistant { id, question: question.into(), answer: Vec::new() })
}

fn waiting() -> ChatState {
    let mut state = ChatState { stage: Stage::InConversation, ..ChatState::new() };
    state.phase = Some(Phase::Waiting { since: Timestamp::from_millis(0) });
    state
}

fn with_assistant(verdict: Verdict) -> Admission {
    Admission { assistant: true, ..refusal(verdict) }
}

#[test]
fn it_is_offered_where_the_service_has_one() {
    let mut state = ChatState::new();
    assert!(!state.has_assistant(), "nothing is known yet");
    state.availability = Availability::Known(refusal(Verdict::Open));
    assert!(!state.has_assistant());
    state.availability = Availability::Known(with_assistant(Verdict::Open));
    assert!(state.has_assistant());
    state.stage = Stage::Refused(refusal(Verdict::Closed));
    assert!(!state.has_assistant(), "the newer answer holds");
    state.stage = Stage::Refused(with_assistant(Verdict::Closed));
    assert!(state.has_assistant());
}

#[test]
fn beside_a_conversation_it_is_offered_while_the_person_waits_and_keeps_what_is_typed() {
    let mut state = waiting();
    state.availability = Availability::Known(with_assistant(Verdict::Open));
    assert!(state.offers_assistant());
    state.phase = Some(Phase::Active { advisor: "Giulia".into(), since: Timestamp::from_millis(1) });
    assert!(!state.offers_assistant());
    state.assistant.shown = true;
    assert!(!state.offers_assistant(), "nothing was typed");
    state.assistant.text = "Quando".into();
    assert!(state.offers_assistant());
}

#[test]
fn alone_it_is_shown_outside_conversations() {
    let mut state = ChatState::new();
    state.assistant.shown = true;
    assert!(state.shows_assistant());
    state.stage = Stage::Entering;
    assert!(!state.shows_assistant());
    state.stage = Stage::InConversation;
    assert!(!state.shows_assistant());
}

#[test]
fn only_the_newest_answer_lets_the_person_leave_and_only_while_they_wait() {
    let mut state = waiting();
    state.entries = vec![asked(2, "prima"), asked(3, "seconda")];
    assert!(state.waits_with("seconda"));
    assert!(!state.waits_with("prima"));
    state.is_writer = false;
    assert!(!state.waits_with("seconda"));
    state.is_writer = true;
    state.phase = Some(Phase::Active { advisor: "Giulia".into(), since: Timestamp::from_millis(1) });
    assert!(!state.waits_with("seconda"));
}

#[test]
fn a_written_request_begins_with_what_was_asked() {
    let mut state = ChatState::new();
    let question = |id: &str, text: &str| {
        (AssistantQuestion { id: MessageId::parse(id).unwrap(), text: text.into() }, Vec::<Passage>::new())
    };
    state.assistant.asked = vec![question("q1", "Quando mi pagate?"), question("q2", "E l'IBAN?")];
    state.draft = "Grazie".into();
    assert_eq!(state.request_text(), "Quando mi pagate?\nE l'IBAN?\nGrazie");
}

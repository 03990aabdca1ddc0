// SPDX-License-Identifier: EUPL-1.2
//! When a request may be written, and which text it begins with.

use super::*;

#[test]
fn an_unsent_request_moves_into_the_draft_when_the_conversation_is_open() {
    let mut state = ChatState::new();
    let request = |progress| WrittenRequestState { text: Some("per la sede".into()), progress };
    state.written_request = request(RequestProgress::Editing);
    state.begin_conversation();
    state.draft = "e poi".into();
    let at = Timestamp::from_millis(0);
    state.apply(welcome(Phase::Closed { at, by: Party::System }));
    assert_eq!(
        (state.written_request.clone(), state.draft.clone()),
        (request(RequestProgress::Editing), "e poi".into())
    );

    for _ in 0..2 {
        state.apply(welcome(Phase::Waiting { since: at }));
        assert_eq!(state.written_request.clone(), WrittenRequestState::default());
        assert_eq!(state.draft.clone(), "e poi\nper la sede");
    }

    state.written_request = request(RequestProgress::Sending);
    state.apply(welcome(Phase::Waiting { since: at }));
    assert_eq!(state.written_request.clone(), request(RequestProgress::Sending));
}

#[test]
fn a_request_can_be_written_after_a_refusal_for_the_hour_and_no_other() {
    let mut state = ChatState::new();
    for (verdict, may) in [
        (Verdict::Closed, true),
        (Verdict::OnlyOngoing, true),
        (Verdict::NotEligible, false),
        (Verdict::CredentialTooWeak, false),
        (Verdict::UnknownProvince, false),
    ] {
        state.stage = Stage::Refused(refusal(verdict));
        assert_eq!(state.may_write_request(), may, "{verdict:?}");
    }
}

#[test]
fn a_request_can_be_written_after_waiting_until_closing_time_and_not_after_an_answer() {
    let by_system = |outcome| EntryBody::Closed { by: Party::System, outcome };
    let giulia = || EntryBody::Assigned { advisor: "Giulia".into() };
    for (may, log) in [
        (true, vec![EntryBody::Opened {}, by_system(None)]),
        (
            true,
            vec![EntryBody::Opened {}, giulia(), EntryBody::Returned { restored_to: None }, by_system(None)],
        ),
        (false, vec![EntryBody::Opened {}, giulia(), by_system(None)]),
        (false, vec![EntryBody::Opened {}, by_system(Some(Outcome::Abandoned))]),
        (false, vec![EntryBody::Opened {}, EntryBody::Closed { by: Party::Citizen, outcome: None }]),
        (false, vec![EntryBody::Opened {}]),
    ] {
        let mut state = ChatState::new();
        state.begin_conversation();
        let log: Vec<_> = (1..).zip(log).map(|(seq, body)| entry(seq, body)).collect();
        state.apply(Event::Entries(log.clone()));
        assert_eq!(state.may_write_request(), may, "{log:?}");
    }
}

#[test]
fn a_request_begins_with_the_unanswered_messages_until_the_person_edits_it() {
    let mut state = ChatState::new();
    state.begin_conversation();
    let question = Question { protocol: Some("1".into()), ..Question::default() };
    let log = [
        EntryBody::Opened {},
        EntryBody::Question(question.clone()),
        written("m1", Author::Citizen),
        written("a1", Author::Advisor { name: "Giulia".into() }),
        EntryBody::Closed { by: Party::System, outcome: None },
    ];
    let log = (1..).zip(log).map(|(seq, body)| entry(seq, body));
    state.apply(Event::Entries(log.collect()));
    let unsent = Pending { id: MessageId::parse("m2").unwrap(), text: "non partito".into() };
    state.pending = vec![unsent];
    state.draft = "a metà".into();
    assert_eq!(state.request_text(), "ciao\nnon partito\na metà");
    assert_eq!(state.request_question(), question);

    state.stage = Stage::Refused(refusal(Verdict::Closed));
    assert_eq!(state.request_text(), "ciao\nnon partito\na metà");
    state.written_request =
        WrittenRequestState { text: Some(String::new()), ..WrittenRequestState::default() };
    assert_eq!(state.request_text(), "");
}

#[test]
fn a_request_does_not_repeat_messages_an_advisor_answered() {
    let mut state = ChatState::new();
    state.begin_conversation();
    state.apply(Event::Entries(vec![
        entry(1, EntryBody::Opened {}),
        entry(2, written("m1", Author::Citizen)),
        entry(3, EntryBody::Question(Question { protocol: Some("1".into()), ..Question::default() })),
        entry(4, EntryBody::Assigned { advisor: "Giulia".into() }),
        entry(5, EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::Online) }),
    ]));
    state.stage = Stage::Refused(refusal(Verdict::Closed));
    assert_eq!((state.request_text(), state.request_question()), (String::new(), Question::default()));
}

#[test]
fn a_request_has_between_one_and_four_thousand_characters() {
    assert_eq!(RequestError::of(" \n"), Some(RequestError::Empty));
    assert_eq!(RequestError::of(&"è".repeat(MAX_DESCRIPTION_CHARS)), None);
    assert_eq!(RequestError::of(&"è".repeat(MAX_DESCRIPTION_CHARS + 1)), Some(RequestError::TooLong));
}

// SPDX-License-Identifier: EUPL-1.2
//! When a request may be written, and which text it begins with.

use super::*;

#[test]
fn what_was_written_to_the_office_is_in_the_field_when_somebody_can_answer() {
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
fn the_office_is_written_to_where_the_hour_is_the_reason_and_nowhere_else() {
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
fn whoever_waited_at_closing_time_may_write_and_whoever_was_answered_need_not() {
    let by_system = |outcome| EntryBody::Closed { by: Party::System, outcome };
    let giulia = || EntryBody::Assigned { advisor: "Giulia".into() };
    for (may, log) in [
        (true, vec![EntryBody::Opened {}, by_system(None)]),
        (true, vec![EntryBody::Opened {}, giulia(), EntryBody::Returned {}, by_system(None)]),
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
fn a_request_begins_with_what_was_written_in_vain_and_then_is_the_persons_own() {
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
fn what_an_advisor_answered_is_not_written_to_the_office_again() {
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

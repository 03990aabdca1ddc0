// SPDX-License-Identifier: EUPL-1.2
//! When the question is asked, and which part of an answer is wrong.

use super::*;

#[test]
fn the_question_is_asked_while_somebody_waits_until_it_is_answered_or_skipped() {
    let mut state = ChatState::new();
    assert!(!state.offers_question());
    state.begin_conversation();
    state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
    assert!(state.offers_question());

    state.question_state = QuestionState::Skipped;
    assert!(!state.offers_question());
    state.question_state = QuestionState::default();
    let question = Question { protocol: Some("1".into()), ..Question::default() };
    state.apply(Event::Entries(vec![entry(2, EntryBody::Question(question.clone()))]));
    assert!(!state.offers_question());
    assert_eq!(state.question(), Some(&question));
}

#[test]
fn question_and_cases_are_offered_until_an_advisor_answers_and_cases_only_with_a_registry() {
    let mut state = ChatState::new();
    state.begin_conversation();
    state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
    assert!(state.offers_cases());
    state.cases = OwnCases::Absent;
    assert!(!state.offers_cases() && state.offers_question());

    state.cases = OwnCases::Folded;
    state.apply(Event::Entries(vec![entry(2, EntryBody::Assigned { advisor: "Giulia".into() })]));
    assert!(!state.offers_cases() && !state.offers_question());
}

#[test]
fn an_unfolded_form_stays_when_an_advisor_answers() {
    let mut state = ChatState::new();
    state.begin_conversation();
    state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
    let question = Question { protocol: Some("1".into()), ..Question::default() };
    state.edit_question_draft(|unfolded, written| (*unfolded, *written) = (true, question.clone()));
    state.apply(Event::Entries(vec![entry(2, EntryBody::Assigned { advisor: "Giulia".into() })]));
    assert!(state.offers_question());
    assert_eq!(state.question_draft(), (true, question.clone()));

    state.question_state = QuestionState::Answered;
    assert!(!state.offers_question() && state.is_question_sending());
    state.apply(Event::Entries(vec![entry(3, EntryBody::Question(question))]));
    assert!(!state.is_question_sending());

    state.begin_conversation();
    assert_eq!(state.question_draft(), (false, Question::default()));
}

#[test]
fn the_first_error_of_a_question_is_named() {
    let question = |from: &str, to: &str, protocol: &str| {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_string());
        Question { from: part(from), to: part(to), protocol: part(protocol), ..Question::default() }
    };
    assert_eq!(QuestionError::of(&question("", "", "")), Some(QuestionError::Empty));
    assert_eq!(QuestionError::of(&question("settembre", "", "")), Some(QuestionError::From));
    assert_eq!(QuestionError::of(&question("2026-09", "10", "")), Some(QuestionError::To));
    assert_eq!(QuestionError::of(&question("2026-09", "2026-08", "")), Some(QuestionError::Order));
    assert_eq!(QuestionError::of(&question("", "", "n° 5")), Some(QuestionError::Protocol));
    assert_eq!(QuestionError::of(&question("2026-09", "2026-09", "INPS.5/1")), None);
}

// SPDX-License-Identifier: EUPL-1.2
use super::*;

#[test]
fn the_question_is_asked_while_somebody_waits_until_it_is_answered_or_skipped() {
    let mut state = ChatState::new();
    assert!(!state.asks_question());
    state.begin();
    state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
    assert!(state.asks_question());

    state.asked = Asked::Skipped;
    assert!(!state.asks_question());
    state.asked = Asked::default();
    let question = Question { protocol: Some("1".into()), ..Question::default() };
    state.apply(Event::Entries(vec![entry(2, EntryBody::Question(question.clone()))]));
    assert!(!state.asks_question());
    assert_eq!(state.question(), Some(&question));
}

#[test]
fn nobody_is_asked_once_an_advisor_answers_nor_shown_cases_where_there_are_none() {
    let mut state = ChatState::new();
    state.begin();
    state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
    assert!(state.offers_cases());
    state.cases = OwnCases::Absent;
    assert!(!state.offers_cases() && state.asks_question());

    state.cases = OwnCases::Folded;
    state.apply(Event::Entries(vec![entry(2, EntryBody::Assigned { advisor: "Giulia".into() })]));
    assert!(!state.offers_cases() && !state.asks_question());
}

#[test]
fn whoever_is_saying_what_they_ask_about_may_finish_when_an_advisor_answers() {
    let mut state = ChatState::new();
    state.begin();
    state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
    let question = Question { protocol: Some("1".into()), ..Question::default() };
    state.write_question(|unfolded, written| (*unfolded, *written) = (true, question.clone()));
    state.apply(Event::Entries(vec![entry(2, EntryBody::Assigned { advisor: "Giulia".into() })]));
    assert!(state.asks_question());
    assert_eq!(state.written_question(), (true, question.clone()));

    state.asked = Asked::Answered;
    assert!(!state.asks_question() && state.says_question());
    state.apply(Event::Entries(vec![entry(3, EntryBody::Question(question))]));
    assert!(!state.says_question());

    state.begin();
    assert_eq!(state.written_question(), (false, Question::default()));
}

#[test]
fn the_part_of_a_question_that_needs_another_look_is_named() {
    let question = |from: &str, to: &str, protocol: &str| {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_string());
        Question { from: part(from), to: part(to), protocol: part(protocol), ..Question::default() }
    };
    assert_eq!(Wrong::of(&question("", "", "")), Some(Wrong::Nothing));
    assert_eq!(Wrong::of(&question("settembre", "", "")), Some(Wrong::From));
    assert_eq!(Wrong::of(&question("2026-09", "10", "")), Some(Wrong::To));
    assert_eq!(Wrong::of(&question("2026-09", "2026-08", "")), Some(Wrong::Order));
    assert_eq!(Wrong::of(&question("", "", "n° 5")), Some(Wrong::Protocol));
    assert_eq!(Wrong::of(&question("2026-09", "2026-09", "INPS.5/1")), None);
}

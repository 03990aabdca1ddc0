// SPDX-License-Identifier: EUPL-1.2
//! Questions to the automatic assistant in the log.

use infocig_domain::figures::{Event, EventKind};
use infocig_protocol::{
    assistant::{AssistantQuestion, Passage},
    limits::{MAX_ASSISTANT_ENTRIES, MAX_QUESTION_CHARS},
};

use super::*;

#[test]
fn a_question_is_in_the_log_once_with_its_answer_and_costs_nobody_their_place() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    let told = to_desk(&actor);

    let effects = consult(&actor, &id, "q1", "Quando mi pagate?", 2).unwrap();

    assert!(effects.broadcast.is_some(), "both sides read it: {effects:?}");
    assert_eq!(to_desk(&actor), told, "the desk is told of nothing");
    consult(&actor, &id, "q1", "Quando mi pagate?", 3).unwrap();
    let entries = actor.store.page(&id, Page::After(0)).unwrap();
    let bodies: Vec<_> = entries.into_iter().map(|entry| entry.body).collect();
    let asked =
        EntryBody::Assistant { id: message_id("q1"), question: "Quando mi pagate?".into(), answer: answer() };
    assert_eq!(bodies, [EntryBody::Opened {}, asked]);
}

/// The newest message decides whose turn it is, and who is let go for silence.
#[test]
fn a_question_to_the_assistant_is_no_message() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    consult(&actor, &id, "q1", "Quando?", 2).unwrap();

    let again = super::actor(&sql);

    assert_eq!(again.store.newest().unwrap().unwrap().stored().last_message, None);
    assert_eq!(again.history().unwrap()[0].begins, None);
    post(&again, &id, "m1", 3);
    consult(&again, &id, "q2", "E poi?", 4).unwrap();
    let stored = super::actor(&sql).store.newest().unwrap().unwrap().stored();
    assert_eq!(stored.last_message, Some((Party::Citizen, at(3))));
}

#[test]
fn only_the_person_asks_and_only_while_it_goes_on() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    let asked = AssistantQuestion { id: message_id("q1"), text: "Quando?".into() };
    let advisor = ticket_of(&id, Speaker::Advisor(giulia()));
    let refusal = refused(actor.consult(&id, &advisor, asked, answer(), at(2)));
    assert_eq!(refusal.code, Code::NotAssigned);

    send(&actor, &id, &ClientFrame::SelfServed {}, 3);

    assert_eq!(refused(consult(&actor, &id, "q2", "Quando?", 4)).code, Code::ConversationClosed);
}

#[test]
fn a_question_has_a_length() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    assert_eq!(refused(consult(&actor, &id, "q1", " ", 2)).code, Code::MessageEmpty);
    let longest = "è".repeat(MAX_QUESTION_CHARS);
    assert_eq!(refused(consult(&actor, &id, "q1", &(longest.clone() + "!"), 2)).code, Code::MessageTooLong);
    consult(&actor, &id, "q1", &longest, 3).unwrap();
}

#[test]
fn a_conversation_takes_twenty_questions() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    for number in 0..MAX_ASSISTANT_ENTRIES {
        consult(&actor, &id, &format!("q{number}"), "Quando?", 2).unwrap();
    }
    assert_eq!(refused(consult(&actor, &id, "one-more", "Quando?", 3)).code, Code::ConversationFull);
    consult(&actor, &id, "q0", "Quando?", 4).unwrap();
}

#[test]
fn what_became_of_an_answer_is_told_to_the_register_without_a_word_of_it() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    send(&actor, &id, &ClientFrame::SourceOpened {}, 2);
    assert_eq!(counted(&actor, &id), [], "nothing was shown");

    consult(&actor, &id, "q1", "Quando?", 3).unwrap();
    consult(&actor, &id, "q1", "Quando?", 4).unwrap();
    send(&actor, &id, &ClientFrame::SourceOpened {}, 5);
    send(&actor, &id, &ClientFrame::SourceOpened {}, 6);

    assert_eq!(counted(&actor, &id), [EventKind::AssistantShown {}, EventKind::SourceOpened {}]);
}

#[test]
fn an_answer_that_is_unknown_was_not_shown() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    let asked = AssistantQuestion { id: message_id("q1"), text: "Quando?".into() };
    actor.consult(&id, &ticket_of(&id, Speaker::Citizen), asked, Vec::new(), at(2)).unwrap();
    assert_eq!(counted(&actor, &id), []);
}

#[test]
fn whoever_left_with_an_answer_and_begins_again_within_seven_days_came_back_once() {
    let day = 24 * 3_600_000;
    for (later, expected) in [(7 * day, vec![EventKind::CameBack {}]), (7 * day + 1, Vec::new())] {
        let sql = MemorySql::new();
        let actor = actor(&sql);
        let first = admit(&actor, 1);
        send(&actor, &first, &ClientFrame::SelfServed {}, 3);
        let second = admit(&actor, 3 + later);
        assert_eq!(counted(&actor, &first), expected, "after {later} ms");
        send(&actor, &second, &ClientFrame::Close {}, 4 + later);
        admit(&actor, 5 + later);
        assert_eq!(counted(&actor, &first), expected, "once");
        assert_eq!(counted(&actor, &second), [], "they had not left with an answer");
    }
}

/// The events of a conversation that wait for the register.
fn counted(actor: &ConversationActor<&MemorySql>, id: &ConversationId) -> Vec<EventKind> {
    let waiting = actor.outbox().waiting();
    let to_register = waiting.into_iter().filter(|message| message.destination == Destination::Register);
    let events = to_register.map(|message| serde_json::from_str::<Event>(&message.notification).unwrap());
    events.filter(|event| event.conversation == *id).map(|event| event.kind).collect()
}

/// How many messages wait for a desk.
fn to_desk(actor: &ConversationActor<&MemorySql>) -> usize {
    let waiting = actor.outbox().waiting();
    waiting.iter().filter(|message| matches!(message.destination, Destination::Desk(_))).count()
}

fn consult(
    actor: &ConversationActor<&MemorySql>,
    id: &ConversationId,
    name: &str,
    text: &str,
    now: i64,
) -> Result<Effects, Error> {
    let asked = AssistantQuestion { id: message_id(name), text: text.into() };
    actor.consult(id, &ticket_of(id, Speaker::Citizen), asked, answer(), at(now))
}

fn answer() -> Vec<Passage> {
    vec![Passage {
        entry: Some("tempi-pagamento".into()),
        title: "Quando mi pagano?".into(),
        text: "Dipende da chi paga.".into(),
        language: Language::It,
    }]
}

// SPDX-License-Identifier: EUPL-1.2
//! The register on a store in memory.

use infocig_domain::figures::{Event, EventKind, Record, event::Entered};
use infocig_protocol::{
    entry::{Outcome, Party},
    id::{ConversationId, QueueId},
    language::Language,
    person::Category,
    rating::Answer,
    skill::Skill,
};
use serde_json::json;

use super::*;
use crate::{sql::testing::MemorySql, store::testing::figure_rules};

#[test]
fn a_conversation_heard_of_twice_is_one_row() {
    let sql = MemorySql::new();
    let register = open(&sql);

    for (id, ordinal) in [(1, 1), (1, 1), (2, 2), (3, 2), (2, 3)] {
        register.on_notification("desk", id, &row(ordinal), at(1)).unwrap();
    }

    assert_eq!(count(&sql), 2);
    assert!(register.on_notification("desk", 9, "{}", at(1)).is_err());
}

#[test]
fn what_a_person_said_is_in_the_row_whichever_came_first_and_the_newest_counts() {
    for (row, rated) in
        [(row as fn(u32) -> String, rated as fn(u32, Answer) -> String), (legacy_row, legacy_rated)]
    {
        let sql = MemorySql::new();
        let register = open(&sql);
        let ratings = || {
            let rows = register.endings().unwrap();
            rows.into_iter().map(|row| row.rating).collect::<Vec<_>>()
        };
        register.on_notification("person", 1, &rated(1, Answer::Yes), at(1)).unwrap();
        register.on_notification("person", 2, &rated(1, Answer::No), at(1)).unwrap();
        assert_eq!(ratings(), []);
        for ordinal in [1, 2] {
            register.on_notification("desk", i64::from(ordinal), &row(ordinal), at(1)).unwrap();
        }
        assert_eq!(ratings(), [Some("no".into()), None]);

        for id in [3, 3] {
            register.on_notification("person", id, &rated(1, Answer::Partly), at(1)).unwrap();
        }
        register.on_notification("person", 2, &rated(1, Answer::No), at(1)).unwrap();
        register.on_notification("person", 4, &rated(2, Answer::Yes), at(1)).unwrap();
        assert_eq!(ratings(), [Some("partly".into()), Some("yes".into())]);
        register.on_notification("desk", 9, &row(1), at(1)).unwrap();
        assert_eq!(ratings(), [Some("partly".into()), Some("yes".into())], "a row that is there stays");
    }
}

#[test]
fn a_rating_is_lost_at_no_statement() {
    for statements in 0..90 {
        let sql = MemorySql::new();
        let register = open(&sql);
        sql.fail_after.set(statements);
        let heard = [("person", rated(1, Answer::Partly)), ("desk", row(1))];
        let failed: Vec<_> = heard
            .iter()
            .filter(|(source, notification)| {
                register.on_notification(source, 1, notification, at(1)).is_err()
            })
            .collect();
        sql.fail_after.set(-1);
        for (source, notification) in failed {
            register.on_notification(source, 1, notification, at(1)).unwrap();
        }
        assert_eq!(register.endings().unwrap()[0].rating.as_deref(), Some("partly"), "after {statements}");
    }
}

#[test]
fn a_store_that_fails_at_any_statement_hears_of_it_again() {
    for statements in 0..60 {
        let sql = MemorySql::new();
        let register = open(&sql);
        sql.fail_after.set(statements);
        let failed = register.on_notification("desk", 1, &row(1), at(1)).is_err();
        sql.fail_after.set(-1);

        assert_eq!(count(&sql), usize::from(!failed));
        register.on_notification("desk", 1, &row(1), at(1)).unwrap();
        assert_eq!(count(&sql), 1);
    }
}

fn open(sql: &MemorySql) -> RegisterActor<&MemorySql> {
    RegisterActor::open(sql, figure_rules()).unwrap()
}

fn count(sql: &MemorySql) -> usize {
    open(sql).endings().unwrap().len()
}

fn rated(ordinal: u32, rating: Answer) -> String {
    let event = Event { conversation: conversation(ordinal), at: at(1), kind: EventKind::Rated { rating } };
    serde_json::to_string(&event).unwrap()
}

fn row(ordinal: u32) -> String {
    let entered = Entered {
        queue: QueueId::parse("info-cig").unwrap(),
        category: Category::Lavoratore,
        province: "058".into(),
        language: Language::It,
        entry_point: None,
        about: Some(Skill::Pagamenti),
    };
    let mut record = Record::new(conversation(ordinal), at(1), entered);
    let outcome = Some(Outcome::Abandoned);
    record.apply(&EventKind::Ended { by: Party::Citizen, outcome, held_by: None }, at(9));
    serde_json::to_string(&record).unwrap()
}

fn legacy_rated(ordinal: u32, rating: Answer) -> String {
    json!({ "conversation": conversation(ordinal), "rating": rating }).to_string()
}

fn legacy_row(ordinal: u32) -> String {
    json!({
        "conversation": conversation(ordinal), "queue": "info-cig", "category": "lavoratore", "province": "058",
        "language": "it", "about": "pagamenti", "opened": at(1), "answered": null, "ended": at(9), "ended_by": "citizen",
        "topic": null, "outcome": "abandoned", "waits": 1, "waited_ms": 8, "offers": 0, "returns": 0, "transfers": 0,
    })
    .to_string()
}

fn conversation(ordinal: u32) -> ConversationId {
    ConversationId::of(&"0f".repeat(32), ordinal).unwrap()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

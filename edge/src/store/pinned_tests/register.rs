// SPDX-License-Identifier: EUPL-1.2
//! The scenario of the register: rows of every outcome, and ratings before and after their row.

use infocig_domain::desk::register::{Rated, RegisterRow};
use infocig_protocol::{
    entry::{Outcome, Party},
    rating::Answer,
};
use serde::Serialize;

use super::{
    people::{at, conversation, person, queue, topic},
    read_messaging,
};
use crate::{
    actors::{Actor, RegisterActor},
    sql::testing::MemorySql,
};

pub(super) fn scenario(sql: &MemorySql) {
    let register = RegisterActor::open(sql).unwrap();
    register.probe(at(0)).unwrap();
    let mut heard = 0;
    let mut hears = |source: &str, notification: String| {
        heard += 1;
        register.on_notification(source, heard, &notification, at(heard)).unwrap();
    };
    hears("conversation:0f", rated(1, Answer::Yes));
    for number in 1..=5 {
        hears("desk:info-cig", text(&row(number)));
    }
    for (number, answer) in [(2, Answer::Partly), (3, Answer::No), (9, Answer::Yes)] {
        hears("conversation:0f", rated(number, answer));
    }
}

pub(super) fn read(sql: &MemorySql) -> String {
    let register = RegisterActor::open(sql).unwrap();
    read_messaging(sql) + &text(&register.endings().unwrap())
}

/// Rows that differ in every word. The last one has nothing that may be absent.
fn row(number: u32) -> RegisterRow {
    let nth = number as usize;
    let outcome = Outcome::ALL.get(nth - 1).copied();
    let person = person(nth);
    RegisterRow {
        conversation: conversation(number),
        queue: queue(),
        category: person.category,
        province: person.province,
        language: person.language,
        about: outcome.and(person.about),
        opened: at(i64::from(number)),
        answered: outcome.map(|_| at(60)),
        ended: at(120),
        ended_by: Party::ALL[nth % Party::ALL.len()],
        topic: outcome.map(|_| topic()),
        outcome,
        waits: 1,
        waited_ms: 2_000,
        offers: 3,
        returns: 4,
        transfers: 5,
    }
}

fn rated(number: u32, rating: Answer) -> String {
    text(&Rated { conversation: conversation(number), rating })
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

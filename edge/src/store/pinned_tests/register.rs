// SPDX-License-Identifier: EUPL-1.2
//! The scenario of the register: records of every outcome, events before and after their record, comments, and a month that
//! is over.

use infocig_domain::audit::ActedBy;
use infocig_domain::figures::{Event, EventKind, Record, event::Entered, register::Comment};
use infocig_protocol::{
    call::{CallEnd, CallStep},
    entry::{Outcome, Party},
    rating::Answer,
    time::Timestamp,
};
use serde::Serialize;

use super::{
    people::{advisor, at, conversation, person, queue, topic},
    read_messaging,
};
use crate::{
    actors::{Actor, EndErasure, ErasedElsewhere, RegisterActor},
    sql::testing::MemorySql,
    store::{LegalHold, testing::figure_rules},
};

pub(super) fn scenario(sql: &MemorySql) {
    let register = open(sql);
    register.probe(at(0)).unwrap();
    let mut received = 0;
    let mut notify = |source: &str, notification: String| {
        received += 1;
        register.on_notification(source, received, &notification, at(received)).unwrap();
    };
    notify("conversation:0f", event(1, EventKind::Rated { rating: Answer::Yes }));
    for number in 1..=5 {
        notify("desk:info-cig", text(&record(number)));
    }
    for (number, rating) in [(2, Answer::Partly), (3, Answer::No), (9, Answer::Yes)] {
        notify("conversation:0f", event(number, EventKind::Rated { rating }));
    }
    for kind in [EventKind::Forwarded {}, EventKind::OfficeAnswered {}] {
        notify("linea-inps", event(9, kind));
    }
    for kind in [EventKind::AssistantShown {}, EventKind::SourceOpened {}, EventKind::CameBack {}] {
        notify("conversation:0f", event(3, kind.clone()));
        notify("conversation:0f", event(9, kind));
    }
    for number in [2, 3] {
        let text = Some(format!("Grazie, {number}."));
        let comment = Comment { conversation: conversation(number), commented: at(200), text };
        notify("conversation:0f", serde_json::to_string(&comment).unwrap());
    }
    let hold = LegalHold {
        id: "h1".into(),
        object: "ee".repeat(32),
        at: at(300),
        by: "dora".into(),
        reason: "Reclamo in corso.".into(),
    };
    register.hold(&hold, &ActedBy::default()).unwrap();
    let elsewhere = ErasedElsewhere { conversations: 2, segnalazioni: 1 };
    let end = EndErasure { object: "dd".repeat(32), id: "e1".into(), elsewhere };
    register.end_erasure(&end, at(400)).unwrap();
    let next_month = Timestamp::from_millis(at(0).as_millis() + 40 * 24 * 60 * 60_000);
    while register.wake(next_month).unwrap().is_some() {}
}

pub(super) fn read(sql: &MemorySql) -> String {
    let register = open(sql);
    read_messaging(sql) + &text(&register.endings().unwrap())
}

fn open(sql: &MemorySql) -> RegisterActor<&MemorySql> {
    let decided = r#"{"decided_by":"X","conversations":{"days":1,"basis":"Y"}}"#;
    let retention = serde_json::from_str(decided).unwrap();
    RegisterActor::open(sql, figure_rules()).unwrap().with_retention(retention)
}

/// Records that differ in every word. The last one has nothing that may be absent.
fn record(number: u32) -> Record {
    let nth = number as usize;
    let outcome = Outcome::ALL.get(nth - 1).copied();
    let person = person(nth);
    let entered = Entered { about: outcome.and(person.about), ..Entered::of(&person, &queue()) };
    let mut record = Record::new(conversation(number), at(i64::from(number)), entered);
    let giulia = || advisor("giulia").id;
    let held_by = outcome.map(|_| giulia());
    let by = Party::ALL[nth % Party::ALL.len()];
    let end = EventKind::Ended { by, outcome, held_by };
    let mut events = vec![(end, 120)];
    let ended = |seconds, why| CallStep::Ended { by, why, seconds };
    if let Some(outcome) = outcome {
        events = vec![
            (EventKind::Told { from: 1, to: 3 }, 10),
            (EventKind::Offered {}, 20),
            (EventKind::Missed {}, 30),
            (EventKind::Offered {}, 31),
            (EventKind::Declined {}, 35),
            (EventKind::Offered {}, 40),
            (EventKind::Assigned { advisor: giulia() }, 60),
            (EventKind::FirstWord {}, 70),
            (EventKind::OnHold {}, 80),
            (EventKind::Resumed {}, 90),
            (EventKind::Call { step: CallStep::Declined {} }, 91),
            (EventKind::Call { step: ended(0, CallEnd::NoMicrophone) }, 92),
            (EventKind::Call { step: ended(2, CallEnd::NoConnection) }, 94),
            (EventKind::Requeued { queue: queue() }, 95),
            (EventKind::Assigned { advisor: giulia() }, 100),
            (EventKind::Returned {}, 105),
            (EventKind::Assigned { advisor: giulia() }, 110),
            events.remove(0),
            (EventKind::WrappedUp { topic: Some(topic()), outcome: Some(outcome) }, 150),
        ];
    }
    for (kind, seconds) in &events {
        record.apply(kind, at(*seconds));
    }
    record
}

fn event(number: u32, kind: EventKind) -> String {
    text(&Event { conversation: conversation(number), at: at(200), kind })
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

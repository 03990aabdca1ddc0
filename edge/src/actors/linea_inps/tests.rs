// SPDX-License-Identifier: EUPL-1.2
//! The connector to Linea INPS on a store in memory.

use infocig_domain::{audit::ActedBy, linea_inps::UpdateState};

use super::*;
use crate::{outbound::delivery::Body, sql::testing::MemorySql, store::Destination};

#[test]
fn one_heard_twice_is_one_row_and_sent_as_it_was_heard() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    // Spaces and an unknown member would be lost if it were written anew.
    let document_1 = document(1).replacen('{', r#"{ "from_the_future" : 1 , "#, 1);
    for (id, notification) in [(1, &document_1), (1, &document_1), (2, &document(1)), (3, &document(2))] {
        actor.on_notification("conversation", id, notification, at(5)).unwrap();
    }

    assert_eq!(keys(&actor, Delivery::Waiting), [key(1), key(2)]);
    assert_eq!(actor.due(at(5)).unwrap(), Some(Due { key: key(1), body: document_1 }));
    assert_eq!(actor.next_wake().unwrap(), Some(at(5)));
    assert_eq!(actor.overview(&Category::ALL).unwrap()[0].at, at(1_793_890_800_000));
    assert!(actor.on_notification("conversation", 9, "{}", at(6)).is_err());
    assert!(actor.on_notification("conversation", 9, &document(1).replace(&key(1), "x"), at(6)).is_err());
}

#[test]
fn its_metrics_are_those_that_wait_those_given_up_and_since_when() {
    let sql = MemorySql::new();
    let actor = with(&sql, 3);
    actor.answered(&key(1), &taken("L-1"), false, at(1)).unwrap();
    actor.answered(&key(2), &http(422), false, at(1)).unwrap();

    let metrics = actor.metrics().unwrap().segnalazioni.unwrap();

    assert_eq!((metrics.waiting, metrics.given_up), (1, 1));
    let waiting =
        actor.overview(&Category::ALL).unwrap().into_iter().find(|one| one.delivery == Delivery::Waiting);
    assert_eq!(metrics.oldest, waiting.map(|one| one.at));
}

#[test]
fn desks_receive_the_queue_of_the_office_when_it_changes_and_only_then() {
    let sql = MemorySql::new();
    let desks = ["a", "b"].map(|desk| DeskId::parse(desk).unwrap());
    let actor = LineaInpsActor::open(&sql, desks.to_vec(), at(0)).unwrap();
    let received = || {
        let mut received = Vec::new();
        while let Some(message) = actor.outbox().due(at(1)).unwrap().into_iter().next() {
            if let Destination::Desk(desk) = &message.destination {
                let notification: DeskNotification = OutboxMessage::stored(&message.notification).unwrap();
                let DeskNotification::Connector(office) = notification else { panic!("{notification:?}") };
                received.push((desk.to_string(), office.waiting, office.given_up));
            }
            actor.delivered(&message, at(1)).unwrap();
        }
        received
    };
    let both = |waiting, given_up| ["a", "b"].map(|desk| (desk.to_string(), waiting, given_up));
    actor.on_notification("conversation", 1, &document(1), at(1)).unwrap();
    assert_eq!(received(), both(1, 0));
    actor.answered(&key(1), &http(500), false, at(1)).unwrap();
    assert_eq!(received(), [], "it still waits");
    actor.answered(&key(1), &http(422), false, at(1)).unwrap();
    assert_eq!(received(), both(0, 1));
    actor.retry(&ActedBy::default(), &key(1), &Category::ALL, at(1)).unwrap();
    assert_eq!(received(), both(1, 0));
    actor.answered(&key(1), &taken("L-1"), false, at(1)).unwrap();
    assert_eq!(received(), both(0, 0));
}

#[test]
fn a_delivered_segnalazione_is_reported_with_its_number_and_its_text_is_deleted() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    assert!(!actor.answered(&key(1), &taken("L-1"), false, at(1)).unwrap());

    assert_eq!(received(&actor), [("s1".into(), Some("L-1".into()), SegnalazioneState::Accepted {})]);
    assert_eq!(keys(&actor, Delivery::Delivered), [key(1)]);
    assert_eq!(actor.store.find(&key(1)).unwrap().unwrap().body, None);
    assert_eq!((actor.due(at(9)).unwrap(), actor.store.next_due().unwrap()), (None, None));
    assert_eq!(actor.next_wake().unwrap(), Some(next_night(at(1))), "when its bytes are erased");
}

#[test]
fn the_first_failure_is_told_and_no_other() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    for seconds in [1, 2, 4] {
        let now = actor.next_wake().unwrap().unwrap();
        actor.answered(&key(1), &http(500), false, now).unwrap();
        assert_eq!(actor.next_wake().unwrap(), Some(now.plus_millis(seconds * 1000)));
    }
    assert_eq!(received(&actor), [("s1".into(), None, SegnalazioneState::Queued {})]);
    let one = &actor.overview(&Category::ALL).unwrap()[0];
    assert_eq!((one.attempts, one.last_error.as_deref()), (3, Some("Linea INPS answered 500")));

    actor.answered(&key(1), &taken("L-1"), false, at(9000)).unwrap();
    assert_eq!(received(&actor)[1..], [("s1".into(), Some("L-1".into()), SegnalazioneState::Accepted {})]);
    let one = &actor.overview(&Category::ALL).unwrap()[0];
    assert_eq!((one.attempts, one.last_error.as_deref()), (4, None));
}

#[test]
fn a_system_that_fails_is_asked_by_one_at_a_time() {
    let sql = MemorySql::new();
    let actor = with(&sql, 3);
    let mut now = at(10);
    let mut probes = Vec::new();
    for seconds in [1, 2, 4, 8] {
        let due = actor.due(now).unwrap().unwrap();
        actor.answered(&due.key, &http(503), false, now).unwrap();
        probes.push(due.key);
        let next = now.plus_millis(seconds * 1000);
        assert_eq!(actor.due(next.plus_millis(-1)).unwrap(), None, "all wait");
        assert_eq!(actor.next_wake().unwrap(), Some(next));
        now = next;
    }
    // A refused segnalazione is behind the others: one that the system cannot read does not delay them.
    assert_eq!(probes[..3], [key(1), key(2), key(3)]);

    let due = actor.due(now).unwrap().unwrap();
    actor.answered(&due.key, &taken("L-1"), false, now).unwrap();
    assert!(actor.due(now).unwrap().is_some(), "the system works: the others go on");
}

#[test]
fn a_document_that_is_refused_stops_alone_until_a_supervisor_says_so() {
    let sql = MemorySql::new();
    let actor = with(&sql, 2);
    actor.answered(&key(1), &http(422), false, at(10)).unwrap();

    assert_eq!(keys(&actor, Delivery::Stopped), [key(1)]);
    assert_eq!(received(&actor), [("s1".into(), None, SegnalazioneState::Held {})]);
    assert_eq!(actor.due(at(10)).unwrap().unwrap().key, key(2));
    actor.answered(&key(2), &taken("L-2"), false, at(10)).unwrap();
    assert_eq!(actor.store.next_due().unwrap(), None, "what is stopped wakes nobody");

    assert!(actor.retry(&ActedBy::default(), &key(1), &Category::ALL, at(100)).unwrap());
    assert_eq!(actor.due(at(100)).unwrap(), Some(Due { key: key(1), body: document(1) }));
    assert_eq!(actor.overview(&Category::ALL).unwrap()[0].attempts, 0);
    actor.answered(&key(1), &taken("L-1"), false, at(100)).unwrap();
    assert_eq!(keys(&actor, Delivery::Delivered), [key(1), key(2)]);
}

#[test]
fn a_retry_lifts_the_wait_and_leaves_delivered_ones_alone() {
    let sql = MemorySql::new();
    let actor = with(&sql, 2);
    actor.answered(&key(1), &taken("L-1"), false, at(10)).unwrap();
    actor.answered(&key(2), &http(500), false, at(10)).unwrap();
    actor.answered(&key(2), &http(500), false, at(1010)).unwrap();

    assert!(actor.retry(&ActedBy::default(), &key(1), &Category::ALL, at(1020)).unwrap());
    assert_eq!(actor.due(at(1020)).unwrap(), None);
    assert!(actor.retry(&ActedBy::default(), &key(2), &Category::ALL, at(1020)).unwrap());
    assert_eq!(actor.due(at(1020)).unwrap().unwrap().key, key(2));
    actor.answered(&key(2), &http(500), false, at(1020)).unwrap();
    assert_eq!(actor.next_wake().unwrap(), Some(at(5020)), "the third pause, not the first");
    assert!(!actor.retry(&ActedBy::default(), &key(7), &Category::ALL, at(1020)).unwrap());
}

#[test]
fn a_clock_that_is_set_back_keeps_nobody_waiting() {
    let sql = MemorySql::new();
    let actor = with(&sql, 2);
    let late = at(10 * 3_600_000);
    actor.answered(&key(1), &http(500), false, late).unwrap();

    let hour_before = late.plus_millis(-3_600_000);
    actor.clock_moved(hour_before.plus_millis(1000)).unwrap();
    assert_eq!(actor.due(hour_before.plus_millis(1000)).unwrap(), None, "an hour may be a pause");
    actor.clock_moved(hour_before).unwrap();
    let due = actor.due(hour_before).unwrap().unwrap();
    actor.answered(&due.key, &taken("L"), false, hour_before).unwrap();
    assert!(actor.due(hour_before).unwrap().is_some());
}

#[test]
fn after_forty_tries_and_two_days_it_is_stopped_and_kept() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    let mut now = at(10);
    while actor.overview(&Category::ALL).unwrap()[0].attempts < 39 {
        now = actor.next_wake().unwrap().unwrap();
        actor.answered(&key(1), &Answer::Silent("refused".into()), false, now).unwrap();
    }
    let late = at(10).plus_millis(48 * 3_600_000);
    assert!(now < late);
    actor.answered(&key(1), &Answer::Silent("refused".into()), false, late).unwrap();

    assert_eq!(keys(&actor, Delivery::Stopped), [key(1)]);
    assert_eq!(received(&actor).last().unwrap().2, SegnalazioneState::Held {});
    assert!(actor.retry(&ActedBy::default(), &key(1), &Category::ALL, late).unwrap());
    assert_eq!(actor.due(late).unwrap().unwrap().body, document(1));
    actor.answered(&key(1), &http(500), false, late).unwrap();
    assert_eq!(keys(&actor, Delivery::Waiting), [key(1)], "its two days begin anew");
}

#[test]
fn a_long_outage_stops_none_that_was_hardly_tried() {
    let sql = MemorySql::new();
    let actor = with(&sql, 50);
    let end = at(10).plus_millis(72 * 3_600_000);
    while let Some(now) = actor.next_wake().unwrap().filter(|now| *now < end) {
        let due = actor.due(now).unwrap().unwrap();
        actor.answered(&due.key, &http(500), false, now).unwrap();
    }
    assert_eq!(keys(&actor, Delivery::Stopped), [""; 0]);
}

#[test]
fn without_linea_inps_it_waits_and_says_so() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    for _ in 0..60 {
        let now = actor.next_wake().unwrap().unwrap();
        actor.answered(&key(1), &Answer::NotConfigured, false, now).unwrap();
    }
    let one = &actor.overview(&Category::ALL).unwrap()[0];
    assert_eq!((one.delivery, one.attempts), (Delivery::Waiting, 0));
    assert!(one.last_error.as_ref().unwrap().contains("LINEA_INPS"));
    assert_eq!(received(&actor), [("s1".into(), None, SegnalazioneState::Queued {})]);
}

#[test]
fn a_refused_voucher_asks_for_another_and_changes_nothing_yet() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    assert!(actor.answered(&key(1), &http(401), false, at(10)).unwrap());
    assert_eq!((received(&actor).len(), actor.overview(&Category::ALL).unwrap()[0].attempts), (0, 0));
    assert!(!actor.answered(&key(1), &http(401), true, at(10)).unwrap());
    let error = actor.overview(&Category::ALL).unwrap()[0].last_error.clone();
    assert_eq!(error.as_deref(), Some("Linea INPS does not accept our credentials"));
}

#[test]
fn an_update_moves_on_once_whatever_comes_again_or_late() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    actor.answered(&key(1), &taken("L-1"), false, at(10)).unwrap();
    let answered = SegnalazioneState::Answered { text: "Pagato.".into() };

    for (jti, state, text) in [
        ("a", UpdateState::Accepted, None),
        ("b", UpdateState::InProgress, None),
        ("c", UpdateState::InProgress, None),
        ("d", UpdateState::Answered, Some("Pagato.")),
        ("e", UpdateState::InProgress, None),
        ("f", UpdateState::Answered, Some("Altro.")),
    ] {
        assert_eq!(apply_update(&actor, 1, jti, state, text), Updated::Stored);
    }
    let states: Vec<_> = received(&actor).into_iter().map(|(_, _, state)| state).collect();
    assert_eq!(states, [SegnalazioneState::Accepted {}, SegnalazioneState::InProgress {}, answered]);
}

#[test]
fn an_update_before_the_answer_was_read_is_the_delivery() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    actor.answered(&key(1), &http(500), false, at(10)).unwrap();
    assert_eq!(apply_update(&actor, 1, "a", UpdateState::InProgress, None), Updated::Stored);
    for answer in [taken("L-2"), http(422), http(500), http(401)] {
        assert!(!actor.answered(&key(1), &answer, false, at(1010)).unwrap());
    }

    assert_eq!(received(&actor)[1..], [("s1".into(), Some("L-1".into()), SegnalazioneState::InProgress {})]);
    let one = &actor.overview(&Category::ALL).unwrap()[0];
    assert_eq!((one.delivery, one.number.as_deref()), (Delivery::Delivered, Some("L-1")));
    assert_eq!(actor.store.find(&key(1)).unwrap().unwrap().body, None);
}

#[test]
fn an_update_of_a_stopped_one_is_its_delivery_too() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    actor.answered(&key(1), &http(400), false, at(10)).unwrap();
    assert_eq!(apply_update(&actor, 1, "a", UpdateState::Accepted, None), Updated::Stored);
    assert_eq!(keys(&actor, Delivery::Delivered), [key(1)]);
}

#[test]
fn one_whose_answer_nobody_read_was_sent_all_the_same() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    assert_eq!(apply_update(&actor, 1, "a", UpdateState::Accepted, None), Updated::Stored);
    assert_eq!(actor.overview(&Category::ALL).unwrap()[0].attempts, 1);
}

#[test]
fn repeated_unknown_and_malformed_updates_are_told_apart() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    assert_eq!(apply_update(&actor, 1, "a", UpdateState::Accepted, None), Updated::Stored);
    assert_eq!(apply_update(&actor, 1, "a", UpdateState::Answered, Some("Falso.")), Updated::Replayed);
    assert_eq!(apply_update(&actor, 7, "b", UpdateState::Accepted, None), Updated::Unknown);
    assert_eq!(apply_update(&actor, 1, "c", UpdateState::Answered, None), Updated::Malformed);
    assert_eq!(received(&actor).len(), 1);
}

#[test]
fn a_signature_is_remembered_until_its_age_gives_it_away() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    let seen = Seen { jti: "a".into(), until: at(125_000) };
    let update = update(1, UpdateState::Accepted, None);
    let update_at = |wall: i64| actor.update(&update, &seen, at(wall), at(10)).unwrap();
    assert_eq!(
        [update_at(1), update_at(125_000), update_at(125_001)],
        [Updated::Stored, Updated::Replayed, Updated::Stored]
    );
}

#[test]
fn the_list_begins_with_stopped_ones_and_ends_with_the_newest_delivered() {
    let sql = MemorySql::new();
    let actor = with(&sql, 60);
    for ordinal in 1..=55 {
        actor.answered(&key(ordinal), &taken("L"), false, at(10)).unwrap();
    }
    actor.answered(&key(58), &http(422), false, at(10)).unwrap();

    let listed: Vec<_> = actor.overview(&Category::ALL).unwrap().into_iter().map(|one| one.key).collect();
    assert_eq!(listed[..6], [58, 56, 57, 59, 60, 55].map(key));
    assert_eq!((listed.len(), listed.last()), (55, Some(&key(6))));
    let json = serde_json::to_string(&actor.overview(&Category::ALL).unwrap()).unwrap();
    assert!(!json.contains("Lucia") && !json.contains("settembre"), "none of the texts");
}

#[test]
fn a_delivered_one_is_deleted_thirteen_months_after_its_last_update() {
    let sql = MemorySql::new();
    let actor = with(&sql, 3);
    let day = 24 * 60 * 60_000;
    let update_at = |ordinal, state, text, now| {
        let seen = Seen { jti: format!("j{ordinal}-{now}"), until: at(now + 1) };
        actor.update(&update(ordinal, state, text), &seen, at(now), at(now)).unwrap()
    };
    for ordinal in [1, 2] {
        actor.answered(&key(ordinal), &taken(&format!("L-{ordinal}")), false, at(10)).unwrap();
    }
    assert_eq!(update_at(2, UpdateState::InProgress, None, 300 * day), Updated::Stored);

    let now = 10 + 396 * day;
    actor.answered(&key(3), &taken("L-3"), false, at(now)).unwrap();
    assert_eq!(actor.wake(at(now)).unwrap(), None);
    assert_eq!(keys(&actor, Delivery::Delivered), [key(2), key(3)]);
    assert_eq!(update_at(1, UpdateState::Answered, Some("Pagato."), now), Updated::Unknown);
    assert_eq!(update_at(2, UpdateState::Answered, Some("Pagato."), now), Updated::Stored);
}

#[test]
fn a_message_that_was_given_up_is_kept_no_longer_than_a_segnalazione_is_and_under_a_hold() {
    let sql = MemorySql::new();
    let actor = with(&sql, 1);
    let day = 24 * 60 * 60_000;
    actor.answered(&key(1), &taken("L-1"), false, at(10)).unwrap();
    let letter = actor.outbox().due(at(600)).unwrap().remove(0);
    actor.outbox().give_up(&letter, "refused", at(11)).unwrap();
    let night = |days: i64| {
        actor.wake(at(days * day)).unwrap();
        actor.outbox().dead_letter_count().unwrap()
    };
    let (conversation, _) = parts_of(&key(1)).unwrap();

    assert_eq!(night(394), 1);
    actor.hold_object(conversation.object(), true).unwrap();
    assert_eq!(night(397), 1, "a hold is on its person");
    actor.hold_object(conversation.object(), false).unwrap();
    assert!(actor.next_wake().unwrap().is_some_and(|night| night <= at(397 * day)));
    assert_eq!(night(398), 0);
}

#[test]
fn a_store_that_fails_at_any_statement_loses_nothing() {
    type Event = fn(&LineaInpsActor<&MemorySql>) -> Result<(), Fault>;
    let events: [Event; 6] = [
        |actor| match actor.on_notification("conversation", 9, &document(2), at(20)) {
            Ok(()) => Ok(()),
            Err(Error::Fault(fault)) => Err(fault),
            Err(Error::Refused(refusal)) => panic!("{refusal:?}"),
        },
        |actor| actor.answered(&key(1), &taken("L-1"), false, at(20)).map(|_| ()),
        |actor| actor.answered(&key(1), &http(500), false, at(20)).map(|_| ()),
        |actor| actor.answered(&key(1), &http(422), false, at(20)).map(|_| ()),
        // `picture` brings what the audit trail is told, too.
        |actor| actor.retry(&ActedBy::default(), &key(1), &Category::ALL, at(20)).map(|_| ()),
        |actor| {
            let seen = Seen { jti: "z".into(), until: at(99) };
            let update = update(1, UpdateState::Answered, Some("Pagato."));
            actor.update(&update, &seen, at(20), at(20)).map(|_| ())
        },
    ];
    for event in events {
        let untouched = MemorySql::new();
        event(&with(&untouched, 1)).unwrap();
        let expected = picture(&actor(&untouched));
        let mut failures = 0;
        for statements in 0.. {
            let sql = MemorySql::new();
            let actor = with(&sql, 1);
            let before = picture(&actor);
            sql.fail_after.set(statements);
            let failed = event(&actor).is_err();
            sql.fail_after.set(-1);
            if !failed {
                assert_eq!(picture(&actor), expected);
                break;
            }
            failures += 1;
            assert_eq!(picture(&actor), before, "statement {statements}: half done");
            event(&actor).unwrap();
            assert_eq!(picture(&actor), expected, "statement {statements}: not done again");
        }
        assert!(failures >= 3, "an event that stores nothing proves nothing");
    }
}

/// Everything that can be seen of a actor.
fn picture(actor: &LineaInpsActor<&MemorySql>) -> String {
    let rows: Vec<_> = (1..=2).map(|ordinal| actor.store.find(&key(ordinal)).unwrap()).collect();
    let messages: Vec<_> = received(actor);
    format!(
        "{:?} {rows:?} {messages:?} {:?}",
        actor.overview(&Category::ALL).unwrap(),
        actor.next_wake().unwrap()
    )
}

fn actor(sql: &MemorySql) -> LineaInpsActor<&MemorySql> {
    LineaInpsActor::open(sql, Vec::new(), at(0)).unwrap()
}

#[test]
fn the_register_is_told_once_that_the_first_segnalazione_of_a_conversation_was_sent_and_answered() {
    let sql = MemorySql::new();
    let actor = with(&sql, 2);
    let second = document(1).replace(&key(1), &format!("{}-1.second", "0f".repeat(32)));
    for id in [8, 9] {
        actor.on_notification("conversation", id, &second, at(11)).unwrap();
    }
    let answered = |key: String, jti: &str, now| {
        let update = Update { key, ..update(1, UpdateState::Answered, Some("Pagato.")) };
        let seen = Seen { jti: jti.into(), until: at(125_000) };
        assert_eq!(actor.update(&update, &seen, at(20), at(now)).unwrap(), Updated::Stored);
    };
    answered(format!("{}-1.second", "0f".repeat(32)), "a", 30);
    answered(key(1), "b", 40);
    answered(key(1), "c", 50);

    let forwarded = EventKind::Forwarded {};
    let expected = [(1, 10, forwarded.clone()), (2, 10, forwarded), (1, 40, EventKind::OfficeAnswered {})];
    assert_eq!(reported(&actor), expected);
}

#[test]
fn a_segnalazione_is_found_by_its_number_and_by_its_protocol_after_its_words_are_forgotten() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let about = document(1).replacen('{', r#"{"protocol":"INPS.1/2","#, 1);
    actor.on_notification("conversation", 1, &about, at(10)).unwrap();
    actor.on_notification("conversation", 2, &document(2), at(10)).unwrap();
    actor.answered(&key(1), &taken("L-1"), false, at(11)).unwrap();

    let found = |number, protocol| actor.conversations_of(number, protocol).unwrap();
    let first = parts_of(&key(1)).unwrap().0;
    assert_eq!(found(Some("L-1"), None), std::slice::from_ref(&first));
    assert_eq!(found(None, Some("INPS.1/2")), std::slice::from_ref(&first));
    assert!(found(Some("L-2"), None).is_empty());
    assert!(found(None, Some("%")).is_empty());
    assert!(found(None, None).is_empty());
}

/// An actor that has received `count` segnalazioni, at 10.
fn with(sql: &MemorySql, count: u32) -> LineaInpsActor<&MemorySql> {
    let actor = actor(sql);
    for ordinal in 1..=count {
        actor.on_notification("conversation", ordinal.into(), &document(ordinal), at(10)).unwrap();
    }
    actor
}

/// The states that conversations were notified of, in order.
fn received(actor: &LineaInpsActor<&MemorySql>) -> Vec<(String, Option<String>, SegnalazioneState)> {
    let mut received = Vec::new();
    let sql = actor.store.sql();
    let undo: Result<(), Fault> = sql.transaction(|| {
        while let Some(message) = actor.outbox().due(at(i64::MAX))?.into_iter().next() {
            if message.destination == Destination::Register {
                actor.delivered(&message, at(0))?;
                continue;
            }
            let ConversationNotification { conversation, command } =
                OutboxMessage::stored(&message.notification)?;
            assert_eq!(message.destination, Destination::Conversation(conversation.object().into()));
            let ConversationCommand::Segnalazione(SegnalazioneStatus { id, number, state }) = command else {
                panic!("{command:?}")
            };
            received.push((id.to_string(), number, state));
            actor.delivered(&message, at(0))?;
        }
        Err(Fault::Store("only looking".into()))
    });
    assert!(undo.is_err());
    received
}

/// The events that the register was notified of, in order.
fn reported(actor: &LineaInpsActor<&MemorySql>) -> Vec<(u32, i64, EventKind)> {
    let mut reported = Vec::new();
    let undo: Result<(), Fault> = actor.store.sql().transaction(|| {
        while let Some(message) = actor.outbox().due(at(i64::MAX))?.into_iter().next() {
            if message.destination == Destination::Register {
                let event: Event = serde_json::from_str(&message.notification).unwrap();
                reported.push((event.conversation.ordinal(), event.at.as_millis(), event.kind));
            }
            actor.delivered(&message, at(0))?;
        }
        Err(Fault::Store("only looking".into()))
    });
    assert!(undo.is_err());
    reported
}

#[test]
fn supervisors_see_and_send_again_what_people_of_their_queues_sent() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let of = |number: u32, category: &str| {
        let mut document: serde_json::Value = serde_json::from_str(&document(number)).unwrap();
        document["person"]["category"] = category.into();
        document.to_string()
    };
    for (number, category) in [(1, "lavoratore"), (2, "consulente")] {
        actor.on_notification("conversation", number.into(), &of(number, category), at(5)).unwrap();
    }
    let keys = |categories: &[Category]| -> Vec<String> {
        actor.overview(categories).unwrap().into_iter().map(|one| one.key).collect()
    };

    assert_eq!(keys(&[Category::Lavoratore]), [key(1)]);
    assert_eq!(keys(&[Category::Titolare, Category::Consulente]), [key(2)]);
    assert_eq!(keys(&[]), [""; 0]);
    assert!(!actor.retry(&ActedBy::default(), &key(1), &[Category::Consulente], at(6)).unwrap());
    assert!(actor.retry(&ActedBy::default(), &key(1), &[Category::Lavoratore], at(6)).unwrap());

    // The document of one that is delivered is gone; whose it was is not.
    actor.answered(&key(1), &taken("L-1"), false, at(7)).unwrap();
    assert_eq!(keys(&[Category::Consulente]), [key(2)]);
    assert_eq!(keys(&[Category::Lavoratore]), [key(1)]);
}

fn keys(actor: &LineaInpsActor<&MemorySql>, delivery: Delivery) -> Vec<String> {
    let mut keys: Vec<_> = actor.overview(&Category::ALL).unwrap();
    keys.retain(|one| one.delivery == delivery);
    let mut keys: Vec<_> = keys.into_iter().map(|one| one.key).collect();
    keys.sort();
    keys
}

fn apply_update(
    actor: &LineaInpsActor<&MemorySql>,
    ordinal: u32,
    jti: &str,
    state: UpdateState,
    text: Option<&str>,
) -> Updated {
    let seen = Seen { jti: jti.into(), until: at(125_000) };
    actor.update(&update(ordinal, state, text), &seen, at(20), at(20)).unwrap()
}

fn update(ordinal: u32, state: UpdateState, text: Option<&str>) -> Update {
    Update { key: key(ordinal), number: "L-1".into(), state, text: text.map(str::to_string) }
}

fn taken(number: &str) -> Answer {
    let body = Body::Whole(format!(r#"{{"number":"{number}"}}"#));
    Answer::Http { status: 201, wait_ms: None, body }
}

fn http(status: u16) -> Answer {
    Answer::Http { status, wait_ms: None, body: Body::Whole(String::new()) }
}

fn key(ordinal: u32) -> String {
    format!("{}-{ordinal}.s{ordinal}", "0f".repeat(32))
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// Each written a second after the one before.
fn document(ordinal: u32) -> String {
    let written = jiff::Timestamp::from_millisecond(1_793_890_799_000 + i64::from(ordinal) * 1000).unwrap();
    serde_json::json!({
        "key": key(ordinal), "at": written.to_string(), "office": "058",
        "person": { "name": "Lucia Ferretti", "category": "lavoratore", "province": "058", "credential": "spid-l2" },
        "subject": { "issuer": "https://portale.example", "subject": "p-1", "category": "lavoratore" },
        "description": "Il pagamento di settembre non è arrivato.",
    })
    .to_string()
}

// SPDX-License-Identifier: EUPL-1.2
//! The end, and everything that time alone changes.

use super::*;

#[test]
fn a_waiting_person_who_is_connected_nowhere_is_let_go_although_memory_is_lost() {
    let sql = MemorySql::new();
    let id = admit(&actor(&sql), 0);
    hello(&actor(&sql), &id, 0);
    assert_eq!(actor(&sql).next_wake().unwrap(), Some(at(900_000)));

    let one_left = [citizen(&id)];
    actor(&sql).reconcile_connections(&one_left, at(1_000)).unwrap();
    assert_eq!(actor(&sql).next_wake().unwrap(), Some(at(900_000)));
    actor(&sql).reconcile_connections(&[advisor(&id)], at(2_000)).unwrap();
    assert_eq!(actor(&sql).next_wake().unwrap(), Some(at(602_000)));
    hello(&actor(&sql), &id, 0);
    actor(&sql).on_last_disconnect(&citizen(&id), at(3_000)).unwrap();

    let outcome = actor(&sql).wake(at(603_000)).unwrap().unwrap();
    let ServerFrame::Entries { entries } = frame(&outcome.broadcast.unwrap().frames[0]) else {
        panic!("no entries")
    };
    let closed = EntryBody::Closed { by: Party::System, outcome: Some(Ending::Abandoned) };
    assert_eq!(entries[0].body, closed);
}

#[test]
fn the_alarm_moves_only_for_a_person_who_owes_an_answer_and_silence_is_remembered() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    assign(&actor, 1, &id, 1);
    let post = |link: &LinkState, message: &str, now| {
        let text = format!(r#"{{"post":{{"id":"{message}","text":"ciao"}}}}"#);
        receive(&actor, link, &text, at(now)).alarm
    };

    // The desk is notified which side speaks: a message of the outbox leaves with the alarm.
    assert_eq!(post(&citizen(&id), "c1", 2), AlarmUpdate::NoLaterThan(at(2)));
    assert_eq!(post(&citizen(&id), "c2", 3), AlarmUpdate::Keep);
    assert_eq!(post(&advisor(&id), "a1", 10), AlarmUpdate::NoLaterThan(at(10)));
    assert_eq!(post(&advisor(&id), "a2", 20), AlarmUpdate::Keep);
    let fresh = self::actor(&sql);
    assert_eq!(fresh.next_wake().unwrap(), Some(at(480_020)), "read from the log");
    assert!(fresh.wake(at(480_020)).unwrap().is_some());
    let stays = send(&fresh, &id, &ClientFrame::Stay {}, 480_030);
    assert!(stays.broadcast.is_some());
}

#[test]
fn the_end_is_told_to_both_and_closes_their_sockets() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);

    let outcome = send(&actor, &id, &ClientFrame::Close {}, 1);

    let broadcast = outcome.broadcast.unwrap();
    assert_eq!(broadcast.then_close, Closes::Everybody);
    assert!(matches!(frame(&broadcast.frames[0]), ServerFrame::Entries { entries }
        if entries[0].body == EntryBody::Closed { by: Party::Citizen, outcome: None }));
}

#[test]
fn closing_time_comes_once_although_memory_is_lost() {
    let sql = MemorySql::new();
    let id = admit(&actor(&sql), 0);
    hello(&actor(&sql), &id, 0);
    assert_eq!(actor(&sql).wake(at(899_999)).unwrap(), None);

    assert!(actor(&sql).wake(at(900_000)).unwrap().unwrap().broadcast.is_some());
    assert_eq!(actor(&sql).next_wake().unwrap(), Some(at(1_000_000)));
    let ended = actor(&sql).wake(at(1_000_000)).unwrap().unwrap();
    assert_eq!(ended.broadcast.unwrap().then_close, Closes::Everybody);

    assert_eq!((actor(&sql).wake(at(2_000_000)).unwrap(), actor(&sql).next_wake().unwrap()), (None, None));
    assert_eq!(resumed(&actor(&sql), &id, 0), [1, 2, 3]);
}

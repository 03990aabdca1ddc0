// SPDX-License-Identifier: EUPL-1.2
//! Messages, ephemeral news, and the limits of frames.

use super::*;

#[test]
fn a_frame_has_a_largest_size() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    let effects = |size: usize| {
        let post = r#"{"post":{"id":"m1","text":"ciao"}}"#;
        let frame = [post, &" ".repeat(size - post.len())].concat();
        receive(&actor, &citizen(&id), &frame, at(1))
    };

    assert_eq!(effects(65_536).close_sender, None);
    assert_eq!(effects(65_537).close_sender, Some(close::TOO_LARGE));
    assert_eq!(resumed(&actor, &id, 0), [1, 2]);
}

#[test]
fn a_flood_of_frames_ends_the_link_and_messages_that_come_too_fast_do_not() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    for n in 0..500 {
        post(&actor, &id, &format!("m{n}"), 1);
    }
    let slowed = post(&actor, &id, "one-more", 1);
    assert!(matches!(
        frame(&slowed.replies[0]),
        ServerFrame::Refused { code: Code::TooFast, retry_after_ms: Some(_), .. }
    ));
    assert_eq!(slowed.close_sender, None);

    let flood = (0..6_000).map(|_| send(&actor, &id, &ClientFrame::Typing {}, 1));
    assert!(flood.into_iter().any(|effects| effects.close_sender == Some(close::TOO_FAST)));
}

#[test]
fn ephemeral_news_is_not_stored() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);

    let read = send(&actor, &id, &ClientFrame::Read { up_to: 99 }, 1);
    assert_eq!(read.ephemeral, Some(Ephemeral::Read(1)));
    assert_eq!(send(&actor, &id, &ClientFrame::Typing {}, 1).ephemeral, Some(Ephemeral::Typing));

    send(&actor, &id, &ClientFrame::Close {}, 2);
    assert_eq!(send(&actor, &id, &ClientFrame::Typing {}, 3).ephemeral, None);
    assert_eq!(resumed(&actor, &id, 0), [1, 2]);
}

#[test]
fn a_message_repeated_is_answered_and_not_stored_again() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);

    let first = post(&actor, &id, "m1", 1);
    let again = post(&actor, &id, "m1", 2);

    assert_eq!((first.messages, again.messages), (1, 0), "it is counted as stored once");
    assert_eq!(again.broadcast, None);
    assert_eq!(again.replies, first.broadcast.unwrap().frames);
    assert_eq!(resumed(&actor, &id, 0), [1, 2]);
}

#[test]
fn memory_can_be_wiped_between_any_two_events() {
    let sql = MemorySql::new();
    let id = admit(&actor(&sql), 0);
    for n in 1..=5 {
        post(&actor(&sql), &id, &format!("m{n}"), n);
    }
    assert_eq!(resumed(&actor(&sql), &id, 0), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_store_that_fails_at_any_statement_leaves_nothing_half_done() {
    for statements in 0..12 {
        let sql = MemorySql::new();
        let actor = actor(&sql);
        let id = admit(&actor, 0);

        sql.fail_after.set(statements);
        let text = r#"{"post":{"id":"m1","text":"ciao"}}"#;
        let failed = actor.receive(&citizen(&id), text, at(1)).is_err();
        sql.fail_after.set(-1);

        let stored = resumed(&actor, &id, 0);
        assert_eq!(stored, if failed { vec![1] } else { vec![1, 2] });
        post(&actor, &id, "m1", 2);
        assert_eq!(resumed(&actor, &id, 0), [1, 2]);
    }
}

#[test]
fn a_person_who_writes_after_the_warning_is_there_and_the_other_side_sees_them_write() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    assign(&actor, 1, &id, 1);
    let words = r#"{"post":{"id":"a","text":"Mi dica."}}"#;
    receive(&actor, &advisor(&id), words, at(2));
    let due = actor.next_wake().unwrap().unwrap();
    actor.wake(due).unwrap().unwrap();

    let typing = receive(&actor, &citizen(&id), r#"{"typing":{}}"#, due.plus_millis(1));

    assert_eq!(typing.ephemeral, Some(Ephemeral::Typing));
    assert!(typing.broadcast.unwrap().frames[0].contains(r#""stayed":{}"#));
    let again = receive(&actor, &citizen(&id), r#"{"typing":{}}"#, due.plus_millis(2));
    assert_eq!((again.ephemeral, again.broadcast), (Some(Ephemeral::Typing), None));
}

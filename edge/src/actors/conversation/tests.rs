// SPDX-License-Identifier: EUPL-1.2
//! The conversation actor, verb by verb, on a store in memory.

use std::num::{NonZeroU16, NonZeroU32};

use infocig_domain::{
    conversation::ClosingTime,
    notification::{ConversationCommand, Release},
    people::{Advisor, Asker, Subject},
    plain_page,
    transcript::{self, Format},
};
use infocig_protocol::{
    case::{BenefitKind, Case, CaseStatus, Payment},
    close,
    entry::{EntryBody, Outcome as Ending},
    frame::{EarlierConversation, Estimate, Page, QueuePlace},
    id::{CaseId, MessageId, QueueId},
    language::Language,
    person::{Category, Credential, PersonCard},
    rating::{Answer, Rating},
    segnalazione::{SegnalazioneDraft, SegnalazioneStanding, SegnalazioneState},
    version,
};

use super::*;
use crate::{actors::AlarmUpdate, sql::testing::MemorySql, store::Destination};

const KEY: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn whoever_comes_again_finds_their_open_conversation() {
    let sql = MemorySql::new();
    let actor = actor(&sql);

    let first = admit(&actor, 1);
    assert_eq!(actor.admit(asker(), queue(), Some(closing()), at(2)).unwrap(), Admitted::Open(first.clone()));
    assert_eq!(actor.admit(asker(), queue(), None, at(3)).unwrap(), Admitted::Open(first));
}

#[test]
fn a_page_loaded_anew_finds_what_it_showed_and_begins_nothing() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let stranger = ConversationId::of(&"0e".repeat(32), 1).unwrap();
    assert_eq!(actor.resume(&stranger).unwrap(), None);

    let first = admit(&actor, 1);
    assert_eq!(actor.resume(&first).unwrap(), Some(first.clone()));
    send(&actor, &first, &ClientFrame::Close {}, 2);
    assert_eq!(actor.resume(&first).unwrap(), Some(first.clone()));
    let second = admit(&actor, 3);
    assert_eq!(actor.resume(&first).unwrap(), Some(second));
    assert_eq!(
        actor.resume(&ConversationId::of(&"0f".repeat(32), 9).unwrap()).unwrap().map(|id| id.ordinal()),
        Some(2)
    );
}

#[test]
fn nobody_begins_when_none_may() {
    let sql = MemorySql::new();
    assert_eq!(actor(&sql).admit(asker(), queue(), None, at(1)).unwrap(), Admitted::Nowhere);
}

/// Kind: one person who takes everybody's time.
#[test]
fn one_person_begins_so_many_conversations_in_a_time_and_no_more() {
    let sql = MemorySql::new();
    let actor = |sql| {
        let policy = Policy::parse(include_str!("../../../policy.json")).unwrap();
        ConversationActor::open(sql, "0f".repeat(32), KEY.into(), &policy).unwrap()
    };
    let begin_and_leave = |now| {
        let actor = actor(&sql);
        let id = admit(&actor, now);
        send(&actor, &id, &ClientFrame::Close {}, now + 1);
    };
    (0..6).for_each(|number| begin_and_leave(number * 10));

    let again = at(30 * 60_000);
    let asks = |now| actor(&sql).admit(asker(), queue(), Some(closing()), at(now)).unwrap();
    assert_eq!(asks(100), Admitted::TooOften { again });
    assert_eq!(asks(30 * 60_000 - 1), Admitted::TooOften { again });
    begin_and_leave(30 * 60_000);
    assert_eq!(asks(30 * 60_000 + 5), Admitted::TooOften { again: at(30 * 60_000 + 10) });
    let open = admit(&actor(&sql), 30 * 60_000 + 10);
    assert_eq!(asks(30 * 60_000 + 11), Admitted::Open(open), "an open one is always found again");
}

#[test]
fn an_object_that_lost_its_storage_or_is_an_older_copy_gives_no_number_twice() {
    const THIS_AFTERNOON: i64 = 1_795_442_400_000;
    let half_an_hour = 30 * 60_000;
    let begun = |sql: &MemorySql, now| {
        let actor = actor(sql);
        let id = admit(&actor, now);
        receive(&actor, &citizen(&id), r#"{"close":{}}"#, at(now + 1));
        id.ordinal()
    };
    let (lost, fresh) = (MemorySql::new(), MemorySql::new());

    let given = [begun(&lost, THIS_AFTERNOON), begun(&lost, THIS_AFTERNOON + 2)];
    let again = begun(&fresh, THIS_AFTERNOON + half_an_hour);

    assert_eq!(given[1], given[0] + 1);
    assert!(again > given[1], "{again} after {given:?}");
    // The copy ends before what was given since.
    let copy = begun(&fresh, THIS_AFTERNOON + 2 * half_an_hour);
    assert!(copy > again + 1, "{copy} after {again}");
}

#[test]
fn after_the_end_a_new_conversation_begins_beside_the_old_one() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let first = admit(&actor, 1);
    receive(&actor, &citizen(&first), r#"{"close":{}}"#, at(2));

    let second = admit(&actor, 3);

    assert_eq!((first.ordinal(), second.ordinal()), (1, 2));
    assert_eq!(resumed(&actor, &first, 0).len(), 2);
    assert_eq!(resumed(&actor, &second, 0), [1]);
}

#[test]
fn a_cursor_brings_exactly_what_is_missing() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    for n in 1..=450 {
        post(&actor, &id, &format!("m{n}"), n);
    }

    assert_eq!(resumed(&actor, &id, 0), (1..=451).collect::<Vec<_>>());
    assert_eq!(resumed(&actor, &id, 449), [450, 451]);
    assert_eq!(resumed(&actor, &id, 451), [0_u64; 0]);
    assert_eq!(resumed(&actor, &id, 999), (1..=451).collect::<Vec<_>>());
}

#[test]
fn a_client_is_sent_one_page_and_asks_for_more() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    for n in 1..=450 {
        post(&actor, &id, &format!("m{n}"), n);
    }
    let page = |page| told(&send(&actor, &id, &ClientFrame::Page(page), 500));

    assert_eq!(welcomed(&actor, &id, 0), (252..=451).collect::<Vec<_>>());
    assert_eq!(page(Page::Before(252)), (52..=251).collect::<Vec<_>>());
    assert_eq!(page(Page::Before(52)), (1..=51).collect::<Vec<_>>());
    assert_eq!(welcomed(&actor, &id, 100), (101..=300).collect::<Vec<_>>());
    assert_eq!(page(Page::After(300)), (301..=451).collect::<Vec<_>>());
    assert_eq!(page(Page::After(u64::MAX)), [0_u64; 0]);
    assert_eq!(page(Page::Before(1)), [0_u64; 0]);
}

#[test]
fn a_page_of_long_messages_has_fewer_of_them() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    for n in 1..=100 {
        let text = "x".repeat(4_000);
        let id_of_message = MessageId::parse(format!("m{n}")).unwrap();
        send(&actor, &id, &ClientFrame::Post { id: id_of_message, text }, n);
    }
    let newest = welcomed(&actor, &id, 0);
    assert_eq!(newest.last(), Some(&101));
    assert!((30..40).contains(&newest.len()), "{}", newest.len());
}

#[test]
fn a_frame_has_a_largest_size() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    let outcome = |size: usize| {
        let post = r#"{"post":{"id":"m1","text":"ciao"}}"#;
        let frame = [post, &" ".repeat(size - post.len())].concat();
        receive(&actor, &citizen(&id), &frame, at(1))
    };

    assert_eq!(outcome(65_536).close_sender, None);
    assert_eq!(outcome(65_537).close_sender, Some(close::TOO_LARGE));
    assert_eq!(resumed(&actor, &id, 0), [1, 2]);
}

#[test]
fn a_history_has_the_newest_twenty() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    for n in 0..21 {
        let id = admit(&actor, 2 * n);
        send(&actor, &id, &ClientFrame::Close {}, 2 * n + 1);
    }

    let ordinals: Vec<u32> =
        actor.history().unwrap().iter().map(|past| past.conversation.ordinal()).collect();
    assert_eq!(ordinals, (2..=21).rev().collect::<Vec<_>>());
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
    assert!(flood.into_iter().any(|outcome| outcome.close_sender == Some(close::TOO_FAST)));
}

#[test]
fn what_is_ephemeral_is_not_stored() {
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
fn the_desk_is_told_in_the_order_things_happened() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 5);
    receive(&actor, &citizen(&id), r#"{"close":{}}"#, at(6));

    let first = actor.outbox().due(at(9)).unwrap().remove(0);
    assert_eq!(first.destination, Destination::Desk(queue()));
    assert!(first.notification.contains("waiting"));
    actor.outbox().postpone(&first, at(9)).unwrap();
    assert_eq!(actor.outbox().due(at(9)).unwrap(), []);
    assert_eq!(actor.outbox().next_due().unwrap(), Some(at(9 + 250)));

    actor.delivered(&first, at(300)).unwrap();
    assert!(actor.outbox().due(at(300)).unwrap()[0].notification.contains("closed"));
}

#[test]
fn an_assignment_heard_twice_is_one_assignment() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    let notification = word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() });

    assert!(actor.on_notification("desk", 7, &notification, at(1)).unwrap().broadcast.is_some());
    assert_eq!(actor.on_notification("desk", 7, &notification, at(2)).unwrap(), Effects::default());
    assert_eq!(resumed(&actor, &id, 0), [1, 2]);
}

#[test]
fn what_the_desk_says_shows_the_door_to_whoever_may_no_longer_read() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    let hear = |number, said| actor.on_notification("desk", number, &word(&id, said), at(number)).unwrap();

    let assigned = hear(1, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() });
    assert_eq!(assigned.broadcast.unwrap().readers, Some(vec![giulia().id]));
    let released = hear(2, ConversationCommand::Released { why: Release::Lost });
    assert_eq!(released.broadcast.unwrap().readers, Some(Vec::new()));
    let said = send(&actor, &id, &ClientFrame::Typing {}, 3);
    assert_eq!(said.ephemeral, Some(Ephemeral::Typing));
}

#[test]
fn a_place_in_the_queue_is_told_to_the_person_at_once_and_after_every_welcome() {
    let sql = MemorySql::new();
    let id = admit(&actor(&sql), 0);
    let place = QueuePlace { position: 2, estimate: Estimate::Unknown {} };

    let told =
        actor(&sql).on_notification("desk", 1, &word(&id, ConversationCommand::Place(place)), at(1)).unwrap();

    let expected = serde_json::to_string(&ServerFrame::Queue(place)).unwrap();
    assert_eq!(told.direct, [(Recipient::Citizen(id.clone()), expected.clone())]);
    assert_eq!(told.broadcast, None);
    assert_eq!(hello(&actor(&sql), &id, 0).replies.last(), Some(&expected));
}

#[test]
fn whoever_waits_and_is_connected_nowhere_is_let_go_whatever_memory_is_lost() {
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
fn an_advisor_is_told_what_a_person_came_with_before_and_reads_it_page_by_page() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let first = admit(&actor, 10);
    actor
        .on_notification(
            "desk",
            1,
            &word(&first, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(11),
        )
        .unwrap();
    for n in 0..400 {
        post(&actor, &first, &format!("m{n}"), 12);
    }
    actor
        .on_notification(
            "desk",
            2,
            &word(&first, ConversationCommand::Close { outcome: Ending::LineaInps }),
            at(20),
        )
        .unwrap();
    let second = admit(&actor, 30);
    actor
        .on_notification(
            "desk",
            3,
            &word(&second, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(31),
        )
        .unwrap();
    actor
        .on_notification(
            "desk",
            4,
            &word(&second, ConversationCommand::Released { why: Release::Lost }),
            at(32),
        )
        .unwrap();
    send(&actor, &second, &ClientFrame::Close {}, 40);
    let third = admit(&actor, 50);
    actor
        .on_notification(
            "desk",
            5,
            &word(&third, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(51),
        )
        .unwrap();

    assert_eq!(earlier(&hello(&actor, &third, 0)), None, "the person is not told");
    let told = earlier(&hello_of(&actor, &third, giulia_speaks())).unwrap();
    let of_first = EarlierConversation {
        conversation: first.clone(),
        opened: at(10),
        closed: at(20),
        by: Party::Advisor,
        outcome: Some(Ending::LineaInps),
        advisor: Some("Giulia".into()),
        preview: Some("ciao".into()),
        entries: 403,
        segnalazioni: Vec::new(),
    };
    let of_second = EarlierConversation {
        conversation: second,
        opened: at(30),
        closed: at(40),
        by: Party::Citizen,
        outcome: None,
        advisor: Some("Giulia".into()),
        preview: None,
        entries: 4,
        segnalazioni: Vec::new(),
    };
    assert_eq!(told, [of_second, of_first]);

    let page = |before| page_of(&actor, &advisor(&third), &first, before).unwrap();
    assert_eq!(page(None), (204..=403).collect::<Vec<_>>());
    assert_eq!(page(Some(204)), (4..=203).collect::<Vec<_>>());
    assert_eq!(page(Some(4)), [1, 2, 3]);
    assert_eq!(page(Some(1)), [0_u64; 0]);
}

#[test]
fn only_an_advisor_in_whose_hands_it_is_reads_what_was_before_and_nothing_else() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let first = admit(&actor, 0);
    send(&actor, &first, &ClientFrame::Close {}, 1);
    let second = admit(&actor, 2);
    let asks = |link: &LinkState, target: &ConversationId| page_of(&actor, link, target, None);
    assert_eq!(asks(&citizen(&second), &first), Err(Code::NotAssigned));
    assert_eq!(asks(&advisor(&second), &first), Err(Code::NotAssigned), "not in their hands");

    actor
        .on_notification(
            "desk",
            1,
            &word(&second, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(3),
        )
        .unwrap();
    assert_eq!(asks(&advisor(&second), &first), Ok(vec![1, 2]));
    assert_eq!(asks(&citizen(&second), &first), Err(Code::NotAssigned));
    for target in [
        second.clone(),
        ConversationId::of(&"0f".repeat(32), 3).unwrap(),
        ConversationId::of(&"0e".repeat(32), 1).unwrap(),
    ] {
        assert_eq!(asks(&advisor(&second), &target), Err(Code::NotFound), "{target}");
    }
    actor
        .on_notification(
            "desk",
            2,
            &word(&second, ConversationCommand::Released { why: Release::Lost }),
            at(4),
        )
        .unwrap();
    assert_eq!(asks(&advisor(&second), &first), Err(Code::NotAssigned), "not any more");
}

#[test]
fn of_many_earlier_conversations_the_newest_are_told_and_a_wake_costs_the_same() {
    let cost = |many: u32| {
        let sql = MemorySql::new();
        for n in 0..many {
            let id = admit(&actor(&sql), i64::from(2 * n));
            send(&actor(&sql), &id, &ClientFrame::Close {}, i64::from(2 * n + 1));
        }
        let id = admit(&actor(&sql), 1_000);
        let assigned = word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() });
        actor(&sql).on_notification("desk", 1, &assigned, at(1_001)).unwrap();
        sql.fail_after.set(1_000);
        let told = earlier(&hello_of(&actor(&sql), &id, giulia_speaks())).unwrap_or_default();
        (1_000 - sql.fail_after.get(), told.iter().map(|one| one.conversation.ordinal()).collect::<Vec<_>>())
    };

    let (statements, none) = cost(0);
    assert_eq!(none, [0_u32; 0]);
    assert_eq!(cost(50), (statements, (31..=50).rev().collect()));
}

#[test]
fn the_alarm_comes_earlier_only_for_who_owes_an_answer_and_silence_is_remembered() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    actor
        .on_notification(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(1),
        )
        .unwrap();
    let say = |link: &LinkState, message: &str, now| {
        let text = format!(r#"{{"post":{{"id":"{message}","text":"ciao"}}}}"#);
        receive(&actor, link, &text, at(now)).alarm
    };

    assert_eq!(say(&citizen(&id), "c1", 2), AlarmUpdate::Keep);
    assert_eq!(say(&advisor(&id), "a1", 10), AlarmUpdate::NoLaterThan(at(480_010)));
    assert_eq!(say(&advisor(&id), "a2", 20), AlarmUpdate::Keep);
    let fresh = self::actor(&sql);
    assert_eq!(fresh.next_wake().unwrap(), Some(at(480_020)), "read from the log");
    assert!(fresh.wake(at(480_020)).unwrap().is_some());
    let stays = receive(&fresh, &citizen(&id), r#"{"stay":{}}"#, at(480_030));
    assert!(stays.broadcast.is_some());
}

#[test]
fn the_end_is_told_to_both_and_closes_their_sockets() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);

    let outcome = receive(&actor, &citizen(&id), r#"{"close":{}}"#, at(1));

    let broadcast = outcome.broadcast.unwrap();
    assert_eq!(broadcast.then_close, Closes::Everybody);
    assert!(matches!(frame(&broadcast.frames[0]), ServerFrame::Entries { entries }
        if entries[0].body == EntryBody::Closed { by: Party::Citizen, outcome: None }));
}

#[test]
fn closing_time_comes_once_whoever_sleeps_through_it() {
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

#[test]
fn a_stranger_is_refused_and_shown_the_door() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    let stranger = LinkState { speaker: None, ..citizen(&id) };

    for (text, code) in [
        (r#"{"post":{"id":"m1","text":"ciao"}}"#, Code::HelloExpected),
        (r#"{"hello":{"version":2,"ticket":"forged"}}"#, Code::TicketInvalid),
        (r#"{"hello":{"version":1,"ticket":"x"}}"#, Code::VersionUnsupported),
        (r#"{"dance":{}}"#, Code::FrameUnknown),
        ("{", Code::FrameMalformed),
    ] {
        let outcome = receive(&actor, &stranger, text, at(1));
        assert!(
            matches!(frame(&outcome.replies[0]), ServerFrame::Refused { code: found, .. } if found == code)
        );
        assert_eq!(outcome.close_sender, Some(close::REFUSED), "{text}");
    }
}

fn actor(sql: &MemorySql) -> ConversationActor<&MemorySql> {
    actor_with(sql, 5_000)
}

/// An actor whose conversations have at most so many entries.
fn actor_with(sql: &MemorySql, per_conversation: u32) -> ConversationActor<&MemorySql> {
    let number = |n| NonZeroU32::new(n).unwrap();
    let mut policy = Policy::parse(include_str!("../../../policy.json")).unwrap();
    policy.messages =
        Messages { burst: number(500), per_minute: number(60), per_conversation: number(per_conversation) };
    policy.conversations.most = NonZeroU16::MAX;
    ConversationActor::open(sql, "0f".repeat(32), KEY.into(), &policy).unwrap()
}

fn admit(actor: &ConversationActor<&MemorySql>, now: i64) -> ConversationId {
    match actor.admit(asker(), queue(), Some(closing()), at(now)).unwrap() {
        Admitted::Open(id) | Admitted::Begun(id) => id,
        other @ (Admitted::Nowhere | Admitted::TooOften { .. }) => panic!("{other:?}"),
    }
}

/// The effects of a frame, or of its refusal, as the link has them.
fn receive(actor: &ConversationActor<&MemorySql>, link: &LinkState, text: &str, now: Timestamp) -> Effects {
    match actor.receive(link, text, now) {
        Ok(effects) => effects,
        Err(Error::Refused(refusal)) => Effects::refusing::<ConversationActor<&MemorySql>>(refusal).unwrap(),
        Err(Error::Fault(fault)) => panic!("{fault}"),
    }
}

#[track_caller]
fn refused<T>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        Err(Error::Fault(fault)) => panic!("{fault}"),
        Ok(_) => panic!("not refused"),
    }
}

fn send(
    actor: &ConversationActor<&MemorySql>,
    id: &ConversationId,
    frame: &ClientFrame,
    now: i64,
) -> Effects {
    send_on(actor, &citizen(id), frame, now)
}

fn send_on(
    actor: &ConversationActor<&MemorySql>,
    link: &LinkState,
    frame: &ClientFrame,
    now: i64,
) -> Effects {
    receive(actor, link, &serde_json::to_string(frame).unwrap(), at(now))
}

fn post(actor: &ConversationActor<&MemorySql>, id: &ConversationId, message: &str, now: i64) -> Effects {
    let text = format!(r#"{{"post":{{"id":"{message}","text":"ciao"}}}}"#);
    receive(actor, &citizen(id), &text, at(now))
}

/// The numbers of all entries after one, as a client fetches them page by page.
fn resumed(actor: &ConversationActor<&MemorySql>, id: &ConversationId, after: u64) -> Vec<u64> {
    let mut numbers = welcomed(actor, id, after);
    let page = |page| told(&send(actor, id, &ClientFrame::Page(page), 1));
    let starts_anew = after == 0 || numbers.first().is_some_and(|first| *first <= after);
    while let Some(first) = numbers.first().copied().filter(|first| starts_anew && *first > 1) {
        numbers.splice(0..0, page(Page::Before(first)));
    }
    while let Some(last) = numbers.last().copied() {
        let next = page(Page::After(last));
        if next.is_empty() {
            break;
        }
        numbers.extend(next);
    }
    numbers
}

fn welcomed(actor: &ConversationActor<&MemorySql>, id: &ConversationId, after: u64) -> Vec<u64> {
    let outcome = hello(actor, id, after);
    let accepted = outcome.accepted.as_ref().map(|accepted| &accepted.speaker);
    assert_eq!(accepted, Some(&Speaker::Citizen));
    told(&outcome)
}

fn hello(actor: &ConversationActor<&MemorySql>, id: &ConversationId, after: u64) -> Effects {
    hello_after(actor, id, Speaker::Citizen, after)
}

fn hello_of(actor: &ConversationActor<&MemorySql>, id: &ConversationId, speaker: Speaker) -> Effects {
    hello_after(actor, id, speaker, 0)
}

fn hello_after(
    actor: &ConversationActor<&MemorySql>,
    id: &ConversationId,
    speaker: Speaker,
    after: u64,
) -> Effects {
    let ticket = Ticket::new(TicketScope::Conversation(id.clone()), speaker, at(0)).sign(KEY).unwrap();
    let hello = ClientFrame::Hello { version: version::CURRENT, ticket, resume_after: after };
    let link = LinkState { speaker: None, ..citizen(id) };
    receive(actor, &link, &serde_json::to_string(&hello).unwrap(), at(1))
}

/// The numbers of the entries the sender is told.
fn told(outcome: &Effects) -> Vec<u64> {
    let entries = outcome.replies.iter().filter_map(|text| match frame(text) {
        ServerFrame::Entries { entries } => Some(entries),
        ServerFrame::Welcome { .. }
        | ServerFrame::Presence { .. }
        | ServerFrame::Typing { .. }
        | ServerFrame::Queue(_)
        | ServerFrame::Earlier { .. }
        | ServerFrame::EarlierEntries { .. }
        | ServerFrame::Refused { .. } => None,
    });
    entries.flatten().map(|entry| entry.seq).collect()
}

/// The earlier conversations the sender is told of.
fn earlier(outcome: &Effects) -> Option<Vec<EarlierConversation>> {
    outcome.replies.iter().find_map(|text| {
        if let ServerFrame::Earlier { conversations } = frame(text) { Some(conversations) } else { None }
    })
}

/// The numbers on a page of an earlier conversation, or why there is none.
fn page_of(
    actor: &ConversationActor<&MemorySql>,
    link: &LinkState,
    target: &ConversationId,
    before: Option<u64>,
) -> Result<Vec<u64>, Code> {
    let asked = ClientFrame::Earlier { conversation: target.clone(), before };
    let outcome = send_on(actor, link, &asked, 60);
    assert_eq!(outcome.close_sender, None);
    let told = frame(&outcome.replies[0]);
    if let ServerFrame::Refused { code, .. } = told {
        return Err(code);
    }
    let ServerFrame::EarlierEntries { conversation, entries } = told else { panic!("{told:?}") };
    assert_eq!(conversation, *target);
    Ok(entries.iter().map(|entry| entry.seq).collect())
}

fn giulia_speaks() -> Speaker {
    Speaker::Advisor(giulia())
}

fn frame(text: &str) -> ServerFrame {
    serde_json::from_str(text).unwrap()
}

fn citizen(id: &ConversationId) -> LinkState {
    let link = LinkState::new(at(0), Some(id.clone()));
    LinkState { speaker: Some(Speaker::Citizen), ..link }
}

#[test]
fn what_is_forwarded_leaves_once_with_the_messages_that_were_picked() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    post(&actor, &id, "m1", 2);
    actor
        .on_notification(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(3),
        )
        .unwrap();
    let forward = |now| {
        let frame = ClientFrame::Forward(Box::new(draft(&[2])));
        receive(&actor, &advisor(&id), &serde_json::to_string(&frame).unwrap(), at(now))
    };

    assert!(forward(4).broadcast.is_some());
    let again = forward(5);
    assert!(again.broadcast.is_none() && again.replies[0].contains("sending"), "{again:?}");

    let letters = actor.outbox().due(at(9)).unwrap();
    let sent: Vec<_> = letters.iter().filter(|letter| letter.destination == Destination::LineaInps).collect();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].notification.contains("\"seq\":2") && sent[0].notification.contains(&format!("{id}.s1")));
}

#[test]
fn after_the_end_the_person_listens_until_the_office_has_answered_and_advisors_do_not() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    actor
        .on_notification(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(2),
        )
        .unwrap();
    let frame = serde_json::to_string(&ClientFrame::Forward(Box::new(draft(&[])))).unwrap();
    receive(&actor, &advisor(&id), &frame, at(3));

    let closed = send(&actor, &id, &ClientFrame::Close {}, 4).broadcast.unwrap();
    assert_eq!(closed.then_close, Closes::Advisors);
    assert_eq!(hello(&actor, &id, 0).close_sender, None, "the person goes on listening");
    let told = |n, state| {
        let number = Some("LI-1".into());
        let standing = SegnalazioneStanding { id: MessageId::parse("s1").unwrap(), number, state };
        let heard = actor
            .on_notification("linea", n, &word(&id, ConversationCommand::Segnalazione(standing)), at(9))
            .unwrap();
        heard.broadcast.unwrap().then_close
    };
    assert_eq!(told(1, SegnalazioneState::Accepted {}), Closes::Advisors);
    assert_eq!(told(2, SegnalazioneState::Answered { text: "Pagato.".into() }), Closes::Everybody);
    assert_eq!(hello(&actor, &id, 0).close_sender, Some(close::NORMAL));
}

#[test]
fn a_written_request_is_made_once_and_found_again_in_the_history() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let request = |name: &str, text: &str, now| {
        let id = MessageId::parse(name).unwrap();
        actor.request(asker(), queue(), &id, text, at(now)).map(|(id, _)| id)
    };
    let code = |result: Result<ConversationId, Error>| refused(result).code;
    assert_eq!(code(request("r0", " ", 1)), Code::MessageEmpty);

    let first = request("r1", "Quando sarò pagato?", 2).unwrap();
    assert_eq!(request("r1", "Quando sarò pagato?", 3), Ok(first.clone()));
    assert_eq!(code(request("r1", "Un'altra cosa", 3)), Code::RequestInvalid);
    for n in 2..=3 {
        request(&format!("r{n}"), "E poi?", 4).unwrap();
    }
    assert_eq!(code(request("r4", "E ancora?", 5)), Code::RequestsPending);
    let a_week_later = 5 + 7 * 24 * 60 * 60_000;
    assert!(request("r4", "E ancora?", a_week_later).is_ok(), "nobody is kept from writing for good");

    let history = actor.history().unwrap();
    assert_eq!(history.iter().map(|past| past.conversation.ordinal()).collect::<Vec<_>>(), [4, 3, 2, 1]);
    let history = &history[1..];
    assert_eq!(history[2].conversation, first);
    assert_eq!(history[2].begins.as_deref(), Some("Quando sarò pagato?"));
    assert_eq!(
        (history[2].opened, history[2].closed, history[2].outcome),
        (at(2), Some(at(2)), Some(Ending::LineaInps))
    );
    assert_eq!(history[2].segnalazioni[0].state, SegnalazioneState::Sending {});
}

#[test]
fn nobody_writes_to_an_office_beside_an_open_conversation() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    admit(&actor, 1);
    let id = MessageId::parse("r1").unwrap();
    let refused = refused(actor.request(asker(), queue(), &id, "Quando?", at(2)));
    assert_eq!(refused.code, Code::ConversationOpen);
}

#[test]
fn a_case_is_shown_by_the_advisor_alone_and_once() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    actor
        .on_notification(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(2),
        )
        .unwrap();
    let share = |speaker, now| {
        let ticket = Ticket::new(TicketScope::Conversation(id.clone()), speaker, at(0)).sign(KEY).unwrap();
        actor.share(&id, &ticket, MessageId::parse("c1").unwrap(), case(), at(1), at(now))
    };

    assert_eq!(refused(share(Speaker::Citizen, 3)).code, Code::NotAssigned);
    assert!(share(Speaker::Advisor(giulia()), 3).unwrap().broadcast.is_some());
    assert!(share(Speaker::Advisor(giulia()), 4).unwrap().broadcast.is_none());
    assert_eq!(refused(actor.inquiry(&id, "x", at(3))).code, Code::TicketInvalid);
    assert_eq!(resumed(&actor, &id, 0), [1, 2, 3]);
    let ticket =
        |speaker| Ticket::new(TicketScope::Conversation(id.clone()), speaker, at(0)).sign(KEY).unwrap();
    let (his, hers) = (ticket(Speaker::Citizen), ticket(Speaker::Advisor(giulia())));
    assert!(actor.inquiry(&id, &hers, at(5)).is_ok());
    send(&actor, &id, &ClientFrame::Close {}, 6);
    assert_eq!(refused(actor.inquiry(&id, &hers, at(7))).code, Code::NotAssigned);
    assert!(actor.inquiry(&id, &his, at(7)).is_ok(), "the person's own stay theirs");
}

#[test]
fn a_card_or_a_segnalazione_that_is_repeated_at_the_limit_is_known_and_a_new_one_is_refused() {
    let sql = MemorySql::new();
    let actor = actor_with(&sql, 4);
    let id = admit(&actor, 1);
    let assigned = word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() });
    actor.on_notification("desk", 1, &assigned, at(2)).unwrap();
    let ticket =
        Ticket::new(TicketScope::Conversation(id.clone()), giulia_speaks(), at(0)).sign(KEY).unwrap();
    let share = |name: &str| actor.share(&id, &ticket, MessageId::parse(name).unwrap(), case(), at(1), at(3));
    let forward = |name: &str| {
        let draft = SegnalazioneDraft { id: MessageId::parse(name).unwrap(), ..draft(&[]) };
        let frame = serde_json::to_string(&ClientFrame::Forward(Box::new(draft))).unwrap();
        actor.receive(&advisor(&id), &frame, at(3))
    };
    share("c1").unwrap();
    forward("s1").unwrap();

    assert!(share("c1").unwrap().broadcast.is_none(), "the log has four entries, which is the limit");
    assert!(forward("s1").unwrap().replies[0].contains("sending"));
    assert_eq!(refused(share("c2")).code, Code::ConversationFull);
    let new = refused(forward("s2"));
    assert_eq!(new.code, Code::ConversationFull);
    assert_eq!(new.about, Some(About::Message(MessageId::parse("s2").unwrap())));
}

#[test]
fn an_advisor_who_may_no_longer_read_is_sent_no_page() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    let page = || send_on(&actor, &advisor(&id), &ClientFrame::Page(Page::Before(9)), 3);
    let hear = |number, said| actor.on_notification("desk", number, &word(&id, said), at(number)).unwrap();
    hear(1, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() });
    assert_eq!(told(&page()), [1, 2]);

    hear(2, ConversationCommand::Released { why: Release::Lost });
    assert_eq!(told(&page()), [0_u64; 0]);
    assert!(
        matches!(frame(&page().replies[0]), ServerFrame::Refused { code: Code::NotAssigned, .. }),
        "{:?}",
        page()
    );
}

#[test]
fn a_page_without_a_link_does_what_a_frame_does_and_shows_what_came_of_it() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    let ticket =
        Ticket::new(TicketScope::Conversation(id.clone()), Speaker::Citizen, at(0)).sign(KEY).unwrap();
    let visit = |act, now| actor.plain_page(&id, &ticket, act, None, at(now)).unwrap();
    let say = |name: &str, text: &str| {
        Some(PlainPageAction::Post { id: MessageId::parse(name).unwrap(), text: text.into() })
    };

    let looked = visit(None, 2);
    assert_eq!((looked.effects, looked.refused), (Effects::default(), None));
    let said = visit(say("m1", "ciao"), 3);
    assert!(said.effects.broadcast.is_some() && said.refused.is_none());
    let again = visit(say("m1", "ciao"), 4);
    assert!(again.effects.broadcast.is_none() && again.refused.is_none());
    assert_eq!(again.shown.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2]);
    let empty = visit(say("m2", " "), 5).refused.unwrap();
    assert_eq!(empty, PlainPageRefusal { code: Code::MessageEmpty, retry_after_ms: None });
    let over = visit(Some(PlainPageAction::Close), 6);
    assert!(matches!(over.shown.state, plain_page::PlainPageState::Closed { by: Party::Citizen, .. }));
    assert_eq!(visit(say("m3", "tardi"), 7).refused.unwrap().code, Code::ConversationClosed);
    let page = actor.plain_page(&id, &ticket, None, Some(3), at(8)).unwrap().shown;
    assert_eq!((page.entries.len(), page.last_seq), (2, 3));
}

#[test]
fn who_is_in_a_conversation_looks_back_at_those_before_it_and_at_nobody_elses() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let mut ids = Vec::new();
    for n in 1..=23 {
        let id = admit(&actor, n);
        post(&actor, &id, "m1", n);
        if n < 23 {
            send(&actor, &id, &ClientFrame::Close {}, n);
        }
        ids.push(id);
    }
    let here = &ids[22];
    let ticket_of = |id: &ConversationId, speaker| {
        Ticket::new(TicketScope::Conversation(id.clone()), speaker, at(0)).sign(KEY).unwrap()
    };
    let his = ticket_of(here, Speaker::Citizen);
    let look = |what| actor.history_page(here, &his, what, at(30));
    let listed = |before| match look(HistoryQuery::List { before }).unwrap() {
        (goes_on, HistoryView::List { conversations, .. }) => {
            assert!(goes_on);
            conversations.iter().map(|one| one.conversation.ordinal()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(listed(None), (3..=22).rev().collect::<Vec<_>>());
    assert_eq!(listed(Some(3)), [2, 1]);
    assert_eq!(listed(Some(u32::MAX)), listed(None));
    for none in [0, 1] {
        assert_eq!(listed(Some(none)), [0_u32; 0]);
    }

    let read = |number, before| match look(HistoryQuery::Read { number, before }) {
        Ok((_, HistoryView::Read(shown))) => {
            Ok((shown.conversation.ordinal(), shown.entries.iter().map(|one| one.seq).collect()))
        }
        Ok(other) => panic!("{other:?}"),
        Err(Error::Refused(refusal)) => Err(refusal.code),
        Err(Error::Fault(fault)) => panic!("{fault}"),
    };
    assert_eq!(read(1, None), Ok((1, vec![1, 2, 3])));
    assert_eq!(read(22, Some(3)), Ok((22, vec![1, 2])));
    for number in [0, 23, 24, u32::MAX] {
        assert_eq!(read(number, None), Err(Code::NotFound), "{number}");
    }

    let what = || HistoryQuery::Read { number: 1, before: None };
    let hers = ticket_of(here, giulia_speaks());
    for (id, ticket) in [(here, "x"), (here, &hers), (here, &ticket_of(&ids[0], Speaker::Citizen))] {
        let refused = refused(actor.history_page(id, ticket, what(), at(30)));
        assert!(matches!(refused.code, Code::TicketInvalid | Code::NotAssigned), "{refused:?}");
    }
    let first = ticket_of(&ids[0], Speaker::Citizen);
    let (goes_on, _) =
        actor.history_page(&ids[0], &first, HistoryQuery::List { before: None }, at(30)).unwrap();
    assert!(!goes_on, "the conversation they are in is over");
}

#[test]
fn plain_pages_are_for_the_person_alone_and_held_to_the_same_pace() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    actor
        .on_notification(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(2),
        )
        .unwrap();
    let hers = Ticket::new(TicketScope::Conversation(id.clone()), giulia_speaks(), at(0)).sign(KEY).unwrap();
    assert_eq!(refused(actor.plain_page(&id, &hers, None, None, at(3))).code, Code::TicketInvalid);
    let his = Ticket::new(TicketScope::Conversation(id.clone()), Speaker::Citizen, at(0)).sign(KEY).unwrap();
    let say = |n: i64| PlainPageAction::Post {
        id: MessageId::parse(format!("m{n}")).unwrap(),
        text: "ciao".into(),
    };
    let refused =
        (0..=500).find_map(|n| actor.plain_page(&id, &his, Some(say(n)), None, at(4)).unwrap().refused);
    let Some(PlainPageRefusal { code: Code::TooFast, retry_after_ms: Some(_) }) = refused else {
        panic!("{refused:?}")
    };
}

#[test]
fn what_is_over_is_rated_by_its_person_and_the_register_is_told_each_new_answer_without_the_comment() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 1);
    actor
        .on_notification(
            "desk",
            1,
            &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
            at(2),
        )
        .unwrap();
    let ticket =
        |speaker| Ticket::new(TicketScope::Conversation(id.clone()), speaker, at(0)).sign(KEY).unwrap();
    let (his, hers) = (ticket(Speaker::Citizen), ticket(giulia_speaks()));
    let rate = |ticket: &str, answer, comment: Option<&str>, now| {
        let rating = Rating { answer, comment: comment.map(String::from) };
        actor.rate(&id, ticket, &rating, at(now)).map_err(|error| refused(Err::<(), _>(error)).code)
    };
    let letters = || {
        let due = actor.outbox().due(at(99)).unwrap();
        due.into_iter().filter(|letter| letter.destination == Destination::Register).collect::<Vec<_>>()
    };
    assert_eq!(rate(&his, Answer::Yes, None, 3), Err(Code::ConversationOpen));
    assert_eq!(rate(&hers, Answer::Yes, None, 3), Err(Code::TicketInvalid));
    send(&actor, &id, &ClientFrame::Close {}, 4);
    assert_eq!(rate(&hers, Answer::Yes, None, 5), Err(Code::NotAssigned));
    assert_eq!(rate(&his, Answer::Yes, Some(" "), 5), Err(Code::MessageEmpty));
    assert_eq!(rate("x", Answer::Yes, None, 5), Err(Code::TicketInvalid));
    assert_eq!(letters(), []);

    for now in [6, 7] {
        assert_eq!(rate(&his, Answer::Partly, Some("Manca la data."), now), Ok(()));
    }
    rate(&his, Answer::Partly, Some("Manca ancora la data."), 8).unwrap();
    let told = |words: &[&str]| {
        for word in words {
            let message = letters().remove(0);
            assert!(message.notification.contains(word), "{word}: {}", message.notification);
            actor.delivered(&message, at(9)).unwrap();
        }
        assert_eq!(letters(), [], "one message for one answer, one for each text");
    };
    told(&[r#"{"rated":{"rating":"partly"}}"#, "Manca la data.", "Manca ancora la data."]);
    rate(&his, Answer::No, None, 10).unwrap();
    told(&[r#"{"rated":{"rating":"no"}}"#, r#""text":null"#]);

    let shown = actor.plain_page(&id, &his, None, None, at(11)).unwrap().shown;
    assert_eq!(shown.rating, Some(Rating { answer: Answer::No, comment: None }));
    assert_eq!(resumed(&actor, &id, 0), [1, 2, 3], "the log says nothing of it");
}

#[test]
fn a_store_that_fails_at_any_statement_rates_wholly_or_not_at_all() {
    for statements in 0..12 {
        let sql = MemorySql::new();
        let actor = actor(&sql);
        let id = admit(&actor, 1);
        send(&actor, &id, &ClientFrame::Close {}, 2);
        let ticket =
            Ticket::new(TicketScope::Conversation(id.clone()), Speaker::Citizen, at(0)).sign(KEY).unwrap();
        let rating = Rating { answer: Answer::No, comment: Some("Non ancora.".into()) };
        sql.fail_after.set(statements);
        let failed = actor.rate(&id, &ticket, &rating, at(3)).is_err();
        sql.fail_after.set(-1);

        let told = actor.outbox().due(at(9)).unwrap();
        let told = told.iter().any(|letter| letter.destination == Destination::Register);
        let stored = actor.plain_page(&id, &ticket, None, None, at(9)).unwrap().shown.rating.is_some();
        assert_eq!((told, stored), (!failed, !failed), "after {statements}");
    }
}

#[test]
fn a_transcript_is_whole_however_long_the_log_is() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    for n in 1..=450 {
        post(&actor, &id, &format!("m{n}"), n);
    }
    let ticket =
        Ticket::new(TicketScope::Conversation(id.clone()), Speaker::Citizen, at(0)).sign(KEY).unwrap();

    for format in [Format::Html, Format::Text] {
        let service = "https://chat.example".to_string();
        let file = actor.transcript(&id, &ticket, format, None, service, at(500)).unwrap();
        assert_eq!(transcript::verify(&file).unwrap().entries, 451);
    }
}

#[test]
fn a_store_that_fails_at_any_statement_forwards_wholly_or_not_at_all() {
    for statements in 0..10 {
        let sql = MemorySql::new();
        let actor = actor(&sql);
        let id = admit(&actor, 1);
        actor
            .on_notification(
                "desk",
                1,
                &word(&id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }),
                at(2),
            )
            .unwrap();
        let frame = serde_json::to_string(&ClientFrame::Forward(Box::new(draft(&[])))).unwrap();
        sql.fail_after.set(statements);
        let failed = actor.receive(&advisor(&id), &frame, at(3)).is_err();
        sql.fail_after.set(-1);

        let sent = actor.outbox().due(at(9)).unwrap();
        let sent = sent.iter().filter(|letter| letter.destination == Destination::LineaInps).count();
        let logged = resumed(&actor, &id, 2).len();
        assert_eq!((sent, logged), if failed { (0, 0) } else { (1, 1) }, "after {statements}");
    }
}

fn draft(attached: &[u64]) -> SegnalazioneDraft {
    SegnalazioneDraft {
        id: MessageId::parse("s1").unwrap(),
        office: "063".into(),
        topic: ["pagamento", "diretto", "data"].map(String::from),
        description: "Mancano i dati di pagamento.".into(),
        kind: None,
        case: None,
        protocol: None,
        ticket: None,
        attached: attached.to_vec(),
    }
}

fn case() -> Case {
    Case {
        id: CaseId::parse("cigo-1").unwrap(),
        kind: BenefitKind::Cigo,
        company: "Officine Fantasia S.r.l.".into(),
        matricola: None,
        from: "2026-09-01".into(),
        to: "2026-09-30".into(),
        payment: Payment::Direct,
        protocol: None,
        ticket: None,
        status: CaseStatus::OnTrack,
        steps: Vec::new(),
    }
}

fn asker() -> Asker {
    let subject = Subject::themself("https://portale.example", "p-1", Category::Lavoratore);
    Asker { card: person(), subject }
}

fn person() -> PersonCard {
    PersonCard {
        name: "Persona Di Prova".into(),
        category: Category::Lavoratore,
        province: "058".into(),
        province_name: "Roma".into(),
        credential: Credential::SpidL2,
        acting_for: None,
        language: Language::It,
        entry_point: None,
        about: None,
        question: None,
    }
}

fn giulia() -> Advisor {
    Advisor { id: AdvisorId::parse("giulia").unwrap(), name: "Giulia".into() }
}

fn word(id: &ConversationId, word: ConversationCommand) -> String {
    serde_json::to_string(&ConversationNotification { conversation: id.clone(), command: word }).unwrap()
}

fn advisor(id: &ConversationId) -> LinkState {
    LinkState { speaker: Some(Speaker::Advisor(giulia())), ..citizen(id) }
}

fn closing() -> ClosingTime {
    ClosingTime { warn: Some(at(900_000)), closes: at(1_000_000), ends: at(1_500_000) }
}

fn queue() -> QueueId {
    QueueId::parse("info-cig").unwrap()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

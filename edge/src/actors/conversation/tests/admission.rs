// SPDX-License-Identifier: EUPL-1.2
//! Entering: the open conversation is found again, a new one begins, or none may.

use super::*;

#[test]
fn a_person_who_comes_again_finds_their_open_conversation() {
    let sql = MemorySql::new();
    let actor = actor(&sql);

    let first = admit(&actor, 1);
    assert_eq!(actor.admit(asker(), queue(), Some(closing()), at(2)).unwrap(), Admitted::Open(first.clone()));
    assert_eq!(actor.admit(asker(), queue(), None, at(3)).unwrap(), Admitted::Open(first));
}

#[test]
fn a_reloaded_page_finds_its_conversation_and_begins_nothing() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let other_person = ConversationId::of(&"0e".repeat(32), 1).unwrap();
    assert_eq!(actor.resume(&other_person).unwrap(), None);

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
        let policy = Policy::parse(include_str!("../../../../policy.json")).unwrap();
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
fn a_person_who_is_blocked_enters_when_it_is_over_or_lifted_and_may_write_to_an_office_meanwhile() {
    let sql = MemorySql::new();
    let first = admit(&actor(&sql), 1);
    let asks = |now| actor(&sql).admit(asker(), queue(), Some(closing()), at(now)).unwrap();
    let until = at(900);
    notify(&actor(&sql), 1, &first, ConversationCommand::Block { until }, 10);
    assert_eq!(asks(11), Admitted::Blocked { until });
    let closed = actor(&sql).admit(asker(), queue(), None, at(12)).unwrap();
    assert_eq!(closed, Admitted::Blocked { until }, "outside the hours too");
    let message = MessageId::parse("r1").unwrap();
    assert!(actor(&sql).request(asker(), queue(), &message, "Chiedo un riesame.", at(13)).is_ok());

    notify(&actor(&sql), 2, &first, ConversationCommand::Lift {}, 20);
    let Admitted::Begun(second) = asks(21) else { panic!("lifted") };
    notify(&actor(&sql), 3, &second, ConversationCommand::Block { until }, 30);
    assert_eq!(asks(899), Admitted::Blocked { until });
    assert!(matches!(asks(900), Admitted::Begun(_)));
}

#[test]
fn an_object_that_lost_its_storage_or_is_an_older_copy_gives_no_number_twice() {
    const THIS_AFTERNOON: i64 = 1_795_442_400_000;
    let half_an_hour = 30 * 60_000;
    let begun = |sql: &MemorySql, now| {
        let actor = actor(sql);
        let id = admit(&actor, now);
        send(&actor, &id, &ClientFrame::Close {}, now + 1);
        id.ordinal()
    };
    let (lost, fresh) = (MemorySql::new(), MemorySql::new());

    let given = [begun(&lost, THIS_AFTERNOON), begun(&lost, THIS_AFTERNOON + 2)];
    let again = begun(&fresh, THIS_AFTERNOON + half_an_hour);

    assert_eq!(given[1], given[0] + 1);
    assert!(again > given[1], "{again} after {given:?}");
    // The copy ends before the later numbers.
    let copy = begun(&fresh, THIS_AFTERNOON + 2 * half_an_hour);
    assert!(copy > again + 1, "{copy} after {again}");
}

#[test]
fn after_the_end_a_new_conversation_begins_beside_the_old_one() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let first = admit(&actor, 1);
    send(&actor, &first, &ClientFrame::Close {}, 2);

    let second = admit(&actor, 3);

    assert_eq!((first.ordinal(), second.ordinal()), (1, 2));
    assert_eq!(resumed(&actor, &first, 0).len(), 2);
    assert_eq!(resumed(&actor, &second, 0), [1]);
}

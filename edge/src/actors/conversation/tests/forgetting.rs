// SPDX-License-Identifier: EUPL-1.2
//! Forgetting: what is due goes, what is not stays as it was, and ids are never given twice.

use infocig_domain::figures::register::Forgotten;

use super::*;

const DAY: i64 = 24 * 60 * 60_000;

/// An actor under a policy that keeps conversations for thirty days.
fn forgetful(sql: &MemorySql) -> ConversationActor<&MemorySql> {
    let mut policy = Policy::parse(include_str!("../../../../policy.json")).unwrap();
    let decided = r#"{"decided_by":"X","conversations":{"days":30,"basis":"Y"}}"#;
    policy.retention = serde_json::from_str(decided).unwrap();
    policy.conversations.most = NonZeroU16::MAX;
    ConversationActor::open(sql, "0f".repeat(32), KEY.into(), &policy).unwrap()
}

/// The answers to the register that wait in the outbox, in order.
fn answers(actor: &ConversationActor<&MemorySql>, now: i64) -> Vec<(u32, bool)> {
    let mut answers = Vec::new();
    while let Some(message) = actor.outbox().due(at(now)).unwrap().into_iter().next() {
        if message.destination == Destination::Register
            && let Ok(answer) = OutboxMessage::stored::<Forgotten>(&message.notification)
        {
            answers.push((answer.conversation.ordinal(), answer.forgotten));
        }
        actor.outbox().delete(&message).unwrap();
    }
    answers
}

#[test]
fn a_conversation_is_forgotten_once_it_has_been_over_for_its_time_and_no_other_is() {
    let sql = MemorySql::new();
    let actor = forgetful(&sql);
    let old = admit(&actor, 0);
    post(&actor, &old, "m1", 1);
    send(&actor, &old, &ClientFrame::Close {}, 2);
    let newer = admit(&actor, 20 * DAY);
    post(&actor, &newer, "m2", 20 * DAY + 1);
    send(&actor, &newer, &ClientFrame::Close {}, 20 * DAY + 2);
    let open = admit(&actor, 30 * DAY);
    let kept = actor.history().unwrap()[..2].to_vec();
    answers(&actor, 30 * DAY);

    for (id, conversation) in [(1, &old), (2, &newer), (3, &open)] {
        notify(&actor, id, conversation, ConversationCommand::Forget {}, 30 * DAY + 3);
    }

    assert_eq!(
        answers(&actor, 30 * DAY + 4),
        [(old.ordinal(), true), (newer.ordinal(), false), (open.ordinal(), false)]
    );
    assert!(actor.next_wake().unwrap() <= Some(at(30 * DAY + 3)), "its bytes are erased at once");
    assert!(actor.wake(at(30 * DAY + 4)).unwrap().is_some());
    assert_eq!(actor.history().unwrap(), kept);
    assert_eq!(forgetful(&sql).history().unwrap(), kept, "after a wake too");

    notify(&actor, 4, &old, ConversationCommand::Forget {}, 30 * DAY + 5);
    assert_eq!(answers(&actor, 30 * DAY + 6), [(old.ordinal(), true)], "one that is gone is forgotten");
    let told = SegnalazioneStatus {
        id: MessageId::parse("s1").unwrap(),
        number: None,
        state: SegnalazioneState::Queued {},
    };
    notify(&actor, 5, &old, ConversationCommand::Segnalazione(told), 30 * DAY + 7);
}

#[test]
fn what_was_given_up_about_a_conversation_goes_with_it_and_of_no_other_one() {
    let sql = MemorySql::new();
    let actor = forgetful(&sql);
    let old = admit(&actor, 0);
    send(&actor, &old, &ClientFrame::Close {}, 2);
    let newer = admit(&actor, 20 * DAY);
    send(&actor, &newer, &ClientFrame::Close {}, 20 * DAY + 2);
    while let Some(letter) = actor.outbox().due(at(20 * DAY + 600)).unwrap().into_iter().next() {
        actor.outbox().give_up(&letter, "refused", at(20 * DAY + 3)).unwrap();
    }
    let letters = || actor.outbox().dead_letter_count().unwrap();
    let all = letters();

    notify(&actor, 1, &old, ConversationCommand::Forget {}, 30 * DAY + 3);

    assert!((1..all).contains(&letters()), "{} of {all}", letters());
    actor.outbox().forget_dead_letters_about(&newer).unwrap();
    assert_eq!(letters(), 0, "what had stayed is about the other one");
}

#[test]
fn an_object_is_deleted_as_a_whole_when_its_last_conversation_goes_and_gives_no_id_twice() {
    let sql = MemorySql::new();
    let actor = forgetful(&sql);
    let id = admit(&actor, 0);
    post(&actor, &id, "m1", 1);
    send(&actor, &id, &ClientFrame::Close {}, 2);
    answers(&actor, 3);
    assert!(!actor.is_to_be_deleted().unwrap());

    notify(&actor, 1, &id, ConversationCommand::Forget {}, 31 * DAY);
    assert!(!actor.is_to_be_deleted().unwrap(), "the register is told first");
    assert_eq!(answers(&actor, 31 * DAY), [(id.ordinal(), true)]);
    assert!(actor.is_to_be_deleted().unwrap());

    let anew = MemorySql::new();
    assert!(admit(&forgetful(&anew), 31 * DAY).ordinal() >= id.ordinal());
}

#[test]
fn a_person_is_erased_on_request_unless_a_conversation_goes_on() {
    let sql = MemorySql::new();
    let actor = forgetful(&sql);
    let first = admit(&actor, 0);
    send(&actor, &first, &ClientFrame::Close {}, 1);
    let second = admit(&actor, 2);

    assert_eq!(refused(actor.erase_person(at(3))).code, Code::NotErased);
    assert_eq!(actor.history().unwrap().len(), 2);
    send(&actor, &second, &ClientFrame::Close {}, 4);
    assert_eq!(actor.erase_person(at(5)), Ok(vec![first, second.clone()]));
    assert_eq!(actor.history().unwrap(), []);
    assert_eq!(actor.erase_person(at(6)), Ok(Vec::new()), "again");
    let left = actor.citizen_connected(&second, false, at(7));
    assert_eq!(left, Ok(Effects::default()), "a link that was open ends");
}

/// Storing may fail at any statement: then everything is as it was, and the next attempt does it.
#[test]
fn a_store_that_fails_at_any_statement_forgets_nothing_by_half() {
    for statements in 0.. {
        let sql = MemorySql::new();
        let actor = forgetful(&sql);
        let (old, kept) = (admit(&actor, 0), {
            send(&actor, &admit(&actor, 1), &ClientFrame::Close {}, 2);
            admit(&actor, 31 * DAY)
        });
        let command = ConversationCommand::Forget {};
        let text =
            serde_json::to_string(&ConversationNotification { conversation: old.clone(), command }).unwrap();
        sql.fail_after.set(statements);
        let forget = || {
            actor.on_notification("register", 1, &text, at(40 * DAY)).map_err(|_| ())?;
            while actor.wake(at(40 * DAY)).map_err(|_| ())?.is_some() {}
            Ok::<_, ()>(())
        };
        let done = forget();
        sql.fail_after.set(-1);
        assert!(actor.store.find(&kept).unwrap().is_some());
        let actor = forgetful(&sql);
        let again = actor.on_notification("register", 1, &text, at(40 * DAY));
        assert!(again.is_ok());
        while actor.wake(at(40 * DAY)).unwrap().is_some() {}
        assert!(actor.store.find(&old).unwrap().is_none());
        assert!(!rebuild::is_marked(actor.store.sql()).unwrap());
        if done.is_ok() {
            return;
        }
    }
}

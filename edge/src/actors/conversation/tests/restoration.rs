// SPDX-License-Identifier: EUPL-1.2
//! An object that was restored from a copy: what both sides and the desk are told, and which cursors still hold.

use super::*;
use crate::store::restorations::{Restoration, mark_conversations};

#[test]
fn a_restored_conversation_waits_again_and_says_until_when_its_log_is_whole() {
    let sql = MemorySql::new();
    let (id, actor) = copied(&sql);

    let log = log(&actor, &id);
    assert_eq!(log.last().map(|entry| (entry.seq, entry.at)), Some((5, at(RESTORED + 10))));
    assert_eq!(
        log.last().map(|entry| &entry.body),
        Some(&EntryBody::Returned { restored_to: Some(at(TAKEN)) })
    );
    let newest = actor.newest().unwrap().unwrap();
    assert!(!newest.is_closed() && newest.place_in_queue().is_none());
    assert_eq!(
        newest.phase().to_public(),
        infocig_protocol::entry::Phase::Waiting { since: at(RESTORED + 10) }
    );
    let told = told_desk(&actor);
    let Some(DeskNotification::Waiting { conversation, .. }) = told.last() else { panic!("{told:?}") };
    assert_eq!(*conversation, id);
}

#[test]
fn a_restoration_is_applied_once() {
    let sql = MemorySql::new();
    let (id, actor) = copied(&sql);
    let (before, told) = (log(&actor, &id), told_desk(&actor).len());

    let again = self::actor(&sql);
    again.recover(at(RESTORED + 20)).unwrap();

    assert_eq!((log(&again, &id), told_desk(&again).len()), (before, told));
}

#[test]
fn a_restoration_that_cannot_be_stored_is_applied_the_next_time() {
    let sql = MemorySql::new();
    let id = talked(&sql);
    mark_conversations(&&sql, RESTORATION).unwrap();
    for statements in 0..60 {
        sql.fail_after.set(statements);
        let failed = actor_or_none(&sql).is_none_or(|actor| actor.recover(at(RESTORED + 10)).is_err());
        sql.fail_after.set(-1);
        if !failed {
            break;
        }
    }
    let actor = actor(&sql);
    actor.recover(at(RESTORED + 10)).unwrap();
    assert_eq!(log(&actor, &id).len(), 5);
}

#[test]
fn a_cursor_of_the_log_before_the_restoration_is_given_a_window_that_cannot_be_taken_for_its_continuation() {
    let sql = MemorySql::new();
    let (id, actor) = copied(&sql);
    for message in ["n1", "n2", "n3"] {
        post(&actor, &id, message, RESTORED + 30);
    }
    // Entries 1 to 4 are those of the copy, 5 says that it was restored, 6 to 8 are new.
    let after = |cursor, issued| {
        let ticket = Ticket::new(TicketScope::Conversation(id.clone()), Speaker::Citizen, at(issued));
        let ticket = ticket.sign(KEY).unwrap();
        let hello = ClientFrame::Hello { version: version::CURRENT, ticket, resume_after: cursor };
        let link = LinkState { speaker: None, ..citizen(&id) };
        let effects = receive(&actor, &link, &serde_json::to_string(&hello).unwrap(), at(RESTORED + 40));
        let ServerFrame::Welcome { after, .. } = frame(&effects.replies[0]) else { panic!("{effects:?}") };
        assert_eq!(received(&effects).first().copied().unwrap_or(after + 1), after + 1);
        after
    };
    for cursor in 1..=4 {
        assert_eq!(after(cursor, 0), cursor, "these entries are in both logs");
    }
    for cursor in 5..=12 {
        assert_ne!(after(cursor, 0), cursor, "its entries may be of the log before");
    }
    for cursor in 5..=8 {
        assert_eq!(after(cursor, RESTORED + 1_000), cursor, "its ticket is of the log as it is");
    }
}

#[test]
fn a_conversation_that_was_over_in_the_copy_stays_over_and_the_desk_is_told_so() {
    let sql = MemorySql::new();
    let id = talked(&sql);
    send(&actor(&sql), &id, &ClientFrame::Close {}, 50);
    assert!(!mark_conversations(&&sql, RESTORATION).unwrap(), "no conversation is under way");

    let actor = actor(&sql);
    let before = log(&actor, &id);
    actor.recover(at(RESTORED + 10)).unwrap();

    assert_eq!(log(&actor, &id), before);
    assert!(
        matches!(told_desk(&actor).last(), Some(DeskNotification::Closed { conversation, .. }) if *conversation == id)
    );
}

#[test]
fn an_object_that_was_never_restored_has_nothing_to_recover() {
    let sql = MemorySql::new();
    let id = talked(&sql);
    let actor = actor(&sql);
    actor.recover(at(RESTORED)).unwrap();
    assert_eq!(log(&actor, &id).len(), 4);
}

/// A conversation of four entries, held by Giulia.
fn talked(sql: &MemorySql) -> ConversationId {
    let actor = actor(sql);
    let id = admit(&actor, 0);
    assign(&actor, 1, &id, 10);
    for message in ["m1", "m2"] {
        post(&actor, &id, message, 20);
    }
    id
}

/// The same, restored and recovered.
fn copied(sql: &MemorySql) -> (ConversationId, ConversationActor<&MemorySql>) {
    let id = talked(sql);
    assert!(mark_conversations(&sql, RESTORATION).unwrap(), "a conversation is under way");
    let actor = actor(sql);
    actor.recover(at(RESTORED + 10)).unwrap();
    (id, actor)
}

fn actor_or_none(sql: &MemorySql) -> Option<ConversationActor<&MemorySql>> {
    let policy = Policy::parse(include_str!("../../../../policy.json")).unwrap();
    ConversationActor::open(sql, "0f".repeat(32), KEY.into(), &policy).ok()
}

fn log(actor: &ConversationActor<&MemorySql>, id: &ConversationId) -> Vec<infocig_protocol::entry::Entry> {
    actor.store.page(id, Page::After(0)).unwrap()
}

/// Every notification to the desk that waits in the outbox, oldest first.
fn told_desk(actor: &ConversationActor<&MemorySql>) -> Vec<DeskNotification> {
    let mut told = Vec::new();
    // A message that is delivered makes room for the next to the same destination.
    actor.store.sql().exec("SAVEPOINT told", &[]).unwrap();
    loop {
        let due = actor.outbox().due(at(i64::MAX / 2)).unwrap();
        let Some(message) =
            due.into_iter().find(|message| matches!(message.destination, Destination::Desk(_)))
        else {
            break;
        };
        told.push(serde_json::from_str(&message.notification).unwrap());
        actor.outbox().delete(&message).unwrap();
    }
    actor.store.sql().exec("ROLLBACK TO told", &[]).unwrap();
    told
}

const TAKEN: i64 = 30;
const RESTORED: i64 = 100_000;
const RESTORATION: Restoration =
    Restoration { taken: Timestamp::from_millis(TAKEN), restored: Timestamp::from_millis(RESTORED) };

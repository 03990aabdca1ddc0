// SPDX-License-Identifier: EUPL-1.2
//! Notifications of the desk, and those to it.

use super::*;

#[test]
fn the_desk_is_told_in_the_order_things_happened() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 5);
    send(&actor, &id, &ClientFrame::Close {}, 6);

    let first = actor.outbox().due(at(9)).unwrap().remove(0);
    assert_eq!(first.destination, Destination::Desk(queue().into()));
    assert!(first.notification.contains("waiting"));
    actor.outbox().postpone(&first, at(9)).unwrap();
    assert_eq!(actor.outbox().due(at(9)).unwrap(), []);
    assert_eq!(actor.outbox().next_due().unwrap(), Some(at(9 + 250)));

    actor.delivered(&first, at(300)).unwrap();
    assert!(actor.outbox().due(at(300)).unwrap()[0].notification.contains("closed"));
}

#[test]
fn an_assignment_delivered_twice_is_one_assignment() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    let notification = notification(&id, assigned());

    assert!(actor.on_notification("desk", 7, &notification, at(1)).unwrap().broadcast.is_some());
    assert_eq!(actor.on_notification("desk", 7, &notification, at(2)).unwrap(), Effects::default());
    assert_eq!(resumed(&actor, &id, 0), [1, 2]);
}

#[test]
fn an_advisor_who_loses_the_conversation_is_no_longer_among_its_readers() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    let apply = |number, command| notify(&actor, number, &id, command, number);

    let assigned = apply(1, assigned());
    assert_eq!(assigned.broadcast.unwrap().readers, Some(vec![giulia().id]));
    let released = apply(2, ConversationCommand::Released { why: Release::Lost });
    assert_eq!(released.broadcast.unwrap().readers, Some(Vec::new()));
    let typing = send(&actor, &id, &ClientFrame::Typing {}, 3);
    assert_eq!(typing.ephemeral, Some(Ephemeral::Typing));
}

#[test]
fn a_place_in_the_queue_is_told_to_the_person_at_once_and_after_every_welcome() {
    let sql = MemorySql::new();
    let id = admit(&actor(&sql), 0);
    let place = QueuePlace { position: 2, estimate: Estimate::Unknown {}, notice: String::new() };

    let effects = notify(&actor(&sql), 1, &id, ConversationCommand::Place(place.clone()), 1);

    let expected = serde_json::to_string(&ServerFrame::Queue(place)).unwrap();
    assert_eq!(effects.direct, [(Recipient::Citizen(id.clone()), expected.clone())]);
    assert_eq!(effects.broadcast, None);
    assert_eq!(hello(&actor(&sql), &id, 0).replies.last(), Some(&expected));
}

// SPDX-License-Identifier: EUPL-1.2
//! The desk actor on a store in memory.

mod queues;
mod supervision;

use infocig_domain::{
    desk::fit::Profile,
    figures::register::RegisterNotification,
    notification::DeskNotification,
    people::PriorityFacts,
    policy::{Messages, Policy},
    webhook::{WebhookEvent, WebhookEventKind},
};
use infocig_protocol::{
    desk::{NoteDraft, Presence, QuickReply, TransferTo},
    entry::{Outcome as Ended, Party},
    id::MessageId,
    language::Language,
    person::{Category, Credential, PersonCard},
};

use super::*;
use crate::{
    sql::testing::MemorySql,
    store::{
        restorations::{Restoration, mark_desk},
        testing::audited,
    },
};

const KEY: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn a_conversation_goes_from_the_queue_into_the_hands_of_one_advisor() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    say_hello(&actor, "giulia", 1);
    say_hello(&actor, "marco", 2);
    actor.on_notification("a", 1, &waiting(1), at(3)).unwrap();
    assert_eq!(assignments(&actor, "giulia"), ["offered"]);

    accept(&actor, "giulia", 1);
    assert_eq!(assignments(&actor, "giulia"), [""; 0], "not before the conversation knows");
    deliver(&actor);

    assert_eq!(assignments(&actor, "giulia"), ["held"]);
    assert_eq!(assignments(&actor, "marco"), [""; 0]);
    assert_eq!(due(&actor, at(9)), []);
}

#[test]
fn a_notice_heard_twice_seats_a_conversation_once() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    actor.on_notification("a", 1, &waiting(1), at(1)).unwrap();
    actor.on_notification("a", 2, &closed(1, None), at(2)).unwrap();

    assert_eq!(actor.on_notification("a", 1, &waiting(1), at(3)).unwrap(), Effects::default());
    assert_eq!(picture(&actor, "giulia").waiting, []);
}

#[test]
fn the_desk_is_the_same_after_its_memory_was_wiped() {
    let sql = MemorySql::new();
    say_hello(&actor(&sql), "giulia", 1);
    actor(&sql).on_notification("a", 1, &waiting(1), at(2)).unwrap();
    actor(&sql).on_notification("b", 1, &waiting(2), at(3)).unwrap();
    accept(&actor(&sql), "giulia", 1);
    deliver(&actor(&sql));

    assert_eq!(assignments(&actor(&sql), "giulia"), ["offered", "held"]);
    let unnamed = DeskActor::open(&sql, None, &policy(), KEY.into()).unwrap();
    assert_eq!(unnamed.id, queue().into());
}

#[test]
fn a_store_that_fails_at_any_statement_strands_nobody() {
    for statements in 0..16 {
        let sql = MemorySql::new();
        let actor = actor(&sql);
        say_hello(&actor, "giulia", 1);
        actor.on_notification("a", 1, &waiting(1), at(1)).unwrap();
        deliver(&actor);

        sql.fail_after.set(statements);
        let failed = actor.receive(&link("giulia"), &accepting(1), at(2)).is_err();
        sql.fail_after.set(-1);

        let messages = due(&actor, at(9));
        // The other one is for the register: the advisor is idle no more.
        let is_for_conversation = |message: &&OutboxMessage| message.destination != Destination::Register;
        let messages = messages.iter().filter(is_for_conversation).count();
        let offered = assignments(&actor, "giulia").len();
        assert_eq!((offered, messages), if failed { (1, 0) } else { (0, 1) }, "after {statements}");
        assert_eq!(audited(&sql).len(), messages, "no act without its record");
    }
}

#[test]
fn a_link_is_sent_the_whole_picture_once_and_then_changes() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let welcomed = say_hello(&actor, "giulia", 1);
    assert!(welcomed.publish && welcomed.replies[0].contains("welcome"), "{welcomed:?}");
    let giulia = Speaker::Advisor(advisor("giulia"));
    let first = actor.publish(&giulia, true, at(1)).unwrap();
    let DeskServerFrame::Desk(mut shown) = frame(&first.snapshot.unwrap()) else { panic!("no picture") };

    actor.on_notification("a", 1, &waiting(1), at(2)).unwrap();
    let second = actor.publish(&giulia, false, at(2)).unwrap();
    assert_eq!(second.snapshot, None);
    let DeskServerFrame::Changed(changes) = frame(&second.update.unwrap()) else { panic!("no change") };
    shown.apply(changes);

    assert_eq!(shown, picture(&actor, "giulia"));
    assert_eq!(actor.publish(&giulia, false, at(2)).unwrap(), Publication::default());
    let fresh = self::actor(&sql).publish(&giulia, true, at(2)).unwrap();
    assert!(fresh.snapshot.is_some() && fresh.update.is_none(), "memory was lost");
}

#[test]
fn only_an_assigned_conversation_comes_with_a_ticket_which_stays_the_same() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    say_hello(&actor, "giulia", 1);
    actor.on_notification("a", 1, &waiting(1), at(2)).unwrap();
    let ticket = |now| actor.picture(&advisor("giulia"), at(now)).unwrap().mine[0].ticket.clone();
    assert_eq!(ticket(3), None);

    accept(&actor, "giulia", 1);
    deliver(&actor);

    let signed = ticket(10).unwrap();
    assert_eq!(ticket(9_999), Some(signed.clone()));
    let door = TicketScope::Conversation(conversation(1));
    let read = Ticket::verify(&signed, KEY, &door, at(10)).unwrap();
    assert_eq!(read.speaker, Speaker::Advisor(advisor("giulia")));
}

#[test]
fn an_advisor_is_one_of_those_for_a_person_by_the_profile_in_their_ticket() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let naples = Profile { provinces: vec!["063".into()], ..Profile::default() };
    say_hello_as(&actor, "marco", naples, 1);
    actor.on_notification("a", 1, &waiting(1), at(2)).unwrap();
    assert_eq!(assignments(&actor, "marco"), [""; 0]);

    say_hello(&actor, "giulia", 3);
    assert_eq!(assignments(&actor, "giulia"), ["offered"]);
}

#[test]
fn a_lost_advisor_gives_back_their_conversations_after_the_grace() {
    let sql = MemorySql::new();
    say_hello(&actor(&sql), "giulia", 1);
    actor(&sql).on_notification("a", 1, &waiting(1), at(2)).unwrap();
    accept(&actor(&sql), "giulia", 1);
    deliver(&actor(&sql));

    actor(&sql).reconcile_connections(&[link("giulia")], at(10)).unwrap();
    assert_eq!(actor(&sql).next_wake().unwrap(), None);
    actor(&sql).reconcile_connections(&[], at(20)).unwrap();
    assert_eq!(actor(&sql).next_wake().unwrap(), Some(at(60_020)));
    say_hello(&actor(&sql), "giulia", 30);
    assert_eq!(actor(&sql).next_wake().unwrap(), None);
    actor(&sql).on_last_disconnect(&link("giulia"), at(40)).unwrap();
    actor(&sql).wake(at(60_040)).unwrap().unwrap();

    let rows = actor(&sql).store.rows().unwrap();
    assert!(rows.conversations[0].returned && rows.advisors.is_empty());
    assert_eq!(picture(&actor(&sql), "marco").waiting, [], "marco is not at the desk");
    let messages = due(&actor(&sql), at(70_000));
    assert!(messages[0].notification.contains("released"), "{messages:?}");
}

#[test]
fn notes_are_for_those_the_conversation_is_open_to_and_die_with_its_seat() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    say_hello(&actor, "giulia", 1);
    say_hello(&actor, "marco", 1);
    actor.on_notification("a", 1, &waiting(1), at(2)).unwrap();
    accept(&actor, "giulia", 1);
    deliver(&actor);
    let note = |id: &str, text: &str| DeskClientFrame::Note {
        conversation: conversation(1),
        note: NoteDraft { id: MessageId::parse(id).unwrap(), text: text.into() },
    };

    let first = send(&actor, "giulia", &note("n1", "verificare"), 3);
    assert_eq!(first.direct.len(), 1);
    let again = send(&actor, "giulia", &note("n1", "altro"), 4);
    assert_eq!((again.direct.len(), &again.replies), (0, &vec![first.direct[0].1.clone()]));
    send(&actor, "giulia", &note("n0", "seconda"), 5);
    let notes = DeskClientFrame::Notes { conversation: conversation(1) };
    let DeskServerFrame::Notes { notes: read, .. } = frame(&send(&actor, "giulia", &notes, 6).replies[0])
    else {
        panic!("no notes")
    };
    assert_eq!(read.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["verificare", "seconda"]);
    assert!(matches!(
        frame(&send(&actor, "marco", &notes, 7).replies[0]),
        DeskServerFrame::Refused { code: Code::NotAssigned, .. }
    ));

    actor.on_notification("a", 2, &closed(1, Some("giulia")), at(8)).unwrap();
    actor.wake(at(99_999)).unwrap();
    assert_eq!(actor.store.notes(&conversation(1)).unwrap(), []);
}

#[test]
fn an_advisor_keeps_quick_replies_of_their_own() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let before = say_hello(&actor, "giulia", 1).replies.len();
    say_hello(&actor, "marco", 2);
    let reply = |id: &str, text: &str| QuickReply {
        id: id.into(),
        name: "Ferie".into(),
        text: text.into(),
        translations: Vec::new(),
    };
    let keep = |id, text| DeskClientFrame::KeepReply { reply: reply(id, text) };
    let told = |effects: &Effects| match &effects.direct[..] {
        [(Recipient::Advisor(to), text)] if *to == advisor("giulia").id => {
            let DeskServerFrame::OwnReplies { replies } = frame(text) else { panic!("{text}") };
            replies
        }
        other => panic!("{other:?}"),
    };

    assert_eq!(told(&send(&actor, "giulia", &keep("a", "Uno."), 3)), [reply("a", "Uno.")]);
    send(&actor, "giulia", &keep("b", "Due."), 4);
    let changed = told(&send(&actor, "giulia", &keep("a", "Tre."), 5));
    assert_eq!(changed, [reply("a", "Tre."), reply("b", "Due.")]);
    let blank = send(&actor, "giulia", &keep("c", " "), 6);
    assert!(matches!(frame(&blank.replies[0]), DeskServerFrame::Refused { code: Code::MessageEmpty, .. }));

    let again = say_hello(&DeskActor::open(&sql, None, &policy(), KEY.into()).unwrap(), "giulia", 7).replies;
    assert_eq!(again.len(), before + 1);
    assert!(matches!(frame(&again[1]), DeskServerFrame::OwnReplies { replies } if replies == changed));
    let drop = |id: &str| DeskClientFrame::DropReply { id: id.into() };
    assert_eq!(told(&send(&actor, "giulia", &drop("b"), 8)), [reply("a", "Tre.")]);
    assert_eq!(told(&send(&actor, "giulia", &drop("b"), 9)), [reply("a", "Tre.")]);
    send(&actor, "marco", &drop("a"), 10);
    assert_eq!(actor.store.own_replies(&advisor("giulia").id).unwrap(), [reply("a", "Tre.")]);
}

#[test]
fn each_conversation_that_leaves_is_written_to_the_register_once() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    say_hello(&actor, "giulia", 1);
    actor.on_notification("a", 1, &waiting(1), at(2)).unwrap();
    accept(&actor, "giulia", 1);
    deliver(&actor);
    let topic = ["pagamento", "diretto", "data"].map(String::from);
    let close = DeskClientFrame::Close { conversation: conversation(1), topic, outcome: Ended::Online };
    send(&actor, "giulia", &close, 5);
    let message = due(&actor, at(9)).remove(0);
    assert_eq!(message.destination, Destination::Conversation("0f".repeat(32)));
    actor.delivered(&message, at(9)).unwrap();
    actor.on_notification("a", 2, &closed(1, Some("giulia")), at(10)).unwrap();
    assert_eq!(assignments(&actor, "giulia"), ["wrap_up"]);

    actor.wake(at(60_010)).unwrap().unwrap();

    let mut records = Vec::new();
    while let Some(message) = due(&actor, at(70_000)).pop() {
        assert_eq!(message.destination, Destination::Register);
        match OutboxMessage::stored(&message.notification).unwrap() {
            RegisterNotification::Record(record) => records.push(record.topic.unwrap().join("/")),
            RegisterNotification::Time(time) => assert_eq!(time.advisor, advisor("giulia").id),
            other @ (RegisterNotification::Event(_)
            | RegisterNotification::Comment(_)
            | RegisterNotification::Forgotten(_)
            | RegisterNotification::Row(_)
            | RegisterNotification::Rated(_)) => panic!("{other:?}"),
        }
        actor.delivered(&message, at(70_000)).unwrap();
    }
    assert_eq!(records, ["pagamento/diretto/data"]);
    assert_eq!(assignments(&actor, "giulia"), [""; 0]);
}

#[test]
fn webhooks_are_told_who_entered_and_was_answered_once_and_without_a_word() {
    let sql = MemorySql::new();
    let actor = actor(&sql).with_webhooks(vec!["archivio".into()]);
    say_hello(&actor, "giulia", 1);
    for _ in 0..2 {
        actor.on_notification("a", 1, &waiting(1), at(2)).unwrap();
    }
    accept(&actor, "giulia", 1);

    let mut told = Vec::new();
    while let Some(message) = { actor.outbox().due(at(9)).unwrap() }.pop() {
        if message.destination == Destination::Webhook("archivio".into()) {
            told.push(OutboxMessage::stored::<WebhookEvent>(&message.notification).unwrap().kind);
        }
        actor.delivered(&message, at(9)).unwrap();
    }
    assert_eq!(told, [WebhookEventKind::Opened { queue: queue() }, WebhookEventKind::Answered {}]);
}

#[test]
fn a_flood_of_frames_ends_the_link_of_its_sender_and_leaves_the_others_alone() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    say_hello(&actor, "giulia", 1);
    say_hello(&actor, "marco", 1);
    let busy =
        |name: &str, now| send(&actor, name, &DeskClientFrame::Presence { presence: Presence::Busy }, now);

    for _ in 0..10 {
        assert_eq!(busy("giulia", 2).close_sender, None);
    }
    let flooded = busy("giulia", 2);
    assert_eq!(flooded.close_sender, Some(close::TOO_FAST));
    let DeskServerFrame::Refused { code: Code::TooFast, conversation: None, .. } = frame(&flooded.replies[0])
    else {
        panic!("{flooded:?}")
    };
    let malformed = receive(&actor, &link("giulia"), "{", at(2));
    assert_eq!(malformed.close_sender, Some(close::TOO_FAST), "what is no frame counts too");
    assert_eq!(busy("marco", 2).close_sender, None);
    assert_eq!(busy("giulia", 103).close_sender, None, "a little later");
}

#[test]
fn a_withdrawn_offer_is_offered_no_more() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    say_hello(&actor, "giulia", 1);
    actor.on_notification("a", 1, &waiting(1), at(2)).unwrap();
    accept(&actor, "giulia", 1);
    deliver(&actor);
    say_hello(&actor, "marco", 3);
    let (conversation, to) = (conversation(1), TransferTo::Advisor(advisor("marco").id));
    let on = DeskClientFrame::Transfer { conversation: conversation.clone(), to, note: None };
    send(&actor, "giulia", &on, 4);
    assert_eq!(assignments(&actor, "marco"), ["offered"]);

    let back = send(&actor, "giulia", &DeskClientFrame::Retract { conversation }, 5);

    assert_eq!(back.replies, [""; 0]);
    assert_eq!(
        (assignments(&self::actor(&sql), "giulia"), assignments(&actor, "marco")),
        (vec!["held"], vec![])
    );
}

/// Kind: a restored desk.
#[test]
fn after_a_restoration_nobody_holds_a_conversation_and_no_order_of_before_is_sent() {
    let sql = MemorySql::new();
    let before = actor(&sql);
    say_hello(&before, "giulia", 1);
    before.on_notification("a", 1, &waiting(1), at(2)).unwrap();
    before.on_notification("b", 1, &waiting(2), at(3)).unwrap();
    accept(&before, "giulia", 1);
    deliver(&before);
    accept(&before, "giulia", 2);
    let orders = |actor: &DeskActor<&MemorySql>| {
        let due = actor.outbox().due(at(9)).unwrap();
        due.iter().filter(|message| matches!(message.destination, Destination::Conversation(_))).count()
    };
    assert_eq!((assignments(&before, "giulia").len(), orders(&before)), (1, 1));

    let restoration = Restoration { taken: at(5), restored: at(6) };
    let objects = mark_desk(&&sql, restoration).unwrap();
    assert_eq!(objects, vec!["0f".repeat(32); 2]);
    let after = actor(&sql);
    after.recover(at(7)).unwrap();

    assert_eq!((assignments(&after, "giulia"), orders(&after)), (vec![], 0));
    assert_eq!(picture(&after, "giulia").waiting.len(), 2);
    after.on_notification("a", 2, &waiting(1), at(8)).unwrap();
    after.on_notification("b", 2, &closed(2, None), at(8)).unwrap();
    let left = (assignments(&after, "giulia"), picture(&after, "giulia").waiting.len());
    assert_eq!(left, (vec!["offered"], 0), "the conversations have the last word");
}

#[test]
fn a_returned_conversation_waits_again() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    say_hello(&actor, "giulia", 1);
    actor.on_notification("a", 1, &waiting(1), at(2)).unwrap();
    accept(&actor, "giulia", 1);
    deliver(&actor);
    let back = DeskClientFrame::Transfer { conversation: conversation(1), to: TransferTo::Queue, note: None };
    send(&actor, "giulia", &back, 5);

    assert_eq!(picture(&actor, "giulia").waiting.len(), 1);
    assert_eq!(actor.load(&queue(), at(6)).unwrap(), Load::Bearable);
}

fn actor(sql: &MemorySql) -> DeskActor<&MemorySql> {
    DeskActor::open(sql, Some(queue().into()), &policy(), KEY.into()).unwrap()
}

/// The shipped policy, but for ten frames at once, and then ten a second.
fn policy() -> Policy {
    let number = |n| std::num::NonZeroU32::new(n).unwrap();
    let messages = Messages { burst: number(1), per_minute: number(60), per_conversation: number(5_000) };
    Policy { messages, ..Policy::parse(include_str!("../../../policy.json")).unwrap() }
}

fn queue() -> QueueId {
    QueueId::parse("info-cig").unwrap()
}

fn say_hello(actor: &DeskActor<&MemorySql>, name: &str, now: i64) -> Effects {
    say_hello_as(actor, name, Profile::default(), now)
}

fn say_hello_as(actor: &DeskActor<&MemorySql>, name: &str, profile: Profile, now: i64) -> Effects {
    let ticket = Ticket::new(TicketScope::Desk(queue().into()), Speaker::Advisor(advisor(name)), at(now));
    let ticket = Ticket { profile, ..ticket }.sign(KEY).unwrap();
    let hello = DeskClientFrame::Hello { version: version::CURRENT, ticket };
    let unauthenticated = LinkState::new(at(0), None);
    receive(actor, &unauthenticated, &serde_json::to_string(&hello).unwrap(), at(now))
}

fn send(actor: &DeskActor<&MemorySql>, name: &str, frame: &DeskClientFrame, now: i64) -> Effects {
    receive(actor, &link(name), &serde_json::to_string(frame).unwrap(), at(now))
}

fn accept(actor: &DeskActor<&MemorySql>, name: &str, ordinal: u32) {
    receive(actor, &link(name), &accepting(ordinal), at(4));
}

fn accepting(ordinal: u32) -> String {
    serde_json::to_string(&DeskClientFrame::Accept { conversation: conversation(ordinal) }).unwrap()
}

/// Delivers every message of the outbox.
/// What is to be delivered, but for what the audit trail is told: that stays, for tests to read.
fn due(actor: &DeskActor<&MemorySql>, now: Timestamp) -> Vec<OutboxMessage> {
    let mut messages = actor.outbox().due(now).unwrap();
    messages.retain(|message| message.destination != Destination::Audit);
    messages
}

fn deliver(actor: &DeskActor<&MemorySql>) {
    loop {
        let messages = due(actor, at(9));
        if messages.is_empty() {
            return;
        }
        for message in messages {
            actor.delivered(&message, at(9)).unwrap();
        }
    }
}

fn picture(actor: &DeskActor<&MemorySql>, name: &str) -> DeskPicture {
    actor.picture(&advisor(name), at(5)).unwrap()
}

/// The states of the assignments of an advisor, newest last.
fn assignments(actor: &DeskActor<&MemorySql>, name: &str) -> Vec<&'static str> {
    let state = |state: &AssignmentState| match state {
        AssignmentState::Offered { .. } => "offered",
        AssignmentState::Invited { .. } => "invited",
        AssignmentState::Held { .. } => "held",
        AssignmentState::Helping { .. } => "helping",
        AssignmentState::Observing { .. } => "observing",
        AssignmentState::WrapUp { .. } => "wrap_up",
    };
    picture(actor, name).mine.iter().map(|own| state(&own.state)).collect()
}

fn link(name: &str) -> LinkState {
    LinkState { speaker: Some(Speaker::Advisor(advisor(name))), ..LinkState::new(at(0), None) }
}

fn advisor(name: &str) -> Advisor {
    Advisor { id: AdvisorId::parse(name).unwrap(), name: name.into() }
}

fn conversation(ordinal: u32) -> ConversationId {
    ConversationId::of(&"0f".repeat(32), ordinal).unwrap()
}

fn waiting(ordinal: u32) -> String {
    let person = PersonCard {
        name: "Persona Di Prova".into(),
        category: Category::Titolare,
        province: "015".into(),
        province_name: "Milano".into(),
        credential: Credential::Cns,
        acting_for: None,
        language: Language::It,
        entry_point: None,
        about: None,
        question: None,
    };
    let notification = DeskNotification::Waiting {
        conversation: conversation(ordinal),
        since: at(i64::from(ordinal)),
        person: Box::new(person),
        closing: None,
        facts: PriorityFacts::default(),
        queue: None,
    };
    serde_json::to_string(&notification).unwrap()
}

fn closed(ordinal: u32, held_by: Option<&str>) -> String {
    let notification = DeskNotification::Closed {
        conversation: conversation(ordinal),
        by: Party::Citizen,
        outcome: None,
        held_by: held_by.map(|name| advisor(name).id),
    };
    serde_json::to_string(&notification).unwrap()
}

fn frame(text: &str) -> DeskServerFrame {
    serde_json::from_str(text).unwrap()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// The effects of a frame, or of its refusal, as the link has them.
fn receive(actor: &DeskActor<&MemorySql>, link: &LinkState, text: &str, now: Timestamp) -> Effects {
    match actor.receive(link, text, now) {
        Ok(effects) => effects,
        Err(Error::Refused(refusal)) => Effects::refusing::<DeskActor<&MemorySql>>(refusal).unwrap(),
        Err(Error::Fault(fault)) => panic!("{fault}"),
    }
}

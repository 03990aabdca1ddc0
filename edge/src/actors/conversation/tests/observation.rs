// SPDX-License-Identifier: EUPL-1.2
//! An observing supervisor: the frames they receive, and those that nobody else does.

use super::*;

#[test]
fn a_supervisor_who_reads_is_sent_the_log_and_can_do_nothing() {
    let sql = MemorySql::new();
    let (actor, id) = under_way(&sql);
    notify(&actor, 3, &id, ConversationCommand::Observed { advisor: ada(), told: false }, 5);

    let read = hello_of(&actor, &id, Speaker::Advisor(ada()));

    assert!(read.accepted.as_ref().unwrap().observes && read.close_sender.is_none());
    assert_eq!(received(&read), [1, 2, 3]);
    let refused = |frame: &ClientFrame| send_on(&actor, &observing(&id), frame, 9);
    let post = ClientFrame::Post { id: MessageId::parse("s1").unwrap(), text: "ciao".into() };
    for frame in [post, ClientFrame::Close {}, ClientFrame::Forward(Box::new(draft(&[])))] {
        let answer = refused(&frame);
        assert!(answer.broadcast.is_none() && answer.ephemeral.is_none(), "{frame:?}");
        assert!(answer.replies[0].contains("not-assigned"), "{frame:?} {:?}", answer.replies);
    }
    for frame in [ClientFrame::Read { up_to: 3 }, ClientFrame::Typing {}, ClientFrame::Stay {}] {
        let ignored = refused(&frame);
        assert_eq!((ignored.ephemeral, ignored.broadcast), (None, None), "{frame:?}");
    }
}

#[test]
fn a_supervisor_who_reads_asks_for_nothing_beside_the_log() {
    let sql = MemorySql::new();
    let (actor, id) = under_way(&sql);
    notify(&actor, 3, &id, ConversationCommand::Observed { advisor: ada(), told: false }, 5);
    let scope = TicketScope::Conversation(id.clone());
    let ticket = Ticket::new(scope, Speaker::Advisor(ada()), at(0)).sign(KEY).unwrap();

    let transcript = actor.transcript(&id, &ticket, Format::Text, None, String::new(), at(9));

    let Err(Error::Refused(refusal)) = transcript else { panic!("{transcript:?}") };
    assert_eq!(refusal.code, Code::NotAssigned);
}

#[test]
fn reading_and_leaving_off_are_in_nothing_the_person_is_sent_unless_the_policy_says_so() {
    let sql = MemorySql::new();
    let (actor, id) = under_way(&sql);
    let before = everything_of_the_person(&actor, &id);

    let begun = notify(&actor, 3, &id, ConversationCommand::Observed { advisor: ada(), told: false }, 5);
    assert_eq!((begun.broadcast, begun.direct), (None, vec![]));
    let read = hello_of(&actor, &id, Speaker::Advisor(ada()));
    assert_eq!((read.broadcast, read.direct), (None, vec![]));
    let over = notify(&actor, 4, &id, ConversationCommand::Unobserved { advisor: ada() }, 5);
    // The supervisor's links are closed, and nobody is sent a frame.
    let closes = over.broadcast.unwrap();
    assert_eq!((closes.frames, closes.readers), (vec![], Some(vec![giulia().id])));
    assert_eq!(everything_of_the_person(&actor, &id), before);
    let again = hello_of(&actor, &id, Speaker::Advisor(ada()));
    assert!(again.accepted.is_none());

    notify(&actor, 5, &id, ConversationCommand::Observed { advisor: ada(), told: true }, 5);
    let read = everything_of_the_person(&actor, &id);
    assert!(read.iter().all(|text| text.contains("Ada")), "{read:?}");
}

#[test]
fn an_observing_link_is_on_neither_side_and_a_supervisor_who_joins_is() {
    let sql = MemorySql::new();
    let (actor, id) = under_way(&sql);
    assert_eq!(observing(&id).party(), None);
    assert!(!observing(&id).watches(&citizen(&id), Party::Citizen));

    notify(&actor, 3, &id, ConversationCommand::Observed { advisor: ada(), told: false }, 5);
    notify(&actor, 4, &id, ConversationCommand::Joined { advisor: ada() }, 5);

    let joined = hello_of(&actor, &id, Speaker::Advisor(ada()));
    assert!(!joined.accepted.unwrap().observes);
}

#[test]
fn the_desk_is_notified_when_the_speaker_changes_and_not_of_a_monologue() {
    let sql = MemorySql::new();
    let (actor, id) = under_way(&sql);
    drain(&actor);
    let post = |link: &LinkState, name: &str, now| {
        let message = MessageId::parse(name).unwrap();
        send_on(&actor, link, &ClientFrame::Post { id: message, text: "ciao".into() }, now);
        drain(&actor)
    };

    // The person wrote while they waited: the turn is the advisor's.
    assert_eq!(post(&citizen(&id), "c2", 10), [""; 0]);
    assert_eq!(post(&advisor(&id), "a1", 11), ["advisor giulia 11"]);
    assert_eq!(post(&advisor(&id), "a2", 12), [""; 0]);
    assert_eq!(post(&advisor(&id), "a2", 13), [""; 0], "a repetition");
    assert_eq!(post(&citizen(&id), "c3", 14), ["citizen - 14"]);
    notify(&actor, 3, &id, ConversationCommand::Assigned { assignment_epoch: 2, advisor: ada() }, 5);
    let ada = LinkState { speaker: Some(Speaker::Advisor(ada())), ..citizen(&id) };
    assert_eq!(post(&ada, "b1", 15), ["advisor ada 15"]);
    assert_eq!(post(&citizen(&id), "c4", 16), ["citizen - 16"]);
}

/// The turns in the outbox, which is emptied.
fn drain(actor: &ConversationActor<&MemorySql>) -> Vec<String> {
    let mut turns = Vec::new();
    while let Some(message) = actor.outbox().due(at(1_000)).unwrap().into_iter().next() {
        if let Ok(DeskNotification::Spoke { by, advisor, at, .. }) =
            OutboxMessage::stored(&message.notification)
        {
            let advisor = advisor.map_or("-".into(), |advisor| advisor.to_string());
            turns.push(format!("{} {advisor} {}", by.as_str(), at.as_millis()));
        }
        actor.delivered(&message, at(1_000)).unwrap();
    }
    turns
}

/// A conversation that Giulia holds, with a message of its person.
fn under_way(sql: &MemorySql) -> (ConversationActor<&MemorySql>, ConversationId) {
    let actor = actor(sql);
    let id = admit(&actor, 1);
    post(&actor, &id, "c1", 2);
    notify(&actor, 1, &id, ConversationCommand::Assigned { assignment_epoch: 1, advisor: giulia() }, 5);
    (actor, id)
}

/// Everything a person can see of a conversation: their link, the transcript, the page without scripts.
fn everything_of_the_person(actor: &ConversationActor<&MemorySql>, id: &ConversationId) -> [String; 3] {
    let scope = TicketScope::Conversation(id.clone());
    let ticket = Ticket::new(scope, Speaker::Citizen, at(0)).sign(KEY).unwrap();
    let link = hello(actor, id, 0).replies.concat();
    let file = actor.transcript(id, &ticket, Format::Text, None, String::new(), at(9)).unwrap();
    let page = actor.plain_page(id, &ticket, None, None, at(9)).unwrap();
    [link, file, format!("{:?}", page.shown)]
}

fn observing(id: &ConversationId) -> LinkState {
    LinkState { speaker: Some(Speaker::Advisor(ada())), observes: true, ..citizen(id) }
}

fn ada() -> Advisor {
    Advisor { id: AdvisorId::parse("ada").unwrap(), name: "Ada".into() }
}

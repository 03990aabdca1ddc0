// SPDX-License-Identifier: EUPL-1.2
//! Events of the session: the log, unread messages, deliveries, tickets.

use super::*;

#[test]
fn the_phase_follows_the_log() {
    let mut state = ChatState::new();
    state.begin_conversation();
    state.apply(Event::Entries(vec![
        entry(1, EntryBody::Opened {}),
        entry(2, EntryBody::Assigned { advisor: "Giulia".into() }),
    ]));
    assert!(matches!(state.phase.clone(), Some(Phase::Active { advisor, .. }) if advisor == "Giulia"));

    state.apply(Event::Entries(vec![entry(3, EntryBody::Closed { by: Party::Advisor, outcome: None })]));
    assert!(state.is_closed());
    assert_eq!(state.entries.clone().len(), 3);
}

#[test]
fn a_log_told_from_its_beginning_again_is_shown_once() {
    let mut state = ChatState::new();
    state.begin_conversation();
    for _ in 0..2 {
        state.apply(Event::Began { older: false });
        state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
    }
    assert_eq!(state.entries.clone().len(), 1);
}

#[test]
fn a_new_conversation_forgets_the_one_before() {
    let mut state = ChatState::new();
    state.begin_conversation();
    state.apply(Event::Entries(vec![entry(1, EntryBody::Closed { by: Party::Citizen, outcome: None })]));
    state.begin_conversation();
    assert!(state.entries.clone().is_empty() && !state.is_closed());
}

#[test]
fn older_entries_come_before_those_shown() {
    let mut state = ChatState::new();
    state.begin_conversation();
    state.apply(Event::Began { older: true });
    state.apply(Event::Entries(vec![entry(3, written("c", Author::Citizen))]));
    assert_eq!(state.older_entries.clone(), OlderEntriesState::Available);

    let page = vec![entry(1, EntryBody::Opened {}), entry(2, written("b", Author::Citizen))];
    state.apply(Event::Older { entries: page, more: false });

    let numbers: Vec<u64> = state.entries.clone().iter().map(|entry| entry.seq).collect();
    assert_eq!((numbers, state.older_entries), (vec![1, 2, 3], OlderEntriesState::None));
}

#[test]
fn delivery_is_said_where_it_is_news_and_never_before_the_server_said_it() {
    let mut state = ChatState::new();
    state.begin_conversation();
    let log = (2..=4).map(|seq| entry(seq, written(&format!("m{seq}"), Author::Citizen)));
    state.apply(Event::Entries(log.collect()));
    assert_eq!(state.deliveries(), [(4, Delivery::Delivered)]);

    let read = |up_to| Event::Presence { party: Party::Advisor, connected: true, read_up_to: up_to };
    state.apply(read(3));
    assert_eq!(state.deliveries(), [(3, Delivery::Read), (4, Delivery::Delivered)]);
    state.apply(read(0));
    assert_eq!(state.deliveries()[0], (3, Delivery::Read));
    state.apply(read(4));
    assert_eq!(state.deliveries(), [(4, Delivery::Read)]);
}

#[test]
fn unread_messages_are_counted_and_the_first_stays_marked_until_the_log_is_hidden_again() {
    let mut state = ChatState::new();
    state.begin_conversation();
    let giulia = || Author::Advisor { name: "Giulia".into() };
    state.count_unread(&[entry(1, EntryBody::Opened {}), entry(2, written("m1", Author::Citizen))]);
    assert_eq!((state.unread, state.unread_from), (0, None));
    state.count_unread(&[entry(3, written("a1", giulia())), entry(4, written("a2", giulia()))]);
    state.count_unread(&[entry(5, written("a3", giulia()))]);
    assert_eq!((state.unread, state.unread_from), (3, Some(3)));
    state.set_log_visible(true);
    assert_eq!((state.unread, state.unread_from), (0, Some(3)));
    state.set_log_visible(false);
    assert_eq!(state.unread_from.clone(), None);
    state.count_unread(&[entry(6, EntryBody::Stayed {}), entry(7, EntryBody::Unknown {})]);
    assert_eq!((state.unread, state.unread_from), (1, Some(7)), "a call is offered");
}

#[test]
fn only_a_message_of_the_advisor_ends_their_typing() {
    let mut state = ChatState::new();
    state.begin_conversation();
    state.apply(Event::Typing(Party::Advisor));
    state.apply(Event::Entries(vec![entry(1, written("m1", Author::Citizen))]));
    assert!(state.advisor_typing);

    let giulia = Author::Advisor { name: "Giulia".into() };
    state.apply(Event::Entries(vec![entry(2, written("a1", giulia))]));
    assert!(!state.advisor_typing);
}

#[test]
fn a_message_that_was_not_accepted_is_in_the_field_again() {
    let mut state = ChatState::new();
    state.draft = "e poi".into();
    let message = Pending { id: MessageId::parse("m1").unwrap(), text: "troppo".into() };
    state.apply(Event::NotSent { message, code: Code::MessageTooLong });

    assert_eq!((state.draft.clone(), state.not_sent), ("troppo\ne poi".into(), Some(Code::MessageTooLong)));
}

#[test]
fn an_answer_older_than_closing_time_is_not_believed_and_a_newer_one_is() {
    let mut state = ChatState::new();
    let at = |millis| Some(Timestamp::from_millis(millis));
    assert!(!state.was_closed_after(at(5)));
    state.phase = Some(Phase::Closed { at: Timestamp::from_millis(10), by: Party::System });
    assert!(state.was_closed_after(at(5)) && state.was_closed_after(None));
    assert!(!state.was_closed_after(at(20)));
}

#[test]
fn the_place_in_the_queue_is_forgotten_when_somebody_answers() {
    let mut state = ChatState::new();
    state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
    state.apply(Event::Queue(QueuePlace {
        position: 3,
        estimate: Estimate::Unknown {},
        notice: String::new(),
    }));
    assert_eq!(state.queue_place.as_ref().map(|place| place.position), Some(3));

    state.apply(Event::Entries(vec![entry(2, EntryBody::Assigned { advisor: "Giulia".into() })]));
    assert_eq!(state.queue_place.clone(), None);
}

#[test]
fn a_warning_stands_until_the_person_answers() {
    let mut state = ChatState::new();
    let closes = Timestamp::from_millis(60_000);
    for (seq, answer) in [(2, EntryBody::Stayed {}), (4, written("m1", Author::Citizen))] {
        state.apply(Event::Entries(vec![entry(seq - 1, EntryBody::Inactive { closes })]));
        assert_eq!(state.auto_close_at.clone(), Some(closes));
        state.apply(Event::Entries(vec![entry(seq, answer)]));
        assert_eq!(state.auto_close_at.clone(), None);
    }
}

#[test]
fn an_expired_ticket_is_renewed_silently_and_an_expired_new_one_is_an_error() {
    let mut state = ChatState::new();
    let conversation = ConversationId::of(&"0a".repeat(32), 1).unwrap();
    let access = |ticket: &str, ticket_state| {
        let (conversation, ticket) = (conversation.clone(), ticket.into());
        Some(ConversationAccess { conversation, ticket, ticket_state })
    };
    state.begin_conversation();
    state.access = access("old", TicketState::Valid);
    state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
    state.link = LinkState::Over;
    state.apply(Event::Refused(Code::TicketExpired));
    assert_eq!(
        (state.stage.clone(), state.ticket_state()),
        (Stage::InConversation, Some(TicketState::Expired))
    );
    assert!(!state.accept_ticket(&conversation, "unasked".into()));

    state.set_ticket_state(TicketState::Renewing);
    assert!(state.accept_ticket(&conversation, "new".into()));
    assert_eq!((state.access.clone(), state.entries.len()), (access("new", TicketState::Renewed), 1));
    state.apply(Event::Refused(Code::TicketExpired));
    assert_eq!(state.stage.clone(), Stage::Failed(ServiceError::NotAccepted));
    assert_eq!(state.ticket_state(), Some(TicketState::Expired));

    state.set_ticket_state(TicketState::Renewing);
    assert!(state.accept_ticket(&conversation, "newer".into()));
    assert_eq!(state.stage.clone(), Stage::InConversation);
    state.apply(welcome(Phase::Waiting { since: Timestamp::from_millis(0) }));
    assert_eq!(state.ticket_state(), Some(TicketState::Valid));

    state.set_ticket_state(TicketState::Renewing);
    state.begin_conversation();
    assert!(!state.accept_ticket(&conversation, "late".into()));
}

#[test]
fn messages_written_while_entering_belong_to_the_next_conversation_or_return_to_the_draft() {
    let pending = |id: &str| Pending { id: MessageId::parse(id).unwrap(), text: id.into() };
    let mut state = ChatState::new();
    (state.pending, state.previous_pending, state.stage) = (vec![pending("old")], 1, Stage::Entering);
    state.pending.push(pending("new"));
    assert!(state.is_entering());
    assert_eq!(state.next_pending(), [pending("new")]);
    state.draft = "a metà".into();
    state.return_pending_to_draft();
    assert_eq!((state.draft.as_str(), state.pending.len()), ("old\nnew\na metà", 0));

    let conversation = ConversationId::of(&"0a".repeat(32), 1).unwrap();
    state.access =
        Some(ConversationAccess { conversation, ticket: "old".into(), ticket_state: TicketState::Renewing });
    assert!(!state.is_entering(), "another ticket for the same conversation");
}

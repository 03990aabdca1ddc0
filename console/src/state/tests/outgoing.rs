// SPDX-License-Identifier: EUPL-1.2
//! Drafts and messages on their way.

use super::*;

#[test]
fn unsent_messages_survive_a_reload() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.restore(&id(1), "quasi".into(), vec![pending("m")]);
        let conversation = conversation(state, 1);
        assert_eq!(conversation.draft.get(), "quasi");
        assert_eq!(conversation.outgoing.get().len(), 1);
    });
}

#[test]
fn a_message_is_on_its_way_until_its_entry_comes_back() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.queue_messages(&id(1), vec![pending("m"), pending("n")]);
        receive(state, 1, vec![says(1, "m"), answers(2, "m")]);

        let left: Vec<MessageId> = conversation(state, 1).outgoing.get().into_iter().map(|o| o.id).collect();
        assert_eq!(left, [message("n")]);
    });
}

#[test]
fn messages_missing_from_a_closed_log_are_unsent() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.queue_messages(&id(1), vec![pending("m")]);
        receive(state, 1, vec![entry(1, EntryBody::Closed { by: Party::Citizen, outcome: None })]);
        apply(state, 1, Event::Link(LinkState::Over));

        let outgoing = conversation(state, 1).outgoing.get();
        assert_eq!(outgoing[0].refused, Some(Code::ConversationClosed));
    });
}

#[test]
fn messages_in_flight_are_unsent_when_another_advisor_holds_the_conversation() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.queue_messages(&id(1), vec![pending("m")]);
        apply(state, 1, Event::Refused(Code::NotAssigned));

        assert_eq!(conversation(state, 1).outgoing.get()[0].refused, Some(Code::NotAssigned));
    });
}

#[test]
fn a_refused_message_has_its_reason_and_the_others_stay_in_flight() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.queue_messages(&id(1), vec![pending("m"), pending("n")]);
        apply(state, 1, Event::NotSent { message: pending("m"), code: Code::MessageTooLong });

        let refused: Vec<Option<Code>> =
            conversation(state, 1).outgoing.get().into_iter().map(|outgoing| outgoing.refused).collect();
        assert_eq!(refused, [Some(Code::MessageTooLong), None]);
    });
}

#[test]
fn characters_are_counted_as_the_server_counts_them() {
    desk(|state| {
        picture(state, &[], &[1]);
        let conversation = conversation(state, 1);
        conversation.draft.set(" è👩‍👧\n ".into());
        assert_eq!(conversation.draft_chars(), 4);

        conversation.draft.set("👍".repeat(MAX_MESSAGE_CHARS));
        assert_eq!(conversation.draft_chars(), MAX_MESSAGE_CHARS);
        assert!(conversation.take_draft().is_some());
    });
}

#[test]
fn only_a_draft_that_can_be_sent_is_taken() {
    desk(|state| {
        picture(state, &[], &[1]);
        let conversation = conversation(state, 1);
        for draft in [" \n ".into(), "x".repeat(MAX_MESSAGE_CHARS + 1)] {
            conversation.draft.set(draft.clone());
            assert_eq!(conversation.take_draft(), None);
            assert_eq!(conversation.draft.get(), draft);
        }
        conversation.draft.set(" ciao\n".into());
        assert_eq!(conversation.take_draft(), Some("ciao".into()));
        assert_eq!(conversation.draft.get(), "");
    });
}

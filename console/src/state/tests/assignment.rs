// SPDX-License-Identifier: EUPL-1.2
//! How conversations come, change hands and go.

use super::*;

#[test]
fn a_conversation_that_ended_stays_until_it_is_dismissed() {
    desk(|state| {
        picture(state, &[], &[1]);
        assert!(!state.dismiss(&id(1)));
        receive(state, 1, vec![entry(1, EntryBody::Closed { by: Party::Citizen, outcome: None })]);
        picture(state, &[], &[]);
        assert_eq!(state.conversations.get().len(), 1);

        assert!(state.dismiss(&id(1)));
        assert!(state.conversations.get().is_empty());
    });
}

#[test]
fn a_close_request_survives_a_lost_connection() {
    desk(|state| {
        picture(state, &[], &[1]);
        let conversation = conversation(state, 1);
        conversation.ending.set(Ending::Requested);
        apply(state, 1, Event::Link(LinkState::Lost));
        assert_eq!(conversation.ending.get(), Ending::Requested);
    });
}

#[test]
fn a_conversation_in_wrap_up_is_read_only_and_stays_until_dismissed() {
    desk(|state| {
        picture(state, &[], &[1]);
        show(state, mine(1, AssignmentState::WrapUp { until: at(9), topic_missing: true }));
        assert!(!conversation(state, 1).is_writable());
        assert!(!conversation(state, 1).is_released());
        show(state, nothing());
        assert!(conversation(state, 1).is_released());
        assert!(state.dismiss(&id(1)));
    });
}

#[test]
fn a_finished_conversation_leaves_the_list_when_the_desk_releases_it() {
    desk(|state| {
        picture(state, &[], &[1]);
        show(state, mine(1, AssignmentState::WrapUp { until: at(9), topic_missing: false }));
        assert!(state.request(&id(1), DeskRequest::Close));
        assert_eq!(state.conversations.get().len(), 1);
        show(state, nothing());
        assert!(state.conversations.get().is_empty());
    });
}

#[test]
fn a_failed_request_is_reported_in_its_conversation() {
    desk(|state| {
        picture(state, &[], &[1]);
        assert!(state.request(&id(1), DeskRequest::Transfer("Marco".into())));
        let code = Code::AdvisorUnavailable;
        state.apply_desk(DeskEvent::NotDone { conversation: id(1), code }, at(0));
        assert_eq!(
            conversation(state, 1).failed_request.get(),
            Some((DeskRequest::Transfer("Marco".into()), code))
        );
        assert_eq!(state.queue.failed_claim.get(), None);

        assert!(state.request(&id(1), DeskRequest::Close));
        assert_eq!(conversation(state, 1).failed_request.get(), None);
        state.apply_desk(DeskEvent::NotDone { conversation: id(1), code: Code::TopicNeeded }, at(0));
        assert_eq!(conversation(state, 1).ending.get(), Ending::Open);
    });
}

#[test]
fn the_places_taken_are_those_the_desk_counts() {
    desk(|state| {
        assert_eq!(state.load(), None);
        welcome(state);
        show(
            state,
            DeskPicture { colleagues: vec![colleague("giulia", 2), colleague("marco", 1)], ..nothing() },
        );
        assert_eq!(state.load(), Some((2, 2)));
        assert!(state.is_full());
        let others: Vec<String> = state.others().into_iter().map(|one| one.name).collect();
        assert_eq!(others, ["marco"]);
    });
}

#[test]
fn the_list_is_put_in_order_once_nobody_points_at_it() {
    desk(|state| {
        picture(state, &[], &[1, 2]);
        receive(state, 1, vec![answers(1, "a")]);
        let order = state.in_order(&[]);
        assert_eq!(order, [2, 1].map(id), "somebody waits for a first answer");

        state.screen.list_held.set(true);
        receive(state, 2, vec![answers(1, "a")]);
        receive(state, 1, vec![says(2, "b")]);
        assert_eq!(state.in_order(&order), [2, 1].map(id));
        state.screen.list_held.set(false);
        assert_eq!(state.in_order(&order), [1, 2].map(id));
    });
}

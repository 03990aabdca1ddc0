// SPDX-License-Identifier: EUPL-1.2
//! Claims, offers and the waiting list.

use super::*;

#[test]
fn a_requested_conversation_is_on_screen_as_soon_as_it_is_assigned() {
    desk(|state| {
        picture(state, &[1, 2], &[]);
        assert!(state.take(&waiting(2)));
        assert!(!state.take(&waiting(2)), "asked for twice");

        picture(state, &[1], &[2]);

        assert_eq!(state.screen.selected.get(), Some(id(2)));
        assert!(state.queue.claims.get().is_empty());
    });
}

#[test]
fn a_conversation_assigned_by_others_does_not_take_the_screen() {
    desk(|state| {
        picture(state, &[], &[1]);
        assert_eq!(state.screen.selected.get(), None);
        assert_eq!(state.conversations.get().len(), 1);
    });
}

#[test]
fn a_conversation_taken_by_another_advisor_is_reported_by_name() {
    desk(|state| {
        picture(state, &[1], &[]);
        state.take(&waiting(1));
        let code = Code::NotWaiting;
        let conversation = id(1);
        state.apply_desk(DeskEvent::NotDone { conversation, code }, at(0));

        let name = "Persona 1".into();
        assert_eq!(state.queue.failed_claim.get(), Some(FailedClaim { name, code }));
    });
}

#[test]
fn asking_needs_a_connection_and_is_forgotten_with_it() {
    desk(|state| {
        picture(state, &[1], &[]);
        state.take(&waiting(1));
        state.apply_desk(DeskEvent::Link(LinkState::Lost), at(0));
        assert!(state.queue.claims.get().is_empty());
        assert!(!state.take(&waiting(1)));
    });
}

#[test]
fn minutes_are_whole_and_never_less_than_none() {
    assert_eq!(minutes_waiting(at(0), at(59_999)), 0);
    assert_eq!(minutes_waiting(at(0), at(125_000)), 2);
    assert_eq!(minutes_waiting(at(90_000), at(0)), 0);
}

#[test]
fn an_offer_is_news_once_and_no_conversation_until_it_is_accepted() {
    desk(|state| {
        assert_eq!(show(state, mine(1, offered())), Some(News::Offered));
        assert_eq!(show(state, mine(1, offered())), None);
        assert!(state.conversations.get().is_empty());
        assert!(matches!(state.screen.announcement.get(), Some(Announcement::Offered(_))));

        let offer = state.queue.offers.get()[0].clone();
        assert!(state.accept(&offer));
        show(state, nothing());
        assert!(matches!(state.screen.announcement.get(), Some(Announcement::Offered(_))), "it is under way");
        show(state, mine(1, held()));
        assert_eq!(state.screen.selected.get(), Some(id(1)));
    });
}

#[test]
fn an_offer_that_went_by_may_be_taken_while_it_waits_and_does_not_ring_for_it() {
    desk(|state| {
        welcome(state);
        show(state, mine(1, offered()));
        let waiting = vec![WaitingConversation { fit: Fit::Yours(Why::default()), ..waiting(1) }];
        assert!(!state.may_take(&waiting[0]), "it will be offered");

        let news = show(state, DeskPicture { waiting: waiting.clone(), ..nothing() });
        assert_eq!(news, None);
        assert!(state.may_take(&waiting[0]));
        assert_eq!(
            state.screen.announcement.get(),
            Some(Announcement::OfferExpired { name: "Persona 1".into() })
        );
    });
}

#[test]
fn an_offer_has_the_whole_wait_of_the_person() {
    desk(|state| {
        let mut picture = mine(1, offered());
        picture.mine[0].arrived = at(-60_000);
        show(state, picture);
        assert_eq!(state.queue.offers.get()[0].arrived, at(-60_000));
    });
}

#[test]
fn the_note_of_a_transfer_is_read_with_the_offer_and_leaves_with_it() {
    desk(|state| {
        show(state, mine(1, offered()));
        assert!(state.offered_by_colleagues().is_empty(), "nobody hands it on");
        let by = Some("Marco".into());
        show(state, mine(2, AssignmentState::Offered { until: at(30_000), by }));
        assert_eq!(state.offered_by_colleagues(), [id(2)].into());

        let notes = vec![Note {
            id: message("n"),
            advisor: "Marco".into(),
            at: at(0),
            text: "Ha fretta".into(),
            whisper: false,
        }];
        state.apply_desk(DeskEvent::Notes { conversation: id(2), notes }, at(0));
        assert_eq!(state.queue.offer_notes.get()[&id(2)].stored[0].text, "Ha fretta");
        show(state, nothing());
        assert!(state.queue.offer_notes.get().is_empty());
    });
}

#[test]
fn an_offer_rings_again_until_it_is_being_accepted() {
    desk(|state| {
        show(state, mine(1, offered()));
        state.clock.tick(at(7_000));
        assert_eq!(state.still_offered(), None);
        state.clock.tick(at(8_000));
        assert_eq!(state.still_offered(), Some(News::StillOffered));
        state.accept(&state.queue.offers.get()[0]);
        assert_eq!(state.still_offered(), None);
    });
}

#[test]
fn an_accepted_offer_that_is_never_assigned_expires() {
    desk(|state| {
        show(state, mine(1, offered()));
        state.accept(&state.queue.offers.get()[0]);
        state.clock.tick(at(ANSWERED_WITHIN_MS + 1));
        show(state, nothing());
        assert!(state.queue.claims.get().is_empty());
    });
}

#[test]
fn only_somebody_one_may_take_is_worth_a_call() {
    desk(|state| {
        welcome(state);
        show(state, nothing());
        let others = WaitingConversation { fit: Fit::Others {}, ..waiting(1) };
        assert_eq!(show(state, DeskPicture { waiting: vec![others], ..nothing() }), None);
        assert_eq!(
            show(state, DeskPicture { waiting: vec![waiting(2)], ..nothing() }),
            Some(News::PersonWaiting)
        );
    });
}

#[test]
fn an_accepted_conversation_opens_by_itself_unless_a_message_or_a_note_is_unsent() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.select(&id(1));
        let open = conversation(state, 1);
        open.draft.set("Buongiorno, sto contr".into());
        accept_second(state);
        assert_eq!(state.screen.selected.get(), Some(id(1)), "the advisor is writing");
        let name = "Persona 2".into();
        assert_eq!(state.screen.announcement.get(), Some(Announcement::Assigned { name }));
        assert!(state.queue.claims.get().is_empty());
        assert_eq!(state.conversations.get().len(), 2);
    });
    desk(|state| {
        picture(state, &[], &[1]);
        state.select(&id(1));
        conversation(state, 1).note_draft.set("Ha già".into());
        accept_second(state);
        assert_eq!(state.screen.selected.get(), Some(id(1)), "the advisor is writing a note");
    });
    desk(|state| {
        picture(state, &[], &[1]);
        state.select(&id(1));
        conversation(state, 1).draft.set(" \n".into());
        accept_second(state);
        assert_eq!(state.screen.selected.get(), Some(id(2)), "blanks are no draft");
        assert!(state.screen.moved.get(), "focus follows");
    });
}

#[test]
fn a_draft_in_a_conversation_that_is_not_on_screen_keeps_nothing_from_opening() {
    desk(|state| {
        picture(state, &[], &[1]);
        conversation(state, 1).draft.set("Buongiorno".into());
        accept_second(state);
        assert_eq!(state.screen.selected.get(), Some(id(2)));
    });
}

/// The second conversation is offered, accepted and assigned beside the first.
fn accept_second(state: &DeskState) {
    let first = assigned(1, held());
    show(state, DeskPicture { mine: vec![first.clone(), assigned(2, offered())], ..nothing() });
    assert!(state.accept(&state.queue.offers.get()[0]));
    show(state, DeskPicture { mine: vec![first, assigned(2, held())], ..nothing() });
}

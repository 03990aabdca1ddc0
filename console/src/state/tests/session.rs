// SPDX-License-Identifier: EUPL-1.2
//! Sign-in, connection, clock.

use super::*;

#[test]
fn another_advisor_finds_nothing_of_the_one_before() {
    desk(|state| {
        picture(state, &[1], &[2]);
        state.select(&id(2));
        assert!(!state.signed_in("Giulia".into()), "the same advisor");
        assert_eq!(state.conversations.get().len(), 1);

        assert!(state.signed_in("Marco".into()));
        assert!(state.conversations.get().is_empty());
        assert_eq!(state.screen.selected.get(), None);
        assert_eq!(state.queue.waiting.get(), None);
    });
}

#[test]
fn the_clock_is_the_servers_and_never_before_the_newest_arrival() {
    desk(|state| {
        state.clock.set(at(10_000_000), at(5_000));
        state.clock.tick(at(6_000));
        assert_eq!(state.clock.now.get(), at(10_001_000));

        let mut late = waiting(1);
        late.since = at(20_000_000);
        let waiting = vec![late];
        state.apply_desk(DeskEvent::Picture(DeskPicture { waiting, ..nothing() }), at(7_000));
        state.clock.tick(at(8_000));
        assert_eq!(state.clock.now.get(), at(20_001_000));
    });
}

#[test]
fn a_try_after_a_loss_is_still_a_loss() {
    let lost = Connection::Live.after(LinkState::Lost);
    assert_eq!(lost.after(LinkState::Connecting), Connection::Lost);
    assert_eq!(lost.after(LinkState::Live), Connection::Live);
    assert_eq!(Connection::Outdated.after(LinkState::Live), Connection::Outdated);
}

#[test]
fn a_sign_in_that_ends_takes_nothing_off_the_screen() {
    desk(|state| {
        picture(state, &[1], &[2]);
        state.signed_out();
        assert_eq!(state.session.sign_in.get(), SignInState::Expired);
        assert_eq!(state.conversations.get().len(), 1);
    });
}

#[test]
fn nothing_is_asked_of_a_desk_that_cannot_hear() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.apply_desk(DeskEvent::Link(LinkState::Lost), at(0));
        assert!(!state.request(&id(1), DeskRequest::ReturnToQueue));
        assert!(!state.request_presence(Presence::Paused));
        assert_eq!(state.presence.requested.get(), None);
    });
}

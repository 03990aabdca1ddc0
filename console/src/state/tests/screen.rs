// SPDX-License-Identifier: EUPL-1.2
//! Reading, selecting, announcing.

use super::*;

#[test]
fn unread_counts_the_messages_since_the_last_look_or_answer() {
    let log = [says(1, "a"), says(2, "b"), answers(3, "c"), says(4, "d"), says(5, "e")];
    assert_eq!(unread(&log, 0), 2);
    assert_eq!(unread(&log, 4), 1);
    assert_eq!(unread(&log[..3], 0), 0);
    assert_eq!(unread(&log[..2], 0), 2);
}

#[test]
fn messages_on_screen_are_read_and_other_messages_are_announced() {
    desk(|state| {
        picture(state, &[], &[1, 2]);
        state.select(&id(1));
        receive(state, 1, vec![entry(1, EntryBody::Opened {}), says(2, "a")]);
        look(state);
        receive(state, 2, vec![entry(1, EntryBody::Opened {})]);
        assert_eq!(state.screen.announcement.get(), None);
        receive(state, 2, vec![says(2, "b")]);

        let unread: Vec<usize> = state.conversations.get().iter().map(Conversation::unread).collect();
        assert_eq!(unread, [0, 1]);
        let name = "Persona 2".into();
        assert_eq!(state.screen.announcement.get(), Some(Announcement::MessageReceived { name }));
    });
}

#[test]
fn older_entries_are_not_announced() {
    desk(|state| {
        picture(state, &[], &[1]);
        apply(state, 1, Event::Began { older: true });
        receive(state, 1, vec![answers(3, "c")]);
        apply(state, 1, Event::Older { entries: vec![says(1, "a"), says(2, "b")], more: false });

        assert_eq!(state.screen.announcement.get(), None);
        assert_eq!(conversation(state, 1).unread(), 0);
    });
}

#[test]
fn only_the_end_of_a_log_on_screen_of_a_page_on_screen_is_read() {
    desk(|state| {
        picture(state, &[], &[1, 2]);
        receive(state, 1, vec![says(1, "a")]);
        assert_eq!(state.in_sight(), None);
        state.select(&id(1));
        assert_eq!(state.in_sight(), Some((id(1), 1)));

        state.screen.visible.set(false);
        assert_eq!(state.in_sight(), None);
        state.screen.visible.set(true);
        state.screen.at_end.set(false);
        receive(state, 1, vec![says(2, "b")]);
        assert_eq!(state.in_sight(), None);

        state.screen.at_end.set(true);
        assert_eq!(state.in_sight(), Some((id(1), 2)));
        state.select(&id(2));
        assert_eq!(state.in_sight(), None, "nothing there");
    });
}

#[test]
fn messages_in_a_hidden_page_are_unread_until_it_is_visible() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.select(&id(1));
        state.screen.visible.set(false);
        receive(state, 1, vec![says(1, "a")]);
        look(state);
        assert_eq!(conversation(state, 1).unread(), 1);

        state.screen.visible.set(true);
        look(state);
        assert_eq!(conversation(state, 1).unread(), 0);
    });
}

#[test]
fn looking_at_another_conversation_begins_at_its_end() {
    desk(|state| {
        picture(state, &[], &[1, 2]);
        state.select(&id(1));
        state.screen.at_end.set(false);
        state.select(&id(1));
        assert!(!state.screen.at_end.get());

        state.select(&id(2));
        assert!(state.screen.at_end.get());
    });
}

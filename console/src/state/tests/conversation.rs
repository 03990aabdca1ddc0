// SPDX-License-Identifier: EUPL-1.2
//! The log of a conversation, its other side, and what is beside it.

use super::*;

#[test]
fn a_log_told_anew_takes_the_place_of_what_was_shown() {
    desk(|state| {
        picture(state, &[], &[1]);
        receive(state, 1, vec![says(1, "a"), says(2, "b")]);
        apply(state, 1, Event::Began { older: false });
        receive(state, 1, vec![says(1, "c")]);

        let conversation = conversation(state, 1);
        assert_eq!(conversation.entries.get(), [says(1, "c")]);
        assert_eq!(conversation.earlier.get(), EarlierEntries::None);
        assert_eq!(conversation.unread(), 1);
    });
}

#[test]
fn what_came_before_is_put_before_and_asked_for_once_at_a_time() {
    desk(|state| {
        picture(state, &[], &[1]);
        let conversation = conversation(state, 1);
        apply(state, 1, Event::Link(LinkState::Live));
        apply(state, 1, Event::Began { older: true });
        receive(state, 1, vec![says(3, "c")]);
        assert!(conversation.request_earlier_entries());
        assert!(!conversation.request_earlier_entries(), "asked for twice");

        apply(state, 1, Event::Older { entries: vec![says(2, "b")], more: true });
        assert_eq!(conversation.entries.get(), [says(2, "b"), says(3, "c")]);
        assert!(conversation.request_earlier_entries());
        apply(state, 1, Event::Older { entries: vec![says(1, "a")], more: false });

        assert_eq!(conversation.entries.get().len(), 3);
        assert!(!conversation.request_earlier_entries());
    });
}

#[test]
fn what_came_before_can_be_asked_for_again_after_a_loss() {
    desk(|state| {
        picture(state, &[], &[1]);
        apply(state, 1, Event::Link(LinkState::Live));
        apply(state, 1, Event::Began { older: true });
        let conversation = conversation(state, 1);
        assert!(conversation.request_earlier_entries());
        apply(state, 1, Event::Link(LinkState::Lost));
        assert!(!conversation.request_earlier_entries(), "there is no way to ask");
        apply(state, 1, Event::Link(LinkState::Live));

        assert!(conversation.request_earlier_entries());
    });
}

#[test]
fn somebody_who_writes_is_seen_writing_until_the_message_comes() {
    desk(|state| {
        picture(state, &[], &[1]);
        apply(state, 1, Event::Typing(Party::Advisor));
        assert!(!conversation(state, 1).citizen_writes());
        apply(state, 1, Event::Typing(Party::Citizen));
        receive(state, 1, vec![answers(1, "a")]);
        assert!(conversation(state, 1).citizen_writes());

        receive(state, 1, vec![says(2, "b")]);
        assert!(!conversation(state, 1).citizen_writes());
    });
}

#[test]
fn writing_that_leads_to_nothing_is_forgotten_in_time() {
    desk(|state| {
        picture(state, &[], &[1]);
        apply(state, 1, Event::Typing(Party::Citizen));
        assert_eq!(state.apply_timeouts(&id(1), at(TYPING_LASTS_MS - 1)), Some(at(TYPING_LASTS_MS)));
        assert!(conversation(state, 1).citizen_writes());

        assert_eq!(state.apply_timeouts(&id(1), at(TYPING_LASTS_MS)), None);
        assert!(!conversation(state, 1).citizen_writes());
    });
}

#[test]
fn who_is_connected_is_said_only_over_a_connection_of_our_own() {
    desk(|state| {
        picture(state, &[], &[1]);
        let conversation = conversation(state, 1);
        apply(state, 1, Event::Link(LinkState::Live));
        apply(state, 1, present(true, 0));
        assert_eq!(conversation.citizen_connected(), Some(true));
        apply(state, 1, Event::Link(LinkState::Lost));
        assert_eq!(conversation.citizen_connected(), None);

        apply(state, 1, Event::Link(LinkState::Live));
        apply(state, 1, present(false, 0));
        assert_eq!(conversation.citizen_connected(), Some(true));
        state.apply_timeouts(&id(1), at(LOSS_SHOWS_AFTER_MS));
        assert_eq!(conversation.citizen_connected(), Some(false));
    });
}

#[test]
fn how_far_the_person_has_read_is_known_from_their_side_alone() {
    desk(|state| {
        picture(state, &[], &[1]);
        apply(state, 1, Event::Presence { party: Party::Advisor, connected: true, read_up_to: 9 });
        apply(state, 1, present(true, 2));

        assert_eq!(conversation(state, 1).citizen.get().read_up_to(), 2);
    });
}

#[test]
fn what_the_person_came_with_before_shows_by_itself_once_and_is_read_beside_this_log() {
    desk(|state| {
        picture(state, &[], &[3]);
        let talk = conversation(state, 3);
        apply(state, 3, Event::Link(LinkState::Live));
        assert!(!talk.history_open.get());
        apply(state, 3, Event::Past(vec![ended(2), ended(1)]));
        assert!(talk.history_open.get());
        talk.history_open.set(false);
        apply(state, 3, Event::Past(vec![ended(2), ended(1)]));
        assert!(!talk.history_open.get(), "closed by hand");

        assert_eq!(talk.toggle_history(&id(1)), Some(HistoryQuery { conversation: id(1), before: None }));
        apply(state, 3, Event::Link(LinkState::Lost));
        assert_eq!(talk.more_history(), None, "there is no way to ask");
        apply(state, 3, Event::Link(LinkState::Live));
        assert!(talk.more_history().is_some());
        apply(state, 3, Event::Refused(Code::NotFound));
        assert!(talk.more_history().is_some(), "asked for again");
        apply(
            state,
            3,
            Event::PastEntries { conversation: id(1), entries: vec![says(1, "a"), says(2, "b")] },
        );

        assert_eq!(talk.history.get().log(&id(1)).unwrap().entries.len(), 2);
        assert!(talk.entries.get().is_empty());
        assert_eq!((talk.unread(), state.screen.announcement.get()), (0, None));
    });
}

#[test]
fn a_colleagues_note_opens_the_notes() {
    desk(|state| {
        picture(state, &[], &[1]);
        let note = |advisor: &str| Note {
            id: message(advisor),
            advisor: advisor.into(),
            at: at(0),
            text: "Ha già scritto ieri".into(),
            whisper: false,
        };
        let tell = |advisor| {
            let notes = vec![note(advisor)];
            state.apply_desk(DeskEvent::Notes { conversation: id(1), notes }, at(0))
        };
        assert_eq!(tell("Giulia"), None);
        assert!(!conversation(state, 1).notes_open.get());
        assert_eq!(tell("Marco"), Some(News::NoteReceived));
        assert!(conversation(state, 1).notes_open.get());
    });
}

#[test]
fn what_a_person_said_is_known_from_the_desk_or_from_the_log() {
    desk(|state| {
        picture(state, &[], &[1]);
        let said = |kind| Question { about: Some(kind), ..Question::default() };
        assert_eq!(conversation(state, 1).question(), None);
        receive(state, 1, vec![entry(1, EntryBody::Question(said(BenefitKind::Cigo)))]);
        assert_eq!(conversation(state, 1).question(), Some(said(BenefitKind::Cigo)));

        let mut known = assigned(2, held());
        known.person.question = Some(said(BenefitKind::Cigs));
        show(state, DeskPicture { mine: vec![assigned(1, held()), known], ..nothing() });
        assert_eq!(conversation(state, 2).question(), Some(said(BenefitKind::Cigs)));
    });
}

#[test]
fn a_case_that_was_shown_is_an_answer() {
    desk(|state| {
        picture(state, &[], &[1]);
        receive(state, 1, vec![says(1, "a")]);
        assert!(conversation(state, 1).waits_since().is_some());
        receive(state, 1, vec![shown(2)]);
        assert_eq!(conversation(state, 1).waits_since(), None);
    });
}

#[test]
fn where_there_is_no_registry_the_cases_close_everywhere() {
    desk(|state| {
        picture(state, &[], &[1]);
        let conversation = conversation(state, 1);
        conversation.cases_open.set(true);
        state.cases_answered(&conversation, Err(RequestError::Refused(Code::CasesUnavailable)));
        assert_eq!((state.has_cases.get(), conversation.cases_open.get()), (true, true));

        state.cases_answered(&conversation, Err(RequestError::Refused(Code::CasesNotConfigured)));
        assert_eq!((state.has_cases.get(), conversation.cases_open.get()), (false, false));
        assert_eq!(state.screen.announcement.get(), Some(Announcement::NoCaseRegistry));
    });
}

// SPDX-License-Identifier: EUPL-1.2
//! What the console promises of what it knows.

use infocig_protocol::{
    case::{BenefitKind, Question},
    desk::{AssignmentState, Fit, Why},
    entry::{Entry, EntryBody, Outcome, Party},
    id::{AdvisorId, MessageId, QueueId},
    limits::{MAX_MESSAGE_CHARS, TYPING_LASTS_MS},
    segnalazione::SegnalazioneState,
};

use super::{
    cases::Trouble,
    forwarding::{Stage, prefilled},
    past::Ask,
    samples::{answers, assigned, at, case, ended, entry, held, id, message, person, says, topics, waiting},
    *,
};

#[test]
fn what_was_asked_for_is_on_screen_as_soon_as_it_is_given() {
    desk(|state| {
        picture(state, &[1, 2], &[]);
        assert!(state.take(&waiting(2)));
        assert!(!state.take(&waiting(2)), "asked for twice");

        picture(state, &[1], &[2]);

        assert_eq!(state.selected.get(), Some(id(2)));
        assert!(state.taking.get().is_empty());
    });
}

#[test]
fn what_others_gave_does_not_push_itself_on_screen() {
    desk(|state| {
        picture(state, &[], &[1]);
        assert_eq!(state.selected.get(), None);
        assert_eq!(state.conversations.get().len(), 1);
    });
}

#[test]
fn a_conversation_somebody_else_took_is_said_by_name() {
    desk(|state| {
        picture(state, &[1], &[]);
        state.take(&waiting(1));
        let code = Code::NotWaiting;
        let conversation = id(1);
        state.apply_desk(DeskEvent::NotDone { conversation, code }, at(0));

        let name = "Persona 1".into();
        assert_eq!(state.not_taken.get(), Some(NotTaken { name, code }));
    });
}

#[test]
fn asking_needs_a_connection_and_is_forgotten_with_it() {
    desk(|state| {
        picture(state, &[1], &[]);
        state.take(&waiting(1));
        state.apply_desk(DeskEvent::Link(LinkState::Lost), at(0));
        assert!(state.taking.get().is_empty());
        assert!(!state.take(&waiting(1)));
    });
}

#[test]
fn a_conversation_that_ended_stays_until_it_is_dismissed() {
    desk(|state| {
        picture(state, &[], &[1]);
        assert!(!state.dismiss(&id(1)));
        hear(state, 1, vec![entry(1, EntryBody::Closed { by: Party::Citizen, outcome: None })]);
        picture(state, &[], &[]);
        assert_eq!(state.conversations.get().len(), 1);

        assert!(state.dismiss(&id(1)));
        assert!(state.conversations.get().is_empty());
    });
}

#[test]
fn unread_counts_what_the_person_wrote_since_we_looked_or_answered() {
    let log = [says(1, "a"), says(2, "b"), answers(3, "c"), says(4, "d"), says(5, "e")];
    assert_eq!(unread(&log, 0), 2);
    assert_eq!(unread(&log, 4), 1);
    assert_eq!(unread(&log[..3], 0), 0);
    assert_eq!(unread(&log[..2], 0), 2);
}

#[test]
fn what_arrives_on_screen_is_read_and_what_arrives_elsewhere_is_announced() {
    desk(|state| {
        picture(state, &[], &[1, 2]);
        state.select(&id(1));
        hear(state, 1, vec![entry(1, EntryBody::Opened {}), says(2, "a")]);
        look(state);
        hear(state, 2, vec![entry(1, EntryBody::Opened {})]);
        assert_eq!(state.announcement.get(), None);
        hear(state, 2, vec![says(2, "b")]);

        let unread: Vec<usize> = state.conversations.get().iter().map(Conversation::unread).collect();
        assert_eq!(unread, [0, 1]);
        let name = "Persona 2".into();
        assert_eq!(state.announcement.get(), Some(Announcement::Wrote { name }));
    });
}

#[test]
fn a_log_told_anew_takes_the_place_of_what_was_shown() {
    desk(|state| {
        picture(state, &[], &[1]);
        hear(state, 1, vec![says(1, "a"), says(2, "b")]);
        tell(state, 1, Event::Began { older: false });
        hear(state, 1, vec![says(1, "c")]);

        let conversation = conversation(state, 1);
        assert_eq!(conversation.entries.get(), [says(1, "c")]);
        assert_eq!(conversation.earlier.get(), Earlier::None);
        assert_eq!(conversation.unread(), 1);
    });
}

#[test]
fn what_came_before_is_put_before_and_asked_for_once_at_a_time() {
    desk(|state| {
        picture(state, &[], &[1]);
        let conversation = conversation(state, 1);
        tell(state, 1, Event::Link(LinkState::Live));
        tell(state, 1, Event::Began { older: true });
        hear(state, 1, vec![says(3, "c")]);
        assert!(conversation.ask_for_earlier());
        assert!(!conversation.ask_for_earlier(), "asked for twice");

        tell(state, 1, Event::Older { entries: vec![says(2, "b")], more: true });
        assert_eq!(conversation.entries.get(), [says(2, "b"), says(3, "c")]);
        assert!(conversation.ask_for_earlier());
        tell(state, 1, Event::Older { entries: vec![says(1, "a")], more: false });

        assert_eq!(conversation.entries.get().len(), 3);
        assert!(!conversation.ask_for_earlier());
    });
}

#[test]
fn what_came_before_can_be_asked_for_again_after_a_loss() {
    desk(|state| {
        picture(state, &[], &[1]);
        tell(state, 1, Event::Link(LinkState::Live));
        tell(state, 1, Event::Began { older: true });
        let conversation = conversation(state, 1);
        assert!(conversation.ask_for_earlier());
        tell(state, 1, Event::Link(LinkState::Lost));
        assert!(!conversation.ask_for_earlier(), "there is no way to ask");
        tell(state, 1, Event::Link(LinkState::Live));

        assert!(conversation.ask_for_earlier());
    });
}

#[test]
fn what_came_before_is_no_news() {
    desk(|state| {
        picture(state, &[], &[1]);
        tell(state, 1, Event::Began { older: true });
        hear(state, 1, vec![answers(3, "c")]);
        tell(state, 1, Event::Older { entries: vec![says(1, "a"), says(2, "b")], more: false });

        assert_eq!(state.announcement.get(), None);
        assert_eq!(conversation(state, 1).unread(), 0);
    });
}

#[test]
fn only_the_end_of_a_log_on_screen_of_a_page_on_screen_is_read() {
    desk(|state| {
        picture(state, &[], &[1, 2]);
        hear(state, 1, vec![says(1, "a")]);
        assert_eq!(state.in_sight(), None);
        state.select(&id(1));
        assert_eq!(state.in_sight(), Some((id(1), 1)));

        state.visible.set(false);
        assert_eq!(state.in_sight(), None);
        state.visible.set(true);
        state.at_end.set(false);
        hear(state, 1, vec![says(2, "b")]);
        assert_eq!(state.in_sight(), None);

        state.at_end.set(true);
        assert_eq!(state.in_sight(), Some((id(1), 2)));
        state.select(&id(2));
        assert_eq!(state.in_sight(), None, "nothing there");
    });
}

#[test]
fn what_arrives_while_nobody_looks_is_unread_until_somebody_does() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.select(&id(1));
        state.visible.set(false);
        hear(state, 1, vec![says(1, "a")]);
        look(state);
        assert_eq!(conversation(state, 1).unread(), 1);

        state.visible.set(true);
        look(state);
        assert_eq!(conversation(state, 1).unread(), 0);
    });
}

#[test]
fn looking_at_another_conversation_begins_at_its_end() {
    desk(|state| {
        picture(state, &[], &[1, 2]);
        state.select(&id(1));
        state.at_end.set(false);
        state.select(&id(1));
        assert!(!state.at_end.get());

        state.select(&id(2));
        assert!(state.at_end.get());
    });
}

#[test]
fn somebody_who_writes_is_seen_writing_until_the_message_comes() {
    desk(|state| {
        picture(state, &[], &[1]);
        tell(state, 1, Event::Typing(Party::Advisor));
        assert!(!conversation(state, 1).citizen_writes());
        tell(state, 1, Event::Typing(Party::Citizen));
        hear(state, 1, vec![answers(1, "a")]);
        assert!(conversation(state, 1).citizen_writes());

        hear(state, 1, vec![says(2, "b")]);
        assert!(!conversation(state, 1).citizen_writes());
    });
}

#[test]
fn writing_that_leads_to_nothing_is_forgotten_in_time() {
    desk(|state| {
        picture(state, &[], &[1]);
        tell(state, 1, Event::Typing(Party::Citizen));
        assert_eq!(state.settle(&id(1), at(TYPING_LASTS_MS - 1)), Some(at(TYPING_LASTS_MS)));
        assert!(conversation(state, 1).citizen_writes());

        assert_eq!(state.settle(&id(1), at(TYPING_LASTS_MS)), None);
        assert!(!conversation(state, 1).citizen_writes());
    });
}

#[test]
fn who_is_connected_is_said_only_over_a_connection_of_our_own() {
    desk(|state| {
        picture(state, &[], &[1]);
        let conversation = conversation(state, 1);
        tell(state, 1, Event::Link(LinkState::Live));
        tell(state, 1, present(true, 0));
        assert_eq!(conversation.citizen_connected(), Some(true));
        tell(state, 1, Event::Link(LinkState::Lost));
        assert_eq!(conversation.citizen_connected(), None);

        tell(state, 1, Event::Link(LinkState::Live));
        tell(state, 1, present(false, 0));
        assert_eq!(conversation.citizen_connected(), Some(true));
        state.settle(&id(1), at(LOSS_SHOWS_AFTER_MS));
        assert_eq!(conversation.citizen_connected(), Some(false));
    });
}

#[test]
fn how_far_the_person_has_read_is_known_from_their_side_alone() {
    desk(|state| {
        picture(state, &[], &[1]);
        tell(state, 1, Event::Presence { party: Party::Advisor, connected: true, read_up_to: 9 });
        tell(state, 1, present(true, 2));

        assert_eq!(conversation(state, 1).citizen.get().read_up_to(), 2);
    });
}

#[test]
fn another_advisor_finds_nothing_of_the_one_before() {
    desk(|state| {
        picture(state, &[1], &[2]);
        state.select(&id(2));
        assert!(!state.sit_down("Giulia".into()), "the same advisor");
        assert_eq!(state.conversations.get().len(), 1);

        assert!(state.sit_down("Marco".into()));
        assert!(state.conversations.get().is_empty());
        assert_eq!(state.selected.get(), None);
        assert_eq!(state.waiting.get(), None);
    });
}

#[test]
fn what_was_written_before_a_reload_is_there_after_it() {
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
        state.sending(&id(1), vec![pending("m"), pending("n")]);
        hear(state, 1, vec![says(1, "m"), answers(2, "m")]);

        let left: Vec<MessageId> = conversation(state, 1).outgoing.get().into_iter().map(|o| o.id).collect();
        assert_eq!(left, [message("n")]);
    });
}

#[test]
fn what_is_not_in_the_log_of_an_ended_conversation_was_not_sent() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.sending(&id(1), vec![pending("m")]);
        hear(state, 1, vec![entry(1, EntryBody::Closed { by: Party::Citizen, outcome: None })]);
        tell(state, 1, Event::Link(LinkState::Over));

        let outgoing = conversation(state, 1).outgoing.get();
        assert_eq!(outgoing[0].refused, Some(Code::ConversationClosed));
    });
}

#[test]
fn what_is_unsent_in_a_conversation_somebody_else_holds_was_not_sent() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.sending(&id(1), vec![pending("m")]);
        tell(state, 1, Event::Refused(Code::NotAssigned));

        assert_eq!(conversation(state, 1).outgoing.get()[0].refused, Some(Code::NotAssigned));
    });
}

#[test]
fn a_refused_message_says_why_and_the_others_stay_on_their_way() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.sending(&id(1), vec![pending("m"), pending("n")]);
        tell(state, 1, Event::NotSent { message: pending("m"), code: Code::MessageTooLong });

        let refused: Vec<Option<Code>> =
            conversation(state, 1).outgoing.get().into_iter().map(|outgoing| outgoing.refused).collect();
        assert_eq!(refused, [Some(Code::MessageTooLong), None]);
    });
}

#[test]
fn ending_that_was_said_is_done_when_the_connection_is_back() {
    desk(|state| {
        picture(state, &[], &[1]);
        let conversation = conversation(state, 1);
        conversation.ending.set(Ending::Said);
        tell(state, 1, Event::Link(LinkState::Lost));
        assert_eq!(conversation.ending.get(), Ending::Said);
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

#[test]
fn minutes_are_whole_and_never_less_than_none() {
    assert_eq!(minutes_waiting(at(0), at(59_999)), 0);
    assert_eq!(minutes_waiting(at(0), at(125_000)), 2);
    assert_eq!(minutes_waiting(at(90_000), at(0)), 0);
}

#[test]
fn the_clock_is_the_servers_and_never_behind_who_has_just_come() {
    desk(|state| {
        state.set_clock(at(10_000_000), at(5_000));
        state.tick(at(6_000));
        assert_eq!(state.now.get(), at(10_001_000));

        let mut late = waiting(1);
        late.since = at(20_000_000);
        let waiting = vec![late];
        state.apply_desk(DeskEvent::Picture(DeskPicture { waiting, ..nothing() }), at(7_000));
        state.tick(at(8_000));
        assert_eq!(state.now.get(), at(20_001_000));
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
        state.sign_out();
        assert_eq!(state.standing.get(), Standing::SignedOutAgain);
        assert_eq!(state.conversations.get().len(), 1);
    });
}

#[test]
fn an_offer_is_news_once_and_no_conversation_until_it_is_accepted() {
    desk(|state| {
        assert_eq!(show(state, mine(1, offered())), Some(News::Offered));
        assert_eq!(show(state, mine(1, offered())), None);
        assert!(state.conversations.get().is_empty());
        assert!(matches!(state.announcement.get(), Some(Announcement::Offered(_))));

        let offer = state.offers.get()[0].clone();
        assert!(state.accept(&offer));
        show(state, nothing());
        assert!(matches!(state.announcement.get(), Some(Announcement::Offered(_))), "it is under way");
        show(state, mine(1, held()));
        assert_eq!(state.selected.get(), Some(id(1)));
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
        assert_eq!(state.announcement.get(), Some(Announcement::WentOn { name: "Persona 1".into() }));
    });
}

#[test]
fn who_is_offered_is_offered_with_their_whole_wait() {
    desk(|state| {
        let mut picture = mine(1, offered());
        picture.mine[0].arrived = at(-60_000);
        show(state, picture);
        assert_eq!(state.offers.get()[0].arrived, at(-60_000));
    });
}

#[test]
fn what_a_colleague_noted_of_what_they_hand_on_is_read_with_the_offer_and_goes_with_it() {
    desk(|state| {
        show(state, mine(1, offered()));
        assert!(state.handed_on().is_empty(), "nobody hands it on");
        let by = Some("Marco".into());
        show(state, mine(2, AssignmentState::Offered { until: at(30_000), by }));
        assert_eq!(state.handed_on(), [id(2)].into());

        let notes =
            vec![Note { id: message("n"), advisor: "Marco".into(), at: at(0), text: "Ha fretta".into() }];
        state.apply_desk(DeskEvent::Notes { conversation: id(2), notes }, at(0));
        assert_eq!(state.offer_notes.get()[&id(2)].stored[0].text, "Ha fretta");
        show(state, nothing());
        assert!(state.offer_notes.get().is_empty());
    });
}

#[test]
fn what_the_person_came_with_before_shows_by_itself_once_and_is_read_beside_this_log() {
    desk(|state| {
        picture(state, &[], &[3]);
        let talk = conversation(state, 3);
        tell(state, 3, Event::Link(LinkState::Live));
        assert!(!talk.past_open.get());
        tell(state, 3, Event::Past(vec![ended(2), ended(1)]));
        assert!(talk.past_open.get());
        talk.past_open.set(false);
        tell(state, 3, Event::Past(vec![ended(2), ended(1)]));
        assert!(!talk.past_open.get(), "closed by hand");

        assert_eq!(talk.toggle_past(&id(1)), Some(Ask { conversation: id(1), before: None }));
        tell(state, 3, Event::Link(LinkState::Lost));
        assert_eq!(talk.more_past(), None, "there is no way to ask");
        tell(state, 3, Event::Link(LinkState::Live));
        assert!(talk.more_past().is_some());
        tell(state, 3, Event::Refused(Code::NotFound));
        assert!(talk.more_past().is_some(), "asked for again");
        tell(state, 3, Event::PastEntries { conversation: id(1), entries: vec![says(1, "a"), says(2, "b")] });

        assert_eq!(talk.past.get().log(&id(1)).unwrap().entries.len(), 2);
        assert!(talk.entries.get().is_empty());
        assert_eq!((talk.unread(), state.announcement.get()), (0, None));
    });
}

#[test]
fn an_offer_rings_again_until_it_is_being_accepted() {
    desk(|state| {
        show(state, mine(1, offered()));
        state.tick(at(7_000));
        assert_eq!(state.still_offered(), None);
        state.tick(at(8_000));
        assert_eq!(state.still_offered(), Some(News::StillOffered));
        state.accept(&state.offers.get()[0]);
        assert_eq!(state.still_offered(), None);
    });
}

#[test]
fn what_was_accepted_and_never_came_is_not_waited_for_for_ever() {
    desk(|state| {
        show(state, mine(1, offered()));
        state.accept(&state.offers.get()[0]);
        state.tick(at(ANSWERED_WITHIN_MS + 1));
        show(state, nothing());
        assert!(state.taking.get().is_empty());
    });
}

#[test]
fn only_somebody_one_may_take_is_worth_a_call() {
    desk(|state| {
        welcome(state);
        show(state, nothing());
        let others = WaitingConversation { fit: Fit::Others {}, ..waiting(1) };
        assert_eq!(show(state, DeskPicture { waiting: vec![others], ..nothing() }), None);
        assert_eq!(show(state, DeskPicture { waiting: vec![waiting(2)], ..nothing() }), Some(News::Waits));
    });
}

#[test]
fn what_is_wrapped_up_can_be_read_and_not_written_in_and_stays_when_it_is_done() {
    desk(|state| {
        picture(state, &[], &[1]);
        show(state, mine(1, AssignmentState::WrapUp { until: at(9), topic_missing: true }));
        assert!(!conversation(state, 1).is_writable());
        assert!(!conversation(state, 1).is_past());
        show(state, nothing());
        assert!(conversation(state, 1).is_past());
        assert!(state.dismiss(&id(1)));
    });
}

#[test]
fn what_the_advisor_is_done_with_leaves_the_list_when_the_desk_lets_go_of_it() {
    desk(|state| {
        picture(state, &[], &[1]);
        show(state, mine(1, AssignmentState::WrapUp { until: at(9), topic_missing: false }));
        assert!(state.wish(&id(1), Wish::End));
        assert_eq!(state.conversations.get().len(), 1);
        show(state, nothing());
        assert!(state.conversations.get().is_empty());
    });
}

#[test]
fn what_could_not_be_done_is_said_where_it_was_asked() {
    desk(|state| {
        picture(state, &[], &[1]);
        assert!(state.wish(&id(1), Wish::HandOn("Marco".into())));
        let code = Code::AdvisorUnavailable;
        state.apply_desk(DeskEvent::NotDone { conversation: id(1), code }, at(0));
        assert_eq!(conversation(state, 1).not_done.get(), Some((Wish::HandOn("Marco".into()), code)));
        assert_eq!(state.not_taken.get(), None);

        assert!(state.wish(&id(1), Wish::End));
        assert_eq!(conversation(state, 1).not_done.get(), None);
        state.apply_desk(DeskEvent::NotDone { conversation: id(1), code: Code::TopicNeeded }, at(0));
        assert_eq!(conversation(state, 1).ending.get(), Ending::Open);
    });
}

#[test]
fn nothing_is_asked_of_a_desk_that_cannot_hear() {
    desk(|state| {
        picture(state, &[], &[1]);
        state.apply_desk(DeskEvent::Link(LinkState::Lost), at(0));
        assert!(!state.wish(&id(1), Wish::PutBack));
        assert!(!state.want(Presence::Paused));
        assert_eq!(state.wanted_presence.get(), None);
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
        hear(state, 1, vec![answers(1, "a")]);
        let order = state.in_order(&[]);
        assert_eq!(order, [2, 1].map(id), "somebody waits for a first answer");

        state.list_held.set(true);
        hear(state, 2, vec![answers(1, "a")]);
        hear(state, 1, vec![says(2, "b")]);
        assert_eq!(state.in_order(&order), [2, 1].map(id));
        state.list_held.set(false);
        assert_eq!(state.in_order(&order), [1, 2].map(id));
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
        };
        let tell = |advisor| {
            let notes = vec![note(advisor)];
            state.apply_desk(DeskEvent::Notes { conversation: id(1), notes }, at(0))
        };
        assert_eq!(tell("Giulia"), None);
        assert!(!conversation(state, 1).notes_open.get());
        assert_eq!(tell("Marco"), Some(News::Noted));
        assert!(conversation(state, 1).notes_open.get());
    });
}

#[test]
fn what_a_person_said_is_known_from_the_desk_or_from_the_log() {
    desk(|state| {
        picture(state, &[], &[1]);
        let said = |kind| Question { about: Some(kind), ..Question::default() };
        assert_eq!(conversation(state, 1).question(), None);
        hear(state, 1, vec![entry(1, EntryBody::Question(said(BenefitKind::Cigo)))]);
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
        hear(state, 1, vec![says(1, "a")]);
        assert!(conversation(state, 1).waits_since().is_some());
        hear(state, 1, vec![shown(2)]);
        assert_eq!(conversation(state, 1).waits_since(), None);
    });
}

#[test]
fn where_there_is_no_registry_the_cases_close_everywhere() {
    desk(|state| {
        picture(state, &[], &[1]);
        let conversation = conversation(state, 1);
        conversation.cases_open.set(true);
        state.cases_answered(&conversation, Err(Trouble::Refused(Code::CasesUnavailable)));
        assert_eq!((state.has_cases.get(), conversation.cases_open.get()), (true, true));

        state.cases_answered(&conversation, Err(Trouble::Refused(Code::CasesNotConfigured)));
        assert_eq!((state.has_cases.get(), conversation.cases_open.get()), (false, false));
        assert_eq!(state.announcement.get(), Some(Announcement::NoCases));
    });
}

#[test]
fn what_was_handed_to_an_office_is_what_came_of_it_unless_something_else_was_chosen() {
    desk(|state| {
        picture(state, &[], &[1, 2]);
        let outcome = |n| conversation(state, n).choice.get().outcome;
        hear(state, 1, vec![forwarded("s")]);
        assert_eq!(outcome(1), Some(Outcome::LineaInps));

        conversation(state, 2).choice.update(|choice| choice.outcome = Some(Outcome::Online));
        hear(state, 2, vec![forwarded("s")]);
        assert_eq!(outcome(2), Some(Outcome::Online));
    });
}

#[test]
fn what_is_sent_to_an_office_is_on_its_way_until_the_log_has_it() {
    desk(|state| {
        let conversation = writing_to_an_office(state);
        let sent = state.forward(&conversation).unwrap();
        assert_eq!(sent.id, message("s"));
        assert_eq!(state.forward(&conversation), None, "it is on its way");
        assert_eq!(conversation.choice.get().at(0), Some("servizio"), "said once");
        assert_eq!(conversation.choice.get().outcome, None, "nobody has it yet");

        hear(state, 1, vec![forwarded("s")]);
        assert_eq!(conversation.forwarding.get().stage(), Stage::None);
    });
}

#[test]
fn what_an_office_did_not_get_is_open_again_as_it_was() {
    desk(|state| {
        let conversation = writing_to_an_office(state);
        state.select(&id(1));
        let sent = state.forward(&conversation).unwrap();
        not_forwarded(state);

        assert_eq!(state.dialog.get(), Some(Dialog::Forward(id(1))));
        let forwarding = conversation.forwarding.get();
        assert_eq!(forwarding.draft.as_ref(), Some(&sent));
        assert_eq!(forwarding.refused, Some(Code::SegnalazioneInvalid));
        assert_eq!(state.forward(&conversation), Some(sent), "under the same id");
    });
}

#[test]
fn what_an_office_did_not_get_waits_for_an_advisor_who_is_at_something_else() {
    desk(|state| {
        let conversation = writing_to_an_office(state);
        state.forward(&conversation);
        not_forwarded(state);
        assert_eq!(state.dialog.get(), None, "another conversation is on screen");
        let name = "Persona 1".into();
        assert_eq!(state.announcement.get(), Some(Announcement::NotForwarded { name }));
        state.select(&id(1));
        assert_eq!(state.dialog.get(), Some(Dialog::Forward(id(1))));

        state.dialog.set(Some(Dialog::Closing(id(1))));
        state.forward(&conversation);
        not_forwarded(state);
        assert_eq!(state.dialog.get(), Some(Dialog::Closing(id(1))));
    });
}

#[test]
fn what_is_on_its_way_to_an_office_when_a_conversation_ends_was_not_sent() {
    desk(|state| {
        let conversation = writing_to_an_office(state);
        state.forward(&conversation);
        hear(state, 1, vec![entry(1, EntryBody::Closed { by: Party::Citizen, outcome: None })]);
        assert_eq!(conversation.forwarding.get().stage(), Stage::Sending, "the log is not whole yet");
        tell(state, 1, Event::Link(LinkState::Over));
        assert_eq!(conversation.forwarding.get().refused, Some(Code::ConversationClosed));
        assert_eq!(state.forward(&conversation), None, "there is nobody to send it");
    });
}

#[test]
fn what_was_sent_to_an_office_before_a_reload_goes_again_and_a_draft_does_not() {
    desk(|state| {
        picture(state, &[], &[1, 2]);
        let draft = prefilled(message("s"), &person(1), None, &Choice::default());
        assert_eq!(state.restore_forwarding(&id(1), true, draft.clone()), Some(draft.clone()));
        assert_eq!(conversation(state, 1).forwarding.get().stage(), Stage::Sending);
        assert_eq!(state.restore_forwarding(&id(2), false, draft.clone()), None);
        assert_eq!(conversation(state, 2).forwarding.get().draft, Some(draft));
    });
}

fn writing_to_an_office(state: &DeskState) -> Conversation {
    welcome(state);
    picture(state, &[], &[1]);
    let conversation = conversation(state, 1);
    conversation.forwarding.update(|forwarding| {
        forwarding.begin(|| {
            let mut draft = prefilled(message("s"), &person(1), None, &Choice::default());
            draft.topic = ["servizio", "accesso", "assistenza"].map(String::from);
            draft.description = "Serve il flusso del mese.".into();
            Some(draft)
        });
    });
    conversation
}

fn not_forwarded(state: &DeskState) {
    let code = Code::SegnalazioneInvalid;
    tell(state, 1, Event::NotForwarded { id: message("s"), code });
}

fn forwarded(name: &str) -> Entry {
    let state = SegnalazioneState::Sending {};
    entry(1, EntryBody::Segnalazione { id: message(name), number: None, state })
}

fn shown(seq: u64) -> Entry {
    let (advisor, case) = ("Giulia".into(), Box::new(case("a")));
    entry(seq, EntryBody::Case { id: message("c"), advisor, case, as_of: at(0) })
}

fn welcome(state: &DeskState) {
    let welcome = DeskWelcome {
        version: 2,
        queue: QueueId::parse("cig").unwrap(),
        advisor: "Giulia".into(),
        id: AdvisorId::parse("giulia").unwrap(),
        capacity: 2,
        assignment: AssignmentMode::Automatic,
        topics: topics(),
        replies: vec![],
        provinces: Vec::new(),
    };
    state.apply_desk(DeskEvent::Welcome(welcome), at(0));
}

fn colleague(id: &str, load: u32) -> Colleague {
    let advisor = AdvisorId::parse(id).unwrap();
    Colleague { advisor, name: id.into(), presence: Presence::Available, lost: false, load }
}

fn desk(test: impl FnOnce(&DeskState)) {
    Owner::new().with(|| {
        let state = DeskState::new();
        state.sit_down("Giulia".into());
        state.apply_desk(DeskEvent::Link(LinkState::Live), at(0));
        test(&state);
    });
}

fn picture(state: &DeskState, in_queue: &[u32], mine: &[u32]) {
    let waiting = in_queue.iter().map(|n| waiting(*n)).collect();
    let mine = mine.iter().map(|n| assigned(*n, held())).collect();
    show(state, DeskPicture { waiting, mine, ..nothing() });
}

fn show(state: &DeskState, picture: DeskPicture) -> Option<News> {
    state.apply_desk(DeskEvent::Picture(picture), at(0))
}

fn nothing() -> DeskPicture {
    DeskPicture { presence: Presence::Available, waiting: vec![], mine: vec![], colleagues: vec![] }
}

fn mine(n: u32, state: AssignmentState) -> DeskPicture {
    DeskPicture { mine: vec![assigned(n, state)], ..nothing() }
}

fn offered() -> AssignmentState {
    AssignmentState::Offered { until: at(30_000), by: None }
}

fn hear(state: &DeskState, n: u32, entries: Vec<Entry>) {
    tell(state, n, Event::Entries(entries));
}

fn tell(state: &DeskState, n: u32, event: Event) {
    state.apply(&id(n), event, at(0));
}

fn look(state: &DeskState) {
    if let Some((id, seq)) = state.in_sight() {
        state.saw(&id, seq);
    }
}

fn present(connected: bool, read_up_to: u64) -> Event {
    Event::Presence { party: Party::Citizen, connected, read_up_to }
}

#[track_caller]
fn conversation(state: &DeskState, n: u32) -> Conversation {
    state.conversation(&id(n)).unwrap()
}

fn pending(name: &str) -> Pending {
    Pending { id: message(name), text: "testo".into() }
}

// SPDX-License-Identifier: EUPL-1.2
//! The rules of one conversation.

mod calls;

use infocig_protocol::{
    case::{BenefitKind, Question},
    entry::{Author, Outcome, Phase as PublicPhase},
    frame::{Estimate, QueuePlace},
    id::{AdvisorId, MessageId, QueueId},
    language::Language,
    limits::MAX_MESSAGE_CHARS,
    person::{Category, Credential},
    problem::Code,
    rating::{Answer, Rating},
    segnalazione::{SegnalazioneDraft, SegnalazioneState},
};

use super::*;
use crate::{
    notification::Release,
    people::{Advisor, PriorityFacts},
    policy::Messages,
    rate_limiter::RateLimiter,
    refusal::{About, Refusal},
};

#[test]
fn an_opened_conversation_waits_and_its_desk_is_told() {
    let (conversation, transition) = opened();

    assert_eq!(conversation.phase.to_public(), PublicPhase::Waiting { since: at(0) });
    assert_eq!(transition.appended, [Entry { seq: 1, at: at(0), body: EntryBody::Opened {} }]);
    assert!(
        matches!(&transition.notifications[..], [Notification::Desk(queue, DeskNotification::Waiting { .. })] if *queue == conversation.address.desk)
    );
}

#[test]
fn a_person_may_write_while_they_wait() {
    let (mut conversation, _) = opened();

    let transition = conversation.post(
        &Speaker::Citizen,
        id("m1"),
        "Quando sarò pagato?",
        None,
        &mut rate_limiter(),
        at(1),
    );

    let transition = transition.unwrap();
    assert_eq!(seqs(&transition), [2]);
    assert_eq!(transition.replies, []);
}

#[test]
fn a_message_sent_twice_is_answered_with_its_first_entry() {
    let (mut conversation, _) = opened();
    let first = conversation
        .post(&Speaker::Citizen, id("m1"), "ciao", None, &mut rate_limiter(), at(1))
        .unwrap()
        .appended
        .remove(0);

    let transition = conversation.post(
        &Speaker::Citizen,
        id("m1"),
        "ciao",
        Some(first.clone()),
        &mut rate_limiter(),
        at(2),
    );

    assert_eq!(transition, Ok(Transition::reply(ServerFrame::Entries { entries: vec![first] })));
    assert_eq!(conversation.last_seq, 2);
}

#[test]
fn a_message_that_comes_too_fast_is_accepted_later_and_repeats_cost_nothing() {
    let (mut conversation, _) = opened();
    let mut rate_limiter = rate_limiter();
    let mut post = |name: &str, known, now| {
        conversation.post(&Speaker::Citizen, id(name), "ciao", known, &mut rate_limiter, at(now))
    };
    let first = post("m1", None, 0).unwrap().appended.remove(0);
    post("m2", None, 0).unwrap();
    assert!(matches!(&post("m1", Some(first), 0).unwrap().replies[..], [ServerFrame::Entries { .. }]));

    let refused = post("m3", None, 0).unwrap_err();
    assert_eq!((refused.code, refused.about), (Code::TooFast, Some(About::Message(id("m3")))));
    let wait = refused.retry_after_ms.unwrap();
    assert_eq!(seqs(&post("m3", None, wait).unwrap()), [4]);
}

#[test]
fn a_full_conversation_takes_no_more_messages_and_can_be_ended() {
    let (mut conversation, _) = opened();
    for n in 2..=8 {
        let id = id(&format!("m{n}"));
        conversation.post(&Speaker::Citizen, id, "ciao", None, &mut rate_limiter(), at(n)).unwrap();
    }

    let transition = conversation.post(&Speaker::Citizen, id("m9"), "ciao", None, &mut rate_limiter(), at(9));

    assert_eq!(refusal(&transition), Some(Code::ConversationFull));
    assert_eq!(seqs(&conversation.close(&Speaker::Citizen, at(10)).unwrap()), [9]);
}

#[test]
fn a_message_repeated_after_the_end_is_still_acknowledged() {
    let (mut conversation, _) = opened();
    let first = conversation
        .post(&Speaker::Citizen, id("m1"), "ciao", None, &mut rate_limiter(), at(1))
        .unwrap()
        .appended
        .remove(0);
    conversation.close(&Speaker::Citizen, at(2)).unwrap();

    let transition =
        conversation.post(&Speaker::Citizen, id("m1"), "ciao", Some(first), &mut rate_limiter(), at(3));

    assert!(matches!(&transition.unwrap().replies[..], [ServerFrame::Entries { .. }]));
}

#[test]
fn only_the_advisor_who_holds_it_may_speak() {
    let (mut conversation, _) = opened();
    assert_eq!(
        refusal(&conversation.post(&giulia(), id("a1"), "salve", None, &mut rate_limiter(), at(1))),
        Some(Code::NotAssigned)
    );

    conversation.assign(advisor("giulia"), at(2));

    let transition = conversation.post(&giulia(), id("a1"), "salve", None, &mut rate_limiter(), at(3));
    assert_eq!(seqs(&transition.unwrap()), [3]);
    assert_eq!(
        refusal(&conversation.post(&marco(), id("a2"), "salve", None, &mut rate_limiter(), at(4))),
        Some(Code::NotAssigned)
    );
    assert!(!conversation.may_read(&marco()));
}

#[test]
fn after_the_end_only_its_advisor_may_read() {
    let (mut conversation, _) = opened();
    conversation.assign(advisor("giulia"), at(1));
    conversation.close(&Speaker::Citizen, at(2)).unwrap();
    assert!(conversation.may_read(&giulia()) && !conversation.may_read(&marco()));

    let (mut left, _) = opened();
    left.close(&Speaker::Citizen, at(1)).unwrap();
    left.assign(advisor("giulia"), at(2));
    assert!(!left.may_read(&giulia()));
}

#[test]
fn a_conversation_handed_on_changes_hands_once_and_says_so() {
    let (mut conversation, _) = opened();
    conversation.assign(advisor("giulia"), at(1));
    assert_eq!(conversation.assign(advisor("giulia"), at(2)), Transition::default());

    let transition = conversation.assign(advisor("marco"), at(2));

    assert_eq!(transition.appended[0].body, EntryBody::Transferred { advisor: Some("marco".into()) });
    assert!(!conversation.may_read(&giulia()) && conversation.may_write(&marco()));
}

#[test]
fn a_conversation_whose_advisor_is_lost_waits_again_with_its_whole_log() {
    let (mut conversation, _) = opened();
    conversation.assign(advisor("giulia"), at(1));

    let transition = conversation.apply(ConversationCommand::Released { why: Release::Lost }, at(2));

    assert_eq!(transition.appended[0].body, EntryBody::Returned { restored_to: None });
    assert_eq!(transition.appended[0].phase_after(), Some(conversation.phase.to_public()));
    assert!(!conversation.may_read(&giulia()));
    assert_eq!(
        conversation.apply(ConversationCommand::Released { why: Release::Lost }, at(3)),
        Transition::default()
    );
    assert_eq!(conversation.phase.last_advisor(), Some("giulia"));
    conversation.close(&Speaker::Citizen, at(4)).unwrap();
    assert_eq!(conversation.phase.last_advisor(), Some("giulia"), "whoever held it last, though nobody does");
}

#[test]
fn an_advisor_after_a_lost_one_goes_on() {
    let (mut conversation, _) = opened();
    assert_eq!(conversation.phase.last_advisor(), None);
    conversation.assign(advisor("giulia"), at(1));
    conversation.apply(ConversationCommand::Released { why: Release::Lost }, at(2));
    conversation.assign(advisor("marco"), at(4));
    assert!(conversation.may_write(&marco()));
    assert_eq!(conversation.phase.last_advisor(), Some("marco"));
}

#[test]
fn a_second_advisor_reads_and_writes_until_they_leave() {
    let (mut conversation, _) = opened();
    conversation.assign(advisor("giulia"), at(1));

    let joined = conversation.apply(ConversationCommand::Joined { advisor: advisor("marco") }, at(2));
    assert_eq!(joined.appended[0].body, EntryBody::Joined { advisor: "marco".into() });
    assert!(conversation.may_write(&marco()) && conversation.may_write(&giulia()));

    let left = conversation.apply(ConversationCommand::Left { advisor: advisor("marco") }, at(3));
    assert_eq!(left.appended[0].body, EntryBody::Left { advisor: "marco".into() });
    assert!(!conversation.may_read(&marco()));
}

#[test]
fn the_place_in_the_queue_is_for_the_person_alone_and_not_in_the_log() {
    let (mut conversation, _) = opened();
    let place = QueuePlace { position: 3, estimate: Estimate::Unknown {}, notice: String::new() };

    let transition = conversation.apply(ConversationCommand::Place(place.clone()), at(1));

    assert_eq!(
        (transition.appended.len(), &transition.to_citizen[..]),
        (0, &[ServerFrame::Queue(place.clone())][..])
    );
    assert_eq!(conversation.place_in_queue(), Some(ServerFrame::Queue(place.clone())));
    conversation.assign(advisor("giulia"), at(2));
    assert_eq!(conversation.place_in_queue(), None);
    assert_eq!(conversation.apply(ConversationCommand::Place(place), at(3)), Transition::default());
}

#[test]
fn a_waiting_person_who_is_connected_nowhere_loses_their_place() {
    let (mut conversation, _) = opened();
    conversation.closing = never();
    conversation.citizen_connected(true, at(1));
    assert_eq!(conversation.next_wake(), Some(never().closes));
    conversation.citizen_connected(false, at(50));
    assert_eq!(conversation.next_wake(), Some(at(250)));
    conversation.citizen_connected(true, at(249));
    assert_eq!(conversation.wake(at(260)), Transition::default());
    conversation.citizen_connected(false, at(300));

    let closed = EntryBody::Closed { by: Party::System, outcome: Some(Outcome::Abandoned) };
    assert_eq!(conversation.wake(at(500)).appended[0].body, closed);
}

#[test]
fn a_person_who_left_while_an_advisor_answered_does_not_keep_a_place_in_the_queue() {
    let (mut conversation, _) = opened();
    conversation.closing = never();
    conversation.citizen_connected(true, at(1));
    conversation.assign(advisor("giulia"), at(2));
    conversation.citizen_connected(false, at(100));
    conversation.apply(ConversationCommand::Released { why: Release::Lost }, at(150));

    assert_eq!(conversation.next_wake(), Some(at(300)));
    let closed = EntryBody::Closed { by: Party::System, outcome: Some(Outcome::Abandoned) };
    assert_eq!(conversation.wake(at(300)).appended[0].body, closed);
}

#[test]
fn a_person_who_came_back_while_an_advisor_answered_keeps_their_place_after_a_release() {
    let (mut conversation, _) = opened();
    conversation.closing = never();
    conversation.assign(advisor("giulia"), at(2));
    conversation.citizen_connected(true, at(100));
    conversation.apply(ConversationCommand::Released { why: Release::Transferred }, at(150));

    assert_eq!(conversation.next_wake(), Some(never().closes));
}

#[test]
fn an_advisor_who_forwards_to_an_office_has_spoken_and_the_person_owes_an_answer() {
    let (mut conversation, _) = opened();
    conversation.closing = never();
    conversation.assign(advisor("giulia"), at(1));
    conversation.post(&Speaker::Citizen, id("m1"), "ciao", None, &mut rate_limiter(), at(10)).unwrap();
    conversation.forward(&giulia(), &draft(), &[], None, at(20)).unwrap();

    assert_eq!(conversation.next_wake(), Some(at(120)));
}

#[test]
fn a_person_who_owes_an_answer_is_warned_and_may_ask_for_more_time() {
    let mut conversation = quiet();
    assert_eq!(conversation.next_wake(), Some(at(110)));
    assert_eq!(conversation.wake(at(110)).appended[0].body, EntryBody::Inactive { closes: at(150) });
    assert_eq!(conversation.stay(&giulia(), at(120)), Transition::default());

    assert_eq!(conversation.stay(&Speaker::Citizen, at(120)).appended[0].body, EntryBody::Stayed {});
    assert_eq!(conversation.stay(&Speaker::Citizen, at(121)), Transition::default());
    assert_eq!(conversation.next_wake(), Some(at(220)));

    conversation.wake(at(220));
    conversation.post(&Speaker::Citizen, id("m1"), "eccomi", None, &mut rate_limiter(), at(259)).unwrap();
    assert_eq!(conversation.wake(at(260)), Transition::default());
    assert_eq!(conversation.next_wake(), Some(never().closes), "the advisor owes an answer");
}

#[test]
fn a_person_who_is_writing_is_not_asked_whether_they_are_there() {
    let mut conversation = quiet();
    assert!(conversation.typing(&Speaker::Citizen, at(100)).phase_changed);
    assert_eq!(conversation.typing(&Speaker::Citizen, at(101)), Transition::default(), "not at every key");
    assert_eq!(conversation.next_wake(), Some(at(200)));

    conversation.wake(at(200));
    assert_eq!(
        conversation.typing(&giulia(), at(210)),
        Transition::default(),
        "the advisor's is no sign of the person"
    );
    assert_eq!(conversation.typing(&Speaker::Citizen, at(239)).appended[0].body, EntryBody::Stayed {});
    assert_eq!(conversation.next_wake(), Some(at(339)));
}

#[test]
fn a_person_who_never_answers_is_let_go() {
    let mut conversation = quiet();
    conversation.wake(at(110));

    let closed = EntryBody::Closed { by: Party::System, outcome: Some(Outcome::Abandoned) };
    assert_eq!(conversation.wake(at(150)).appended[0].body, closed);
}

#[test]
fn on_hold_nothing_comes_of_the_silence_of_the_person_and_their_time_counts_anew_after_it() {
    let mut conversation = quiet();
    conversation.wake(at(110));
    let begun = conversation.hold(1, 5, at(120));
    assert_eq!(begun.appended[0].body, EntryBody::OnHold { minutes: 5 });
    assert_eq!(conversation.next_wake(), Some(never().closes), "the warning is void");

    assert_eq!(conversation.resume(2, at(500)), Transition::default(), "another hold");
    assert_eq!(conversation.resume(1, at(500)).appended[0].body, EntryBody::Resumed {});
    assert_eq!(conversation.next_wake(), Some(at(600)));
    assert_eq!(conversation.resume(1, at(501)), Transition::default(), "once more");
}

#[test]
fn words_of_the_advisor_who_holds_it_end_a_hold_and_nobody_elses_do() {
    let mut conversation = quiet();
    conversation.join(advisor("marco"), at(11));
    conversation.hold(1, 5, at(20));
    let resumed = |transition: Transition| {
        transition.notifications.iter().any(|notification| {
            matches!(notification, Notification::Desk(_, DeskNotification::Resumed { hold: 1, .. }))
        })
    };
    for speaker in [Speaker::Citizen, marco()] {
        let wrote = conversation.post(&speaker, id("m1"), "eccomi", None, &mut rate_limiter(), at(30));
        assert!(!resumed(wrote.unwrap()), "{speaker:?}");
    }
    let back = conversation.post(&giulia(), id("a2"), "eccomi", None, &mut rate_limiter(), at(40)).unwrap();
    assert!(back.phase_changed && resumed(back));
}

#[test]
fn a_block_says_until_when_and_ends_a_conversation_with_an_outcome_of_its_own() {
    let mut conversation = quiet();
    assert_eq!(conversation.warn(at(20)).appended[0].body, EntryBody::Warned {});
    let blocked = conversation.block(at(9_000), at(30));
    let closed = EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::Blocked) };
    let bodies: Vec<&EntryBody> = blocked.appended.iter().map(|entry| &entry.body).collect();
    assert_eq!(bodies, [&EntryBody::Blocked { until: at(9_000) }, &closed]);
    assert!(matches!(
        &blocked.notifications[..],
        [Notification::Desk(_, DeskNotification::Closed { outcome: Some(Outcome::Blocked), .. })]
    ));
    assert_eq!(conversation.warn(at(40)), Transition::default());
    assert_eq!(conversation.block(at(9_000), at(40)), Transition::default());
}

/// Giulia said something at 10 that was never answered.
fn quiet() -> Conversation {
    let (mut conversation, _) = opened();
    conversation.closing = never();
    conversation.assign(advisor("giulia"), at(1));
    conversation.post(&giulia(), id("a1"), "mi dica", None, &mut rate_limiter(), at(10)).unwrap();
    conversation
}

#[test]
fn nothing_follows_the_end_and_ending_again_changes_nothing() {
    let (mut conversation, _) = opened();
    conversation.assign(advisor("giulia"), at(1));

    assert_eq!(refusal(&conversation.close(&giulia(), at(2))), Some(Code::TopicNeeded));
    let transition = conversation.apply(ConversationCommand::Close { outcome: Outcome::LineaInps }, at(2));

    let closed = EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::LineaInps) };
    assert_eq!(transition.appended.last().map(|e| &e.body), Some(&closed));
    assert!(matches!(
        &transition.notifications[..],
        [Notification::Desk(_, DeskNotification::Closed { .. })]
    ));
    let late = conversation.post(&Speaker::Citizen, id("m9"), "ancora", None, &mut rate_limiter(), at(3));
    assert_eq!(refusal(&late), Some(Code::ConversationClosed));
    assert_eq!(conversation.close(&Speaker::Citizen, at(4)), Ok(Transition::default()));
}

#[test]
fn a_waiting_person_is_warned_before_closing_time_and_their_conversation_ends() {
    let (mut conversation, _) = opened();
    conversation.citizen_connected(true, at(0));
    assert_eq!(
        (conversation.wake(at(899)), conversation.next_wake()),
        (Transition::default(), Some(at(900)))
    );

    let told = conversation.wake(at(900));
    assert_eq!(told.appended[0].body, EntryBody::ClosingSoon { closes: at(1_000) });
    assert_eq!(
        (conversation.wake(at(901)), conversation.next_wake()),
        (Transition::default(), Some(at(1_000)))
    );

    let gone = conversation.wake(at(1_000));
    assert_eq!(gone.appended[0].body, EntryBody::Closed { by: Party::System, outcome: None });
    assert!(matches!(&gone.notifications[..], [Notification::Desk(_, DeskNotification::Closed { .. })]));
    assert_eq!((conversation.wake(at(2_000)), conversation.next_wake()), (Transition::default(), None));
}

#[test]
fn a_conversation_at_closing_time_goes_on_until_the_grace_is_over() {
    let (mut conversation, _) = opened();
    conversation.assign(advisor("giulia"), at(10));
    conversation.wake(at(900));

    assert_eq!(
        (conversation.wake(at(1_499)), conversation.next_wake()),
        (Transition::default(), Some(at(1_500)))
    );
    assert_eq!(
        seqs(
            &conversation
                .post(&giulia(), id("a1"), "ancora un momento", None, &mut rate_limiter(), at(1_499))
                .unwrap()
        ),
        [4]
    );
    assert_eq!(
        conversation.wake(at(1_500)).appended[0].body,
        EntryBody::Closed { by: Party::System, outcome: None }
    );
}

#[test]
fn a_clock_that_jumps_over_closing_time_ends_without_a_warning() {
    let (mut conversation, _) = opened();
    conversation.citizen_connected(true, at(0));
    assert_eq!(
        conversation.wake(at(9_999)).appended[0].body,
        EntryBody::Closed { by: Party::System, outcome: None }
    );
}

#[test]
fn a_message_is_counted_in_characters_and_kept_as_written() {
    let (mut conversation, _) = opened();
    let longest = "è".repeat(MAX_MESSAGE_CHARS);

    let transition =
        conversation.post(&Speaker::Citizen, id("m1"), &longest, None, &mut rate_limiter(), at(1));
    assert!(
        matches!(&transition.unwrap().appended[0].body, EntryBody::Message { text, .. } if *text == longest)
    );

    let too_long = format!("{longest}è");
    let transition =
        conversation.post(&Speaker::Citizen, id("m2"), &too_long, None, &mut rate_limiter(), at(2));
    assert_eq!(refusal(&transition), Some(Code::MessageTooLong));
}

#[test]
fn a_message_of_blanks_says_nothing() {
    let (mut conversation, _) = opened();
    let transition =
        conversation.post(&Speaker::Citizen, id("m1"), " \n\t\u{a0}", None, &mut rate_limiter(), at(1));
    assert_eq!(refusal(&transition), Some(Code::MessageEmpty));
}

#[test]
fn a_forwarded_segnalazione_is_in_the_log_and_on_its_way_once() {
    let (mut conversation, _) = opened();
    let posted = conversation.post(&Speaker::Citizen, id("m1"), "SR41?", None, &mut rate_limiter(), at(1));
    let said = posted.unwrap().appended;
    conversation.assign(advisor("giulia"), at(2));
    let draft = SegnalazioneDraft { attached: vec![2], ..draft() };

    let transition = conversation.forward(&giulia(), &draft, &said, None, at(3)).unwrap();

    let sending =
        EntryBody::Segnalazione { id: id("s1"), number: None, state: SegnalazioneState::Sending {} };
    assert_eq!(transition.appended[0].body, sending);
    let [Notification::Desk(_, DeskNotification::Spoke { .. }), Notification::LineaInps(sent)] =
        &transition.notifications[..]
    else {
        panic!("{transition:?}")
    };
    assert_eq!(sent.key, format!("{}.s1", conversation.id));
    assert_eq!((sent.messages.len(), sent.messages[0].text.as_str()), (1, "SR41?"));
    let known = Some(transition.appended[0].clone());
    let again = conversation.forward(&giulia(), &draft, &said, known, at(4)).unwrap();
    assert!(again.notifications.is_empty() && again.appended.is_empty() && conversation.awaits_office());
    let of_another = conversation.forward(&giulia(), &draft, &said, None, at(5));
    assert_eq!(refusal(&of_another), Some(Code::SegnalazioneInvalid), "its key has no author");
    conversation.close(&Speaker::Citizen, at(6)).unwrap();
    let late = SegnalazioneDraft { id: id("s2"), ..draft };
    assert_eq!(
        refusal(&conversation.forward(&giulia(), &late, &said, None, at(7))),
        Some(Code::ConversationClosed)
    );
}

#[test]
fn a_malformed_segnalazione_is_refused_with_its_reason() {
    let (mut conversation, _) = opened();
    assert_eq!(
        refusal(&conversation.forward(&giulia(), &draft(), &[], None, at(1))),
        Some(Code::NotAssigned)
    );
    conversation.assign(advisor("giulia"), at(2));
    for wrong in [
        SegnalazioneDraft { description: " ".into(), ..draft() },
        SegnalazioneDraft { office: "999".into(), ..draft() },
        SegnalazioneDraft { attached: vec![77], ..draft() },
        SegnalazioneDraft { attached: vec![1, 1], ..draft() },
        SegnalazioneDraft { protocol: Some("<b>".into()), ..draft() },
        SegnalazioneDraft { description: "x".repeat(4_001), ..draft() },
    ] {
        let transition = conversation.forward(&giulia(), &wrong, &[], None, at(3));
        assert_eq!(refusal(&transition), Some(Code::SegnalazioneInvalid), "{wrong:?}");
    }
    assert_eq!(
        refusal(&conversation.forward(&Speaker::Citizen, &draft(), &[], None, at(3))),
        Some(Code::NotAssigned)
    );
    assert!(conversation.segnalazioni.is_empty());
}

#[test]
fn messages_that_are_attached_have_so_many_characters_together() {
    let (mut conversation, _) = opened();
    conversation.assign(advisor("giulia"), at(1));
    let mut forwarded = |name: &str, lengths: Vec<usize>| {
        let said: Vec<Entry> = (2..).zip(lengths).map(|(seq, length)| said_by_citizen(seq, length)).collect();
        let attached = said.iter().map(|entry| entry.seq).collect();
        let draft = SegnalazioneDraft { id: id(name), attached, ..draft() };
        refusal(&conversation.forward(&giulia(), &draft, &said, None, at(2)))
    };

    assert_eq!(forwarded("s1", vec![4_000; 25]), None);
    let one_more = [vec![4_000; 25], vec![1]].concat();
    assert_eq!(forwarded("s2", one_more), Some(Code::SegnalazioneInvalid));
}

#[test]
fn a_list_shows_the_beginning_of_a_message_on_one_line() {
    assert_eq!(beginning(" Quando\narriva  il pagamento? ").unwrap(), "Quando arriva il pagamento?");
    assert_eq!(beginning(&"è".repeat(80)).unwrap(), "è".repeat(80));
    assert_eq!(beginning(&"è".repeat(81)).unwrap(), format!("{}…", "è".repeat(79)));
    assert_eq!(beginning(&"parola ".repeat(30)).unwrap().chars().last(), Some('…'));
    assert_eq!(beginning(" \n\u{200b}"), None);
}

#[test]
fn a_written_request_has_a_longest_text() {
    assert_eq!(Conversation::may_request(&"è".repeat(4_000)), Ok(()));
    let refused = Conversation::may_request(&"x".repeat(4_001));
    assert_eq!(refused.unwrap_err().0, Code::MessageTooLong);
}

#[test]
fn a_segnalazione_only_moves_on_even_after_the_end() {
    let (mut conversation, _) = opened();
    conversation.assign(advisor("giulia"), at(1));
    conversation.forward(&giulia(), &draft(), &[], None, at(2)).unwrap();
    conversation.close(&Speaker::Citizen, at(3)).unwrap();
    let mut hear = |number: Option<&str>, state| {
        let number = number.map(String::from);
        let transition = conversation.apply(
            ConversationCommand::Segnalazione(SegnalazioneStatus { id: id("s1"), number, state }),
            at(9),
        );
        transition.appended.len()
    };

    assert_eq!(hear(Some("LI-1"), SegnalazioneState::Accepted {}), 1);
    assert_eq!(hear(None, SegnalazioneState::Queued {}), 0, "what comes late says nothing");
    assert_eq!(hear(None, SegnalazioneState::Accepted {}), 0);
    assert_eq!(hear(None, SegnalazioneState::Answered { text: "Pagato.".into() }), 1);
    assert_eq!(hear(None, SegnalazioneState::InProgress {}), 0);

    assert_eq!(conversation.segnalazioni[0].number.as_deref(), Some("LI-1"));
    assert!(!conversation.awaits_office() && conversation.is_closed());
}

#[test]
fn a_written_request_is_a_conversation_that_is_over_and_on_its_way() {
    let asker = Asker { card: opened().0.person, subject: subject(), facts: PriorityFacts::default() };
    let conversation = ConversationId::of(&"0f".repeat(32), 2).unwrap();
    let queue = QueueId::parse("info-cig").unwrap();

    let (written, transition) =
        Conversation::request(conversation, queue, asker, id("r1"), "Quando sarò pagato?", timeouts(), at(5));

    assert_eq!(seqs(&transition), [1, 2, 3]);
    assert!(written.is_closed() && written.awaits_office());
    let [Notification::LineaInps(sent), Notification::Register(row)] = &transition.notifications[..] else {
        panic!("{transition:?}")
    };
    assert_eq!((sent.office.as_str(), &sent.advisor, row.outcome), ("058", &None, Some(Outcome::LineaInps)));
    assert!(Conversation::may_request(" \n").is_err() && Conversation::may_request("a").is_ok());
}

#[test]
fn a_conversation_is_rated_once_it_is_over_with_a_comment_that_says_something() {
    let rating = |comment: Option<String>| Rating { answer: Answer::Yes, comment };
    let (mut conversation, _) = opened();
    let code = |conversation: &Conversation, comment| {
        conversation.may_rate(&rating(comment)).err().map(|(code, _)| code)
    };
    assert_eq!(code(&conversation, None), Some(Code::ConversationOpen));

    conversation.close(&Speaker::Citizen, at(2)).unwrap();
    assert_eq!(code(&conversation, None), None);
    assert_eq!(code(&conversation, Some("è".repeat(1_000))), None);
    assert_eq!(code(&conversation, Some("è".repeat(1_001))), Some(Code::MessageTooLong));
    assert_eq!(code(&conversation, Some(" \n".into())), Some(Code::MessageEmpty));
}

#[test]
fn a_question_is_sent_once_and_gives_the_desk_its_subject() {
    let (mut conversation, _) = opened();
    let question = Question { about: Some(BenefitKind::Cigs), ..Question::default() };
    let mut say =
        |question: &Question, speaker: &Speaker| conversation.question(speaker, question.clone(), at(1));

    assert_eq!(refusal(&say(&Question::default(), &Speaker::Citizen)), Some(Code::QuestionInvalid));
    assert_eq!(refusal(&say(&question, &giulia())), Some(Code::QuestionInvalid));
    let transition = say(&question, &Speaker::Citizen).unwrap();
    assert!(
        matches!(&transition.notifications[..], [Notification::Desk(_, DeskNotification::Question { .. })]),
        "{transition:?}"
    );
    assert_eq!(refusal(&say(&question, &Speaker::Citizen)), Some(Code::QuestionInvalid));
    assert_eq!(conversation.person.about, Some(infocig_protocol::skill::Skill::Cigs));
}

#[test]
fn a_person_who_finds_the_answer_while_they_wait_leaves_with_an_outcome_of_its_own() {
    let (mut conversation, _) = opened();

    let transition = conversation.self_served(&Speaker::Citizen, at(2)).unwrap();

    let closed = EntryBody::Closed { by: Party::Citizen, outcome: Some(Outcome::SelfServed) };
    assert_eq!(transition.appended[0].body, closed);
    let (mut talked, _) = opened();
    talked.assign(advisor("giulia"), at(1));
    let ended = talked.self_served(&Speaker::Citizen, at(2)).unwrap();
    assert_eq!(ended.appended[0].body, EntryBody::Closed { by: Party::Citizen, outcome: None });
}

#[test]
fn a_conversation_is_restored_as_it_was_stored_unless_no_rule_could_have_led_there() {
    let (mut conversation, _) = opened();
    conversation.assign(advisor("giulia"), at(1));
    conversation.join(advisor("marco"), at(2));
    conversation.forward(&giulia(), &draft(), &[], None, at(3)).unwrap();
    let restored = |change: fn(&mut StoredConversation)| {
        let mut stored = conversation.stored();
        change(&mut stored);
        Conversation::restore(stored, timeouts())
    };

    assert_eq!(restored(|_| {}).as_ref(), Ok(&conversation));
    assert_eq!(restored(|stored| stored.last_seq = 0), Err(Corrupt::WithoutEntries));
    assert_eq!(restored(|stored| stored.closing.ends = at(1)), Err(Corrupt::EndsBeforeClosing));
    let sent_twice = restored(|stored| stored.segnalazioni.extend(stored.segnalazioni.clone()));
    assert_eq!(sent_twice, Err(Corrupt::SegnalazioneTwice));
    let joined_twice = restored(|stored| {
        if let Phase::Active { helpers, advisor, .. } = &mut stored.phase {
            helpers.push(advisor.clone());
        }
    });
    assert_eq!(joined_twice, Err(Corrupt::AdvisorTwice));
}

fn draft() -> SegnalazioneDraft {
    SegnalazioneDraft {
        id: id("s1"),
        office: "063".into(),
        topic: ["pagamento", "diretto", "data"].map(String::from),
        description: "Mancano i dati di pagamento.".into(),
        kind: None,
        case: None,
        protocol: None,
        ticket: None,
        attached: Vec::new(),
    }
}

fn opened() -> (Conversation, Transition) {
    let id = ConversationId::of(&"0a".repeat(32), 1).unwrap();
    let person = PersonCard {
        name: "Persona Di Prova".to_string(),
        category: Category::Lavoratore,
        province: "058".to_string(),
        province_name: "Roma".to_string(),
        credential: Credential::SpidL2,
        acting_for: None,
        language: Language::It,
        entry_point: None,
        about: None,
        question: None,
    };
    let asker = Asker { card: person, subject: subject(), facts: PriorityFacts::default() };
    Conversation::open(id, QueueId::parse("info-cig").unwrap(), asker, closing(), timeouts(), at(0))
}

fn rate_limiter() -> RateLimiter {
    let number = |n| std::num::NonZeroU32::new(n).unwrap();
    RateLimiter::new(Messages { burst: number(2), per_minute: number(60), per_conversation: number(8) })
}

/// The clock of these tests is too coarse for closing time and timeouts at once.
fn never() -> ClosingTime {
    ClosingTime { warn: None, closes: at(1_000_000), ends: at(1_000_000) }
}

fn timeouts() -> InactivityTimeouts {
    InactivityTimeouts { absent_ms: 200, warn_ms: 100, close_ms: 40 }
}

fn subject() -> Subject {
    Subject::themself("https://portale.example", "p-1", Category::Lavoratore)
}

fn closing() -> ClosingTime {
    ClosingTime { warn: Some(at(900)), closes: at(1_000), ends: at(1_500) }
}

fn advisor(name: &str) -> Advisor {
    Advisor { id: AdvisorId::parse(name).unwrap(), name: name.to_string() }
}

fn giulia() -> Speaker {
    Speaker::Advisor(advisor("giulia"))
}

fn marco() -> Speaker {
    Speaker::Advisor(advisor("marco"))
}

fn id(text: &str) -> MessageId {
    MessageId::parse(text).unwrap()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn seqs(transition: &Transition) -> Vec<u64> {
    transition.appended.iter().map(|entry| entry.seq).collect()
}

fn said_by_citizen(seq: u64, length: usize) -> Entry {
    let (id, author) = (id(&format!("m{seq}")), Author::Citizen);
    Entry { seq, at: at(1), body: EntryBody::Message { id, author, text: "è".repeat(length) } }
}

fn refusal(result: &Result<Transition, Refusal>) -> Option<Code> {
    result.as_ref().err().map(|refusal| refusal.code)
}

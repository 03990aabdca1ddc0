// SPDX-License-Identifier: EUPL-1.2
//! The machine of a call, one question at a time. `domain/tests/call` plays four of them against the rules.

use infocig_protocol::{call::Says, time::Timestamp};

use super::*;

#[test]
fn an_act_is_repeated_until_the_log_answers_it_and_not_without_a_link() {
    let mut call = Call::new(Party::Advisor, seat("g1"), None);
    assert_eq!(sent(&call.offer(0)), [], "there is no link");
    let offer = CallAct::Offer { seat: seat("g1") };
    assert_eq!(sent(&call.on_welcome(0, 10)).as_slice(), std::slice::from_ref(&offer));
    assert_eq!(sent(&call.on_timeout(1_000)), []);
    assert_eq!(sent(&call.on_timeout(10 + REPEATS_EVERY_MS)), [offer]);
    call.on_entry(&entry(7, CallStep::Offered { by: Party::Advisor }), 4_000);
    assert_eq!(sent(&call.on_timeout(20_000)), []);
    assert_eq!(call.view(), &CallView::Asking);
}

#[test]
fn an_offer_that_is_refused_is_not_made_again_unless_it_came_too_fast() {
    let mut call = live(Party::Citizen);
    call.offer(0);
    call.on_refused(Code::TooFast, 1);
    assert_eq!(sent(&call.on_timeout(REPEATS_EVERY_MS)).len(), 1);
    let refused = call.on_refused(Code::CallsOff, 4_000);
    assert!(refused.contains(&CallCommand::Show(CallView::None)), "{refused:?}");
    assert_eq!(sent(&call.on_timeout(10_000)), []);

    call.offer(11_000);
    let body = EntryBody::Closed { by: Party::Advisor, outcome: None };
    call.on_entry(&Entry { seq: 9, at: Timestamp::from_millis(0), body }, 11_001);
    assert_eq!(sent(&call.on_timeout(20_000)), []);
    assert_eq!(call.view(), &CallView::None);
}

#[test]
fn an_offer_is_kept_over_what_was_said_before_its_link_and_dropped_over_what_comes_after() {
    let mut call = Call::new(Party::Citizen, seat("s1"), None);
    call.offer(0);
    call.on_welcome(5, 10);
    let assigned = |seq| {
        let body = EntryBody::Assigned { advisor: "Giulia".into() };
        Entry { seq, at: Timestamp::from_millis(0), body }
    };
    assert_eq!(call.on_entry(&assigned(5), 11), []);
    assert_eq!(call.view(), &CallView::Asking);
    call.on_entry(&assigned(6), 12);
    assert_eq!(call.view(), &CallView::None);
}

#[test]
fn who_asks_while_they_are_asked_says_yes() {
    let mut call = live(Party::Citizen);
    call.offer(0);
    let commands = call.on_entry(&entry(7, CallStep::Offered { by: Party::Advisor }), 5);
    assert_eq!(sent(&commands), [CallAct::Accept { call: 7, seat: seat("s1") }]);
}

#[test]
fn a_call_whose_end_is_in_no_entry_that_comes_is_over_when_the_seats_are_not_told_again() {
    let mut call = talking();
    call.on_link_lost();
    let welcomed = call.on_welcome(0, 100_000);
    assert!(!welcomed.contains(&CallCommand::Close), "media do not pass over the link");
    let over = call.on_timeout(100_000 + CONFIRMS_WITHIN_MS);
    assert!(
        over.contains(&CallCommand::Close) && over.contains(&CallCommand::Show(CallView::None)),
        "{over:?}"
    );

    let mut call = talking();
    call.on_welcome(0, 100_000);
    call.on_news(seats(7, Some("s1"), Some("g1")), 100_010);
    let goes_on = call.on_timeout(100_000 + CONFIRMS_WITHIN_MS);
    assert!(!goes_on.contains(&CallCommand::Close), "{goes_on:?}");
}

#[test]
fn a_call_of_which_only_the_seats_are_known_can_be_taken_over() {
    let mut call = live(Party::Citizen);
    call.on_news(seats(7, Some("other"), Some("g1")), 5);
    assert_eq!(call.view(), &CallView::Elsewhere);
    assert_eq!(sent(&call.take(seat("s2"), 6)), [CallAct::Take { call: 7, seat: seat("s2") }]);
    let opened = call.on_news(seats(7, Some("s2"), Some("g1")), 7);
    assert!(opened.contains(&CallCommand::Open));
}

#[test]
fn a_page_that_was_loaded_anew_goes_on_with_its_call_and_with_no_other() {
    for (remembered, takes) in [(7, true), (5, false)] {
        let mut call = Call::new(Party::Citizen, seat("s2"), Some(remembered));
        call.on_welcome(0, 0);
        let commands = call.on_news(seats(7, Some("s1"), Some("g1")), 5);
        let later = call.on_timeout(REPEATS_EVERY_MS);
        let sent = [sent(&commands), sent(&later)].concat();
        assert_eq!(sent.contains(&CallAct::Take { call: 7, seat: seat("s2") }), takes, "{sent:?}");
    }
    let mut again = Call::new(Party::Citizen, seat("s3"), Some(7));
    assert_eq!(again.joined(), Some(7), "loaded anew before it was back");
    again.on_welcome(0, 0);
    again.on_entry(&entry(7, CallStep::Declined {}), 1);
    assert_eq!(again.view(), &CallView::None);
}

#[test]
fn another_device_that_takes_the_seat_ends_the_media_of_this_one_at_once() {
    let mut call = talking();
    let taken = call.on_news(seats(7, Some("other"), Some("g1")), 9_000);
    assert_eq!(taken.first(), Some(&CallCommand::Close));
    assert_eq!((call.view(), call.joined()), (&CallView::Elsewhere, None));
}

#[test]
fn who_has_no_microphone_says_so_and_has_no_media() {
    let mut call = talking();
    let ended = call.has_no_microphone(9_000);
    assert!(ended.contains(&CallCommand::Close));
    let why = CallEnd::NoMicrophone;
    assert_eq!(sent(&ended), [CallAct::End { call: 7, why }]);
}

#[test]
fn two_who_do_not_find_each_other_in_time_end_the_call() {
    let mut call = asked_and_accepted();
    let ended = call.on_timeout(2 + CALL_CONNECTS_WITHIN_MS);
    assert_eq!(sent(&ended).last(), Some(&CallAct::End { call: 7, why: CallEnd::NoConnection }));
    assert!(ended.contains(&CallCommand::Close));
}

#[test]
fn a_call_that_goes_on_is_said_to_go_on_now_and_then() {
    let mut call = talking();
    call.on_entry(&entry(7, CallStep::Began {}), 5_000);
    let mut said = Vec::new();
    for second in 5..200 {
        said.extend(sent(&call.on_timeout(second * 1_000)).iter().map(|_| second));
    }
    assert!((2..=4).contains(&said.len()), "{said:?}");
}

#[test]
fn candidates_that_come_before_the_offer_are_added_after_it() {
    let mut call = asked_and_accepted();
    let candidate = |name: &str| Says::Candidate { candidate: name.into(), mid: None };
    assert_eq!(call.on_news(signal(candidate("early")), 3).len(), 1, "nothing but the time to wake");
    let taken = call.on_news(signal(Says::Offer { round: 1, sdp: "o".into() }), 4);
    let take = CallCommand::TakeOffer { round: 1, sdp: "o".into() };
    let add = |name: &str| CallCommand::AddCandidate { candidate: name.into(), mid: None };
    assert_eq!(taken[..2], [take, add("early")]);
    assert_eq!(call.on_news(signal(candidate("late")), 5)[0], add("late"));
}

#[test]
fn an_offer_that_comes_again_is_answered_again_and_an_old_one_is_not() {
    let mut call = asked_and_accepted();
    let offer = |round: u32| signal(Says::Offer { round, sdp: format!("o{round}") });
    call.on_news(offer(1), 3);
    assert_eq!(says(&call.on_news(offer(1), 4)), [], "the answer is being made");
    let answer = |round: u32| Says::Answer { round, sdp: format!("a{round}") };
    assert_eq!(says(&call.on_local_answer(1, "a1".into(), 5)), [answer(1)]);
    assert_eq!(says(&call.on_news(offer(1), 6)), [answer(1)]);
    call.on_news(offer(2), 7);
    call.on_local_answer(2, "a2".into(), 8);
    assert_eq!(says(&call.on_news(offer(1), 9)), []);
}

#[test]
fn the_person_gives_way_where_two_offers_cross_and_makes_theirs_again() {
    let mut call = asked_and_accepted();
    assert!(call.on_negotiation_needed(3).contains(&CallCommand::MakeOffer { round: 1, restart: false }));
    call.on_local_offer(1, "mine".into(), 4);
    let taken = call.on_news(signal(Says::Offer { round: 1, sdp: "theirs".into() }), 5);
    assert!(taken.contains(&CallCommand::TakeOffer { round: 1, sdp: "theirs".into() }));
    let answered = call.on_local_answer(1, "answer".into(), 6);
    assert!(answered.contains(&CallCommand::MakeOffer { round: 2, restart: false }), "{answered:?}");
    let late = signal(Says::Answer { round: 1, sdp: "late".into() });
    assert!(!call.on_news(late, 7).iter().any(|one| matches!(one, CallCommand::TakeAnswer { .. })));
}

#[test]
fn of_two_who_lose_each_other_the_advisors_device_restarts_and_the_persons_only_if_that_does_not() {
    let is_restart = |command: &CallCommand| matches!(command, CallCommand::MakeOffer { restart: true, .. });
    for (lost, noticed_after) in [(Connection::Interrupted, 3_000), (Connection::Failed, 0)] {
        let mut advisor = advisor_talking();
        let mut restarts = advisor.on_connection(lost, 10_000);
        restarts.extend(advisor.on_timeout(10_000 + noticed_after));
        assert_eq!(restarts.iter().filter(|one| is_restart(one)).count(), 1, "{lost:?}");

        let mut person = talking();
        let mut waits = person.on_connection(lost, 10_000);
        waits.extend(person.on_timeout(10_000 + noticed_after + 3_999));
        assert!(!waits.iter().any(is_restart), "{lost:?}");
        let mut restored = person.clone();
        assert!(person.on_timeout(10_000 + noticed_after + 4_000).iter().any(is_restart), "{lost:?}");
        restored.on_connection(Connection::Connected, 12_000);
        assert!(!restored.on_timeout(20_000).iter().any(is_restart), "{lost:?}");
    }
}

#[test]
fn between_the_yes_in_the_log_and_the_seats_the_call_is_connecting_here_and_not_elsewhere() {
    let mut call = live(Party::Citizen);
    call.on_entry(&entry(7, CallStep::Offered { by: Party::Advisor }), 1);
    call.on_news(seats(7, None, Some("g1")), 1);
    call.accept(2);
    call.on_entry(&entry(7, CallStep::Accepted {}), 3);
    assert_eq!(call.view(), &CallView::Connecting);
    call.on_news(seats(7, Some("s2"), Some("g1")), 4);
    assert_eq!(call.view(), &CallView::Elsewhere, "another device was faster");
}

/// The advisor's device, which talks.
fn advisor_talking() -> Call {
    let mut call = live(Party::Advisor);
    call.on_entry(&entry(7, CallStep::Offered { by: Party::Advisor }), 1);
    call.on_entry(&entry(7, CallStep::Accepted {}), 2);
    call.on_news(seats(7, Some("g1"), Some("s1")), 2);
    call.on_local_offer(1, "offer".into(), 2);
    let answer = Says::Answer { round: 1, sdp: "answer".into() };
    call.on_news(CallNews::Signal(Signal { call: 7, from: seat("g1"), to: seat("s1"), says: answer }), 2);
    call.on_connection(Connection::Connected, 3);
    assert_eq!(call.view(), &CallView::Talking);
    call
}

/// The person's device, live and in no call.
fn live(party: Party) -> Call {
    let mut call = Call::new(party, seat("s1"), None);
    call.on_welcome(0, 0);
    call
}

/// The person's device, which looks for the advisor's.
fn asked_and_accepted() -> Call {
    let mut call = live(Party::Citizen);
    call.on_entry(&entry(7, CallStep::Offered { by: Party::Advisor }), 1);
    call.accept(1);
    call.on_entry(&entry(7, CallStep::Accepted {}), 2);
    let opened = call.on_news(seats(7, Some("s1"), Some("g1")), 2);
    assert!(opened.contains(&CallCommand::Open), "{opened:?}");
    call
}

fn talking() -> Call {
    let mut call = asked_and_accepted();
    let begun = call.on_connection(Connection::Connected, 3);
    assert_eq!(sent(&begun), [CallAct::Began { call: 7 }]);
    assert_eq!(call.view(), &CallView::Talking);
    call
}

fn seats(call: u64, citizen: Option<&str>, advisor: Option<&str>) -> CallNews {
    CallNews::Seats(Seats { call, citizen: citizen.map(seat), advisor: advisor.map(seat) })
}

fn signal(says: Says) -> CallNews {
    CallNews::Signal(Signal { call: 7, from: seat("g1"), to: seat("s1"), says })
}

fn entry(call: u64, step: CallStep) -> Entry {
    Entry { seq: 8, at: Timestamp::from_millis(0), body: EntryBody::Call { call, step } }
}

fn sent(commands: &[CallCommand]) -> Vec<CallAct> {
    let act = |command: &CallCommand| {
        let CallCommand::Send(act) = command else { return None };
        Some(act.clone())
    };
    commands.iter().filter_map(act).collect()
}

fn says(commands: &[CallCommand]) -> Vec<Says> {
    let says = |act: CallAct| {
        let CallAct::Signal(signal) = act else { return None };
        Some(signal.says)
    };
    sent(commands).into_iter().filter_map(says).collect()
}

fn seat(name: &str) -> SeatId {
    SeatId::parse(name).unwrap()
}

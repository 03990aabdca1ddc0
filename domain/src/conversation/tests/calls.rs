// SPDX-License-Identifier: EUPL-1.2
//! Calls: who is a party, in which order the steps come, and what ends one.

use std::num::NonZeroU32;

use infocig_protocol::{
    call::{CallAct, CallEnd, CallNews, CallStep, Says, Seats, Signal},
    id::SeatId,
    limits::{CALL_CONNECTS_WITHIN_MS, CALL_HEARD_EVERY_MS, CALL_OFFER_LASTS_MS, CALL_SILENT_AFTER_MS},
};

use super::*;
use crate::policy::CallRules;

#[test]
fn a_call_is_offered_accepted_begun_and_ended_and_each_step_is_an_entry() {
    let mut talk = Talk::held();

    let offered = talk.acts(&giulia(), CallAct::Offer { seat: seat("g1") }, 10);
    assert_eq!(steps(&offered), [(3, CallStep::Offered { by: Party::Advisor })]);
    assert_eq!(told(&offered), Some((None, Some(seat("g1")))));
    assert_eq!(offered.notifications, [], "nobody talks yet");

    let accepted = talk.acts(&Speaker::Citizen, CallAct::Accept { call: 3, seat: seat("c1") }, 20);
    assert_eq!(steps(&accepted), [(3, CallStep::Accepted {})]);
    assert_eq!(told(&accepted), Some((Some(seat("c1")), Some(seat("g1")))));
    assert_eq!(at_desk(&accepted), [(3, CallStep::Accepted {}, 1)]);

    let began = talk.acts(&giulia(), CallAct::Began { call: 3 }, 1_000);
    assert_eq!(steps(&began), [(3, CallStep::Began {})]);
    let again = talk.acts(&Speaker::Citizen, CallAct::Began { call: 3 }, 1_100);
    assert_eq!(again, Transition::default(), "once");

    let ended = talk.acts(&Speaker::Citizen, CallAct::End { call: 3, why: CallEnd::HungUp }, 91_999);
    let step = CallStep::Ended { by: Party::Citizen, why: CallEnd::HungUp, seconds: 90 };
    assert_eq!(steps(&ended), [(3, step.clone())]);
    assert_eq!(at_desk(&ended), [(3, step, 1)]);
    assert_eq!(talk.0.current_call(), None);
}

#[test]
fn a_call_that_is_hung_up_as_soon_as_it_begins_was_one() {
    let mut talk = Talk::begun();
    let ended = talk.acts(&giulia(), CallAct::End { call: 3, why: CallEnd::HungUp }, 1_001);
    let step = CallStep::Ended { by: Party::Advisor, why: CallEnd::HungUp, seconds: 1 };
    assert_eq!(steps(&ended), [(3, step)]);
}

#[test]
fn a_call_can_be_declined_taken_back_and_left_unanswered() {
    let mut talk = Talk::held();
    talk.acts(&giulia(), CallAct::Offer { seat: seat("g1") }, 10);
    let own = talk.acts(&giulia(), CallAct::Decline { call: 3 }, 11);
    assert_eq!(own, Transition::default(), "one's own offer is taken back");
    let declined = talk.acts(&Speaker::Citizen, CallAct::Decline { call: 3 }, 12);
    assert_eq!(steps(&declined), [(3, CallStep::Declined {})]);

    talk.acts(&giulia(), CallAct::Offer { seat: seat("g1") }, 5_000);
    let back = talk.acts(&giulia(), CallAct::End { call: 5, why: CallEnd::HungUp }, 5_001);
    assert_eq!(steps(&back), [(5, ended(Party::Advisor, CallEnd::Withdrawn))]);

    talk.acts(&giulia(), CallAct::Offer { seat: seat("g1") }, 10_000);
    let due = 10_000 + CALL_OFFER_LASTS_MS;
    assert_eq!(talk.0.next_wake(), Some(at(due)));
    assert_eq!(steps(&talk.0.wake(at(due))), [(7, ended(Party::System, CallEnd::Unanswered))]);
    assert_eq!(talk.0.current_call(), None);
}

#[test]
fn a_call_is_for_the_person_and_the_advisor_who_holds_the_conversation() {
    let (mut waiting, _) = opened();
    let offer = || CallAct::Offer { seat: seat("x") };
    let mut limiter = rate_limiter();
    let early = waiting.call(&Speaker::Citizen, offer(), rules(), &mut limiter, at(1));
    assert_eq!(refusal(&early), Some(Code::NotAssigned), "nobody is there to talk to");

    let mut talk = Talk::held();
    talk.0.join(advisor("marco"), at(2));
    assert_eq!(talk.refused(&marco(), offer(), 3), Some(Code::NotAssigned), "who helps has no part in it");
    let ada = advisor("ada");
    talk.0.observe(ada.clone(), false, at(4));
    assert_eq!(talk.refused(&Speaker::Advisor(ada), offer(), 5), Some(Code::NotAssigned));

    let off = CallRules { on: false, ..rules() };
    let refused = talk.0.call(&giulia(), offer(), off, &mut rate_limiter(), at(6));
    assert_eq!(refusal(&refused), Some(Code::CallsOff));
    let not_asked = CallRules { citizen_may_ask: false, ..rules() };
    let refused = talk.0.call(&Speaker::Citizen, offer(), not_asked, &mut rate_limiter(), at(6));
    assert_eq!(refusal(&refused), Some(Code::CallsOff));
    let told = |speaker: &Speaker, rules| {
        let ServerFrame::Welcome { calls, .. } = talk.0.welcome(speaker, 2, 0, rules) else { return None };
        Some(calls)
    };
    for (rules, citizen, advisor) in [(rules(), true, true), (not_asked, false, true), (off, false, false)] {
        assert_eq!(told(&Speaker::Citizen, rules), Some(citizen));
        assert_eq!(told(&giulia(), rules), Some(advisor));
    }
    let asked = talk.acts(&Speaker::Citizen, offer(), 6);
    assert_eq!(steps(&asked), [(4, CallStep::Offered { by: Party::Citizen })]);
}

#[test]
fn a_second_offer_changes_nothing_and_offers_come_no_faster_than_messages() {
    let mut talk = Talk::held();
    let offer = || CallAct::Offer { seat: seat("g1") };
    talk.acts(&giulia(), offer(), 10);
    assert_eq!(talk.acts(&giulia(), offer(), 10), Transition::default());
    assert_eq!(talk.acts(&Speaker::Citizen, offer(), 10), Transition::default());

    let mut limiter = rate_limiter();
    let mut conversation = Talk::held().0;
    for number in [3, 5] {
        conversation.call(&giulia(), offer(), rules(), &mut limiter, at(11)).unwrap();
        let end = CallAct::End { call: number, why: CallEnd::HungUp };
        conversation.call(&giulia(), end, rules(), &mut limiter, at(11)).unwrap();
    }
    let refused = conversation.call(&giulia(), offer(), rules(), &mut limiter, at(12));
    assert_eq!(refusal(&refused), Some(Code::TooFast));
    conversation.last_seq = 8;
    let refused = conversation.call(&giulia(), offer(), rules(), &mut rate_limiter(), at(13));
    assert_eq!(refusal(&refused), Some(Code::ConversationFull));
}

#[test]
fn whoever_takes_a_seat_last_has_it_and_signals_pass_between_the_two_seats_alone() {
    let mut talk = Talk::begun();
    let passes = |talk: &Talk, from: &str, to: &str, speaker: &Speaker| {
        let says = Says::Offer { round: 1, sdp: "v=0".into() };
        talk.0.passes_signal(speaker, &Signal { call: 3, from: seat(from), to: seat(to), says })
    };
    assert_eq!(passes(&talk, "g1", "c1", &giulia()), Some(Party::Citizen));
    assert_eq!(passes(&talk, "c1", "g1", &Speaker::Citizen), Some(Party::Advisor));
    assert_eq!(passes(&talk, "g1", "c1", &Speaker::Citizen), None, "another's seat");
    assert_eq!(passes(&talk, "g1", "c1", &marco()), None);

    let taken = talk.acts(&Speaker::Citizen, CallAct::Take { call: 3, seat: seat("c2") }, 40);
    assert_eq!(told(&taken), Some((Some(seat("c2")), Some(seat("g1")))));
    assert_eq!((taken.appended.len(), taken.phase_changed), (0, true));
    assert_eq!(passes(&talk, "c1", "g1", &Speaker::Citizen), None, "this device is out");
    assert_eq!(passes(&talk, "g1", "c1", &giulia()), None, "and nothing reaches it");
    assert_eq!(passes(&talk, "g1", "c2", &giulia()), Some(Party::Citizen));
    let again = talk.acts(&Speaker::Citizen, CallAct::Take { call: 3, seat: seat("c2") }, 41);
    assert_eq!(again, Transition::default());

    let seats = Seats { call: 3, citizen: Some(seat("c2")), advisor: Some(seat("g1")) };
    let frame = Some(ServerFrame::Call(CallNews::Seats(seats)));
    assert_eq!(talk.0.seats_of_call(&giulia()), frame);
    assert_eq!(talk.0.seats_of_call(&marco()), None);
    assert!(
        talk.0.may_relay(&giulia(), 3) && !talk.0.may_relay(&marco(), 3) && !talk.0.may_relay(&giulia(), 4)
    );
}

#[test]
fn nothing_is_passed_on_or_relayed_before_both_want_to_talk() {
    let mut talk = Talk::held();
    talk.acts(&giulia(), CallAct::Offer { seat: seat("g1") }, 10);
    assert!(!talk.0.may_relay(&giulia(), 3) && !talk.0.may_relay(&Speaker::Citizen, 3));
    let early = talk.acts(&Speaker::Citizen, CallAct::Take { call: 3, seat: seat("c1") }, 11);
    assert_eq!(early, Transition::default(), "a seat without a yes");
    let moved = talk.acts(&giulia(), CallAct::Take { call: 3, seat: seat("g2") }, 12);
    assert_eq!(told(&moved), Some((None, Some(seat("g2")))), "who offers may have loaded the page anew");
}

#[test]
fn a_call_ends_with_the_conversation_and_when_it_leaves_the_advisors_hands() {
    type Ends = fn(&mut Conversation) -> Transition;
    let cases: [(Ends, CallEnd); 4] = [
        (|held| held.close(&Speaker::Citizen, at(50_000)).unwrap(), CallEnd::ConversationEnded),
        (|held| held.assign(advisor("marco"), at(50_000)), CallEnd::HandedOn),
        (|held| held.release(Release::Lost, at(50_000)), CallEnd::HandedOn),
        (|held| held.recover(at(40_000), at(50_000)), CallEnd::HandedOn),
    ];
    for (ends, why) in cases {
        let mut talk = Talk::begun();
        let transition = ends(&mut talk.0);
        let step = CallStep::Ended { by: Party::System, why, seconds: 49 };
        assert_eq!(steps(&transition), [(3, step.clone())], "before the entry that says why");
        assert_eq!(transition.appended.len(), 2);
        assert_eq!(at_desk(&transition)[0], (3, step, 1));
        assert_eq!(talk.0.current_call(), None);
        assert!(!talk.0.may_relay(&giulia(), 3));
    }
}

#[test]
fn devices_that_do_not_find_each_other_and_a_person_who_is_gone_end_a_call() {
    let mut talk = Talk::held();
    talk.acts(&giulia(), CallAct::Offer { seat: seat("g1") }, 10);
    talk.acts(&Speaker::Citizen, CallAct::Accept { call: 3, seat: seat("c1") }, 20);
    let due = 20 + 2 * CALL_CONNECTS_WITHIN_MS;
    assert_eq!(talk.0.next_wake(), Some(at(due)));
    assert_eq!(steps(&talk.0.wake(at(due))), [(3, ended(Party::System, CallEnd::NoConnection))]);

    let mut talk = Talk::begun();
    talk.0.citizen_connected(false, at(2_000));
    let due = 2_000 + 2 * CALL_CONNECTS_WITHIN_MS;
    let step = CallStep::Ended { by: Party::System, why: CallEnd::NoConnection, seconds: 91 };
    assert_eq!(steps(&talk.0.wake(at(due))), [(3, step)]);

    let mut talk = Talk::held();
    talk.acts(&giulia(), CallAct::Offer { seat: seat("g1") }, 10);
    let without = CallAct::End { call: 3, why: CallEnd::NoMicrophone };
    let transition = talk.acts(&Speaker::Citizen, without, 20);
    assert_eq!(steps(&transition), [(3, ended(Party::Citizen, CallEnd::NoMicrophone))]);
}

#[test]
fn a_call_of_which_nobody_hears_is_over() {
    let mut talk = Talk::begun();
    assert_eq!(talk.0.next_wake(), Some(at(1_000 + CALL_SILENT_AFTER_MS)));
    let soon = talk.acts(&giulia(), CallAct::Began { call: 3 }, 1_000 + CALL_HEARD_EVERY_MS / 2 - 1);
    assert_eq!(soon, Transition::default(), "not at every sign");
    let heard = talk.acts(&giulia(), CallAct::Began { call: 3 }, 1_000 + CALL_HEARD_EVERY_MS);
    assert_eq!((heard.appended.len(), heard.phase_changed), (0, true));
    let due = 1_000 + CALL_HEARD_EVERY_MS + CALL_SILENT_AFTER_MS;
    assert_eq!(talk.0.next_wake(), Some(at(due)));
    let step = CallStep::Ended { by: Party::System, why: CallEnd::NoConnection, seconds: 240 };
    assert_eq!(steps(&talk.0.wake(at(due))), [(3, step)]);
}

#[test]
fn nobody_is_warned_for_their_silence_while_they_talk() {
    let mut talk = Talk::held();
    talk.0.post(&giulia(), id("a1"), "Ci sentiamo a voce?", None, &mut rate_limiter(), at(5)).unwrap();
    talk.0.wake(at(105));
    talk.acts(&giulia(), CallAct::Offer { seat: seat("g1") }, 110);
    talk.acts(&Speaker::Citizen, CallAct::Accept { call: 5, seat: seat("c1") }, 120);
    talk.acts(&Speaker::Citizen, CallAct::Began { call: 5 }, 130);
    let silent = at(130 + CALL_SILENT_AFTER_MS);
    assert_eq!(talk.0.next_wake(), Some(silent), "the warning that stood is void, and none follows");
    talk.acts(&Speaker::Citizen, CallAct::End { call: 5, why: CallEnd::HungUp }, 60_000);
    assert_eq!(talk.0.next_wake(), Some(at(60_100)), "the time to answer counts anew");
}

#[test]
fn a_conversation_with_a_call_is_restored_as_it_was_stored() {
    let talk = Talk::begun();
    assert_eq!(Conversation::restore(talk.0.stored(), timeouts()).as_ref(), Ok(&talk.0));
}

struct Talk(Conversation);

impl Talk {
    /// Giulia answers, and nothing else happens by itself.
    fn held() -> Self {
        let (mut conversation, _) = opened();
        conversation.citizen_connected(true, at(0));
        conversation.assign(advisor("giulia"), at(1));
        conversation.closing = never();
        Self(conversation)
    }

    /// The two hear each other since the instant 1,000.
    fn begun() -> Self {
        let mut talk = Self::held();
        talk.acts(&giulia(), CallAct::Offer { seat: seat("g1") }, 10);
        talk.acts(&Speaker::Citizen, CallAct::Accept { call: 3, seat: seat("c1") }, 20);
        talk.acts(&giulia(), CallAct::Began { call: 3 }, 1_000);
        talk
    }

    fn acts(&mut self, speaker: &Speaker, act: CallAct, now: i64) -> Transition {
        self.0.call(speaker, act, rules(), &mut rate_limiter(), at(now)).unwrap()
    }

    fn refused(&mut self, speaker: &Speaker, act: CallAct, now: i64) -> Option<Code> {
        refusal(&self.0.call(speaker, act, rules(), &mut rate_limiter(), at(now)))
    }
}

fn rules() -> CallRules {
    CallRules { on: true, citizen_may_ask: true, relay_only: true, places: NonZeroU32::MIN.saturating_add(1) }
}

fn seat(name: &str) -> SeatId {
    SeatId::parse(name).unwrap()
}

fn ended(by: Party, why: CallEnd) -> CallStep {
    CallStep::Ended { by, why, seconds: 0 }
}

/// The steps in the log.
fn steps(transition: &Transition) -> Vec<(u64, CallStep)> {
    let step = |entry: &Entry| {
        let EntryBody::Call { call, step } = &entry.body else { return None };
        Some((*call, step.clone()))
    };
    transition.appended.iter().filter_map(step).collect()
}

/// The steps that the desk is notified of, with the places that the call takes up.
fn at_desk(transition: &Transition) -> Vec<(u64, CallStep, u32)> {
    let step = |one: &Notification| {
        let Notification::Desk(_, DeskNotification::Call { call, step, places, .. }) = one else {
            return None;
        };
        Some((*call, step.clone(), *places))
    };
    transition.notifications.iter().filter_map(step).collect()
}

/// The seats that both sides are told.
fn told(transition: &Transition) -> Option<(Option<SeatId>, Option<SeatId>)> {
    assert_eq!(transition.to_citizen, transition.to_holder);
    match transition.to_citizen.as_slice() {
        [ServerFrame::Call(CallNews::Seats(seats))] => Some((seats.citizen.clone(), seats.advisor.clone())),
        _ => None,
    }
}

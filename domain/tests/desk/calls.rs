// SPDX-License-Identifier: EUPL-1.2
//! The rules of calls at the desk: the places they take up, and what the register has of them.

use std::collections::BTreeMap;

use infocig_domain::notification::DeskNotification;
use infocig_protocol::{
    call::{CallEnd, CallStep},
    entry::Party,
    id::ConversationId,
};

use super::rules::{GIULIA, PETRA, ROMAN, Sample, at, id, id_of, registered};

#[test]
fn while_an_advisor_talks_with_a_person_they_answer_fewer_others() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    step(&mut desk, id(1), 4, CallStep::Accepted {}, 2);
    assert_eq!(load(&desk), 3, "of three places");
    desk.comes(2, ROMAN);
    assert_eq!(desk.offered_to(2), None, "no place is free");

    step(&mut desk, id(1), 3, ended(0, CallEnd::NoConnection), 2);
    assert_eq!(load(&desk), 3, "the end of an earlier call comes late");
    step(&mut desk, id(1), 4, ended(30, CallEnd::HungUp), 2);
    assert_eq!(desk.offered_to(2), Some(id_of(GIULIA)), "two places are free again, and one is offered");
    assert_eq!(load(&desk), 2);
}

#[test]
fn a_call_may_take_an_advisor_beyond_their_capacity_and_ends_nothing() {
    let mut desk = Sample::with(&[GIULIA]);
    for n in 1..=3 {
        desk.held(GIULIA, n);
    }
    desk.on_connect(PETRA);
    step(&mut desk, id(1), 4, CallStep::Accepted {}, 2);
    assert_eq!(load(&desk), 5);
    desk.comes(4, ROMAN);
    assert_eq!(desk.offered_to(4), Some(id_of(PETRA)));
    // The conversation goes back to the queue, and the places of its call with it; its end is told later.
    desk.on_last_disconnect(GIULIA);
    desk.at(100);
    step(&mut desk, id(1), 4, ended(5, CallEnd::HandedOn), 2);
    assert_eq!(load(&desk), 0);
}

#[test]
fn the_register_has_the_calls_of_a_conversation_and_why_they_came_to_nothing() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    step(&mut desk, id(1), 3, CallStep::Declined {}, 0);
    step(&mut desk, id(1), 5, CallStep::Accepted {}, 0);
    step(&mut desk, id(1), 5, ended(0, CallEnd::NoMicrophone), 0);
    step(&mut desk, id(1), 8, CallStep::Accepted {}, 0);
    step(&mut desk, id(1), 8, ended(125, CallEnd::ConversationEnded), 0);
    desk.ends(1, GIULIA, Party::Citizen);
    let calls = registered(&desk.at(60)).unwrap().calls;
    assert_eq!((calls.talked, calls.seconds, calls.declined, calls.broken), (1, 125, 1, 0));
    assert_eq!(calls.failed, BTreeMap::from([(CallEnd::NoMicrophone, 1)]));
}

fn step(desk: &mut Sample, conversation: ConversationId, call: u64, step: CallStep, places: u32) {
    desk.desk.apply(DeskNotification::Call { conversation, call, step, places, at: at(0) }, desk.now);
}

fn ended(seconds: u64, why: CallEnd) -> CallStep {
    CallStep::Ended { by: Party::Citizen, why, seconds }
}

fn load(desk: &Sample) -> u32 {
    desk.desk.load_of(&id_of(GIULIA))
}

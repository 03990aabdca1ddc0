// SPDX-License-Identifier: EUPL-1.2
//! What the desk tells, counted.

use std::sync::Arc;

use infocig_domain::{
    desk::{Desk, DeskTransition, StoredDesk},
    notification::{ConversationCommand, DeskNotification, Notification},
    people::{PriorityFacts, Role},
    policy::DeskQueues,
};
use infocig_protocol::{
    desk::{AssignmentState, DeskServerFrame},
    entry::Party,
    id::ConversationId,
    time::Timestamp,
};

use super::world::{advisor, person, profile, queue, shipped_policy};

#[test]
fn telling_people_their_place_costs_far_less_than_each_person_hearing_of_each_departure() {
    let told: Vec<(u32, u32)> =
        [125, 250, 500, 1_000].map(|people| (people, frames_of_a_drain(people))).to_vec();

    for (people, frames) in &told {
        let most = 6 * people * (people.ilog2() + 1);
        assert!(*frames <= most, "{frames} frames for {people} people");
    }
    // Eight times the people: quadratic would be sixty-four times the frames.
    let growth = f64::from(told[3].1) / f64::from(told[0].1);
    assert!(growth < 20.0, "{told:?}");
}

#[test]
fn one_leaving_the_far_end_is_told_to_nobody_else() {
    let mut desk = empty();
    for n in 1..=200 {
        desk.apply(waiting(n), at(0));
    }
    desk.wake(at(60));
    let last =
        DeskNotification::Closed { conversation: id(200), by: Party::Citizen, outcome: None, held_by: None };

    let told = places(&desk.apply(last, at(70))) + places(&desk.wake(at(90)));

    assert_eq!(told, 0);
}

#[test]
fn a_console_that_knows_a_hundred_waiting_is_sent_a_change_a_fiftieth_as_long() {
    let mut desk = empty();
    desk.on_connect(advisor(0), profile(0), Role::Advisor, at(0));
    for n in 1..=100 {
        desk.apply(waiting(n), at(0));
    }
    let me = advisor(0).id;
    let before = desk.picture(&me, at(1));
    desk.apply(waiting(101), at(1));
    let after = desk.picture(&me, at(1));
    let length = |frame: &DeskServerFrame| serde_json::to_string(frame).unwrap().len();

    let whole = length(&DeskServerFrame::Desk(after.clone()));
    let change = length(&DeskServerFrame::Changed(after.changes_since(&before).unwrap()));

    assert!(whole < 40_000, "{whole} bytes");
    assert!(change * 50 < whole, "{change} bytes of {whole}");
}

/// Everybody is there, one advisor answers them one after the other, each for a minute.
fn frames_of_a_drain(people: u32) -> u32 {
    let mut desk = empty();
    let mut frames = 0;
    for n in 1..=people {
        frames += places(&desk.apply(waiting(n), at(0)));
    }
    let me = advisor(0).id;
    frames += places(&desk.on_connect(advisor(0), profile(0), Role::Advisor, at(1)));
    let mut now = 1;
    while desk.conversations().next().is_some() {
        now += 10;
        frames += places(&desk.wake(at(now)));
        for mine in desk.picture(&me, at(now)).mine {
            match mine.state {
                AssignmentState::Offered { .. } => {
                    let step = desk.accept(&mine.conversation, &me, at(now));
                    frames += places(&step);
                    for notification in step.notifications {
                        let Notification::Conversation(notification) = notification else { continue };
                        if let ConversationCommand::Assigned { assignment_epoch, .. } = notification.command {
                            desk.confirm(&notification.conversation, assignment_epoch, at(now));
                        }
                    }
                }
                AssignmentState::Held { .. } if mine.since.as_millis() + 60_000 <= now * 1_000 => {
                    let closed = DeskNotification::Closed {
                        conversation: mine.conversation,
                        by: Party::Citizen,
                        outcome: None,
                        held_by: Some(me.clone()),
                    };
                    frames += places(&desk.apply(closed, at(now)));
                }
                AssignmentState::Held { .. }
                | AssignmentState::Invited { .. }
                | AssignmentState::Helping { .. }
                | AssignmentState::Observing { .. }
                | AssignmentState::WrapUp { .. } => {}
            }
        }
    }
    frames
}

fn places(step: &DeskTransition) -> u32 {
    let is_place = |notification: &&Notification| matches!(notification, Notification::Conversation(said) if matches!(said.command, ConversationCommand::Place(_)));
    u32::try_from(step.notifications.iter().filter(is_place).count()).unwrap()
}

fn empty() -> Desk {
    let policy = shipped_policy();
    let queues = Arc::new(DeskQueues::one(queue()));
    Desk::restore(queues, Arc::new(policy.desk), StoredDesk::default())
}

fn waiting(n: u32) -> DeskNotification {
    DeskNotification::Waiting {
        conversation: id(n),
        since: Timestamp::from_millis(i64::from(n)),
        person: Box::new(person(0)),
        closing: None,
        facts: PriorityFacts::default(),
        queue: None,
    }
}

fn id(n: u32) -> ConversationId {
    ConversationId::of(&"0d".repeat(32), n).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

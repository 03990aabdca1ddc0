// SPDX-License-Identifier: EUPL-1.2
//! The real desk and real conversations under generated days: people come, lose their connection and give up; advisors come,
//! pause, crash, accept, ignore, hold, hand on, take back and end; a supervisor reassigns, takes over, joins, reads and ends; letters
//! between the objects are late; memory is wiped. On some days the desk has one queue, on others three, with advisors of one, of
//! two and of all, who move from queue to queue.
//!
//! After every action: nobody is lost, nobody is in two hands, no advisor has more than they may, the order is fair, whoever
//! waits is seen by somebody it is for or said to be for nobody, no advisor sees another queue, the desk restored from its rows
//! is the desk, and the live figures of each queue are those of a report made by replaying every event.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod blocks;
mod calls;
mod cost;
mod hold;
mod priorities;
mod queues;
mod rules;
mod supervision;
mod world;

use infocig_protocol::desk::{AssignmentMode, Presence};
use proptest::prelude::*;

use self::world::{Action, EVERYBODY, To, World};

/// How many are generated: `INFOCIG_LONG=1` asks for the long form (`cargo xtask soak`).
fn cases() -> u32 {
    if std::env::var_os("INFOCIG_LONG").is_some_and(|value| value == "1") { 2_000 } else { 400 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn at_an_automatic_desk_no_conversation_is_lost_or_assigned_twice(
        several_queues in any::<bool>(),
        schedule in prop::collection::vec(action(), 1..60),
    ) {
        live(AssignmentMode::Automatic, several_queues, schedule);
    }

    #[test]
    fn where_advisors_take_no_conversation_is_lost_or_assigned_twice(
        several_queues in any::<bool>(),
        schedule in prop::collection::vec(action(), 1..60),
    ) {
        live(AssignmentMode::Pull, several_queues, schedule);
    }
}

fn live(assignment: AssignmentMode, several_queues: bool, schedule: Vec<Action>) {
    let mut world = World::new(assignment, several_queues);
    for action in schedule {
        world.act(&action);
        world.holds(&action);
    }
    world.heal();
}

fn action() -> impl Strategy<Value = Action> {
    let advisor = || 0_usize..EVERYBODY;
    let supervisor = || prop_oneof![6 => Just(4_usize), 1 => 0_usize..4];
    let one = || 0_usize..8;
    let presence = prop_oneof![
        2 => Just(Presence::Available),
        1 => Just(Presence::Busy),
        1 => Just(Presence::Paused),
        1 => Just(Presence::Leaving),
        1 => Just(Presence::Supervising),
    ];
    let to = || {
        prop_oneof![Just(To::Queue), (0_usize..3).prop_map(To::OtherQueue), advisor().prop_map(To::Advisor),]
    };
    prop_oneof![
        6 => one().prop_map(Action::Arrive),
        2 => one().prop_map(Action::GiveUp),
        1 => (one(), any::<bool>()).prop_map(|(who, connected)| Action::Connect(who, connected)),
        3 => one().prop_map(Action::Write),
        6 => (advisor(), one()).prop_map(|(who, which)| Action::Answer(who, which)),
        4 => advisor().prop_map(Action::Come),
        1 => (advisor(), 0_usize..5).prop_map(|(who, by)| Action::Move(who, by)),
        2 => advisor().prop_map(Action::Crash),
        2 => (advisor(), presence).prop_map(|(who, presence)| Action::Say(who, presence)),
        8 => (advisor(), one()).prop_map(|(who, which)| Action::Accept(who, which)),
        1 => (advisor(), one()).prop_map(|(who, which)| Action::Decline(who, which)),
        4 => (advisor(), one()).prop_map(|(who, which)| Action::Take(who, which)),
        2 => (advisor(), one(), to()).prop_map(|(who, which, to)| Action::Transfer(who, which, to)),
        1 => (advisor(), one()).prop_map(|(who, which)| Action::Retract(who, which)),
        2 => (advisor(), one()).prop_map(|(who, which)| Action::Hold(who, which)),
        1 => (advisor(), one()).prop_map(|(who, which)| Action::Resume(who, which)),
        1 => (advisor(), one(), advisor()).prop_map(|(who, which, other)| Action::Invite(who, which, other)),
        1 => (advisor(), one()).prop_map(|(who, which)| Action::Leave(who, which)),
        3 => (advisor(), one()).prop_map(|(who, which)| Action::Close(who, which)),
        1 => (supervisor(), one(), to()).prop_map(|(who, which, to)| Action::Reassign(who, which, to)),
        1 => (supervisor(), one()).prop_map(|(who, which)| Action::End(who, which)),
        1 => (supervisor(), one()).prop_map(|(who, which)| Action::Block(who, which)),
        2 => (supervisor(), one()).prop_map(|(who, which)| Action::TakeOver(who, which)),
        1 => (supervisor(), one()).prop_map(|(who, which)| Action::Join(who, which)),
        2 => (supervisor(), one()).prop_map(|(who, which)| Action::Observe(who, which)),
        4 => (1_i64..40).prop_map(Action::Wait),
        2 => (40_i64..700).prop_map(Action::Wait),
        1 => (20_000_i64..100_000).prop_map(Action::Wait),
        5 => (1_usize..6).prop_map(Action::Deliver),
        1 => Just(Action::Wipe),
    ]
}
